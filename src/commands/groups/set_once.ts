import { setGroupOnce } from "../../api/groups.ts";
import { profileUpdateCommand } from "../profiles/shared/profile_update_command.ts";

export default profileUpdateCommand(setGroupOnce, {
  description: "Properties that the profile has already keep their values.",
  examples: [{ text: "Where a customer came from", run: "mp groups set-once company Acme source=fair" }],
});
