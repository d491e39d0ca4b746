import { setProfileOnce } from "../../api/profiles.ts";
import { profileUpdateCommand } from "./shared/profile_update_command.ts";

export default profileUpdateCommand(setProfileOnce, {
  description: "Properties that the profile has already keep their values.",
  examples: [
    {
      text: "Remember the first campaign, whatever comes later",
      run: "mp profiles set-once u-1 first_campaign=spring",
    },
  ],
});
