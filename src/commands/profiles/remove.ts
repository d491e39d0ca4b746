import { removeFromProfile } from "../../api/profiles.ts";
import { profileUpdateCommand } from "./shared/profile_update_command.ts";

export default profileUpdateCommand(removeFromProfile, {
  description: "A list that does not have the value stays as it is.",
  examples: [{ text: "A value from a list", run: "mp profiles remove u-1 interests=tea" }],
});
