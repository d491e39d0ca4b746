import { setGroup } from "../../api/groups.ts";
import { profileUpdateCommand } from "../profiles/shared/profile_update_command.ts";

export default profileUpdateCommand(setGroup, {
  description:
    "The group key is the property of events that names the group, such as company. Properties that are not named keep their values.",
  examples: [{ text: "Facts about a company", run: "mp groups set company Acme plan=pro seats:=25" }],
});
