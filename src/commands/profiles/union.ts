import { uniteInProfile } from "../../api/profiles.ts";
import { profileUpdateCommand } from "./shared/profile_update_command.ts";

export default profileUpdateCommand(uniteInProfile, {
  description: "Values that a list has already stay as they are, so that sending it twice is harmless.",
  examples: [{
    text: "Several values at once",
    run: `mp profiles union u-1 interests=tea 'interests:=["coffee", "milk"]'`,
  }],
});
