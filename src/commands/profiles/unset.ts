import { USERS } from "../../api/profile_updates.ts";
import { unsetInProfile } from "../../api/profiles.ts";
import { profileUpdateCommand } from "./shared/profile_update_command.ts";

export default profileUpdateCommand({
  kind: USERS,
  change: "$unset",
  operation: unsetInProfile,
  examples: [
    { text: "Two properties", run: "mp profiles unset u-1 plan seats" },
  ],
  done: "Deleted",
});
