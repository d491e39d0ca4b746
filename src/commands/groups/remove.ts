import { removeFromGroup } from "../../api/groups.ts";
import { profileUpdateCommand } from "../profiles/shared/profile_update_command.ts";

export default profileUpdateCommand(removeFromGroup, {
  description: "A list that does not have the value stays as it is.",
  examples: [{ text: "A value from a list", run: "mp groups remove company Acme features=sso" }],
});
