import { setProfile } from "../../api/profiles.ts";
import { profileUpdateCommand } from "./shared/profile_update_command.ts";

export default profileUpdateCommand(setProfile, {
  description:
    "NAME=TEXT sets text, NAME:=JSON numbers, booleans and lists. Properties that are not named keep their values. The project's token says where the profile is (MP_TOKEN).",
  examples: [
    { text: "Two properties", run: "mp profiles set u-1 plan=pro seats:=3" },
    { text: "From JSON", run: `mp profiles set u-1 --properties '{"$email": "ada@example.com"}'` },
  ],
});
