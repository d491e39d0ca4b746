import { GROUPS } from "../../api/profile_updates.ts";
import { unsetInGroup } from "../../api/groups.ts";
import { profileUpdateCommand } from "../profiles/shared/profile_update_command.ts";

export default profileUpdateCommand({
  kind: GROUPS,
  change: "$unset",
  operation: unsetInGroup,
  examples: [
    { text: "A property", run: "mp groups unset company Acme source" },
  ],
  done: "Deleted",
});
