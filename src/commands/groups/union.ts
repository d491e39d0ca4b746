import { uniteInGroup } from "../../api/groups.ts";
import { profileUpdateCommand } from "../profiles/shared/profile_update_command.ts";

export default profileUpdateCommand(uniteInGroup, {
  description: "Values that a list has already stay as they are, so that sending it twice is harmless.",
  examples: [{ text: "Several values at once", run: `mp groups union company Acme 'features:=["sso", "audit"]'` }],
});
