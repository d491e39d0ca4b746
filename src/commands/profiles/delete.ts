import { deleteProfile } from "../../api/profiles.ts";
import { profileDeletionCommand } from "./shared/profile_deletion_command.ts";

export default profileDeletionCommand(deleteProfile, {
  description:
    "Events of the users stay. An alias stands for the user whom it names, unless --ignore-alias says that the profile of this very id is meant. 'mp gdpr delete' deletes the events too.",
  examples: [{ text: "One profile, without a question", run: "mp profiles delete u-1 --yes" }],
});
