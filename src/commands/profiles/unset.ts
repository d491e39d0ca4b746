import { unsetInProfile } from "../../api/profiles.ts";
import { profileUpdateCommand } from "./shared/profile_update_command.ts";

export default profileUpdateCommand(unsetInProfile, {
  examples: [{ text: "Two properties", run: "mp profiles unset u-1 plan seats" }],
});
