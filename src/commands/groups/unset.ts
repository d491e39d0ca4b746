import { unsetInGroup } from "../../api/groups.ts";
import { profileUpdateCommand } from "../profiles/shared/profile_update_command.ts";

export default profileUpdateCommand(unsetInGroup, {
  examples: [{ text: "A property", run: "mp groups unset company Acme source" }],
});
