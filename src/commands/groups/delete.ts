import { deleteGroup } from "../../api/groups.ts";
import { profileDeletionCommand } from "../profiles/shared/profile_deletion_command.ts";

export default profileDeletionCommand(deleteGroup, {
  description: "Events that name the groups stay.",
  examples: [{ text: "One profile, without a question", run: "mp groups delete company Acme --yes" }],
});
