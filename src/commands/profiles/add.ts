import { addToProfile } from "../../api/profiles.ts";
import { profileUpdateCommand } from "./shared/profile_update_command.ts";

export default profileUpdateCommand(addToProfile, {
  description: "A property that is not there yet counts as zero. Sending it twice adds twice.",
  examples: [{ text: "One more login, and ten credits fewer", run: "mp profiles add u-1 logins=1 credits=-10" }],
});
