import { GROUPS } from "../../api/profile_updates.ts";
import { setGroup } from "../../api/groups.ts";
import { profileUpdateCommand } from "../profiles/shared/profile_update_command.ts";

export default profileUpdateCommand({
  kind: GROUPS,
  change: "$set",
  operation: setGroup,
  description:
    "The group key is the property of events that names the group, such as company. Properties that are not named keep their values.",
  examples: [
    { text: "Facts about a company", run: "mp groups set company Acme plan=pro seats:=25" },
  ],
  done: "Set",
});
