import { updateGroups } from "../../api/groups.ts";
import { profileBatchCommand } from "../profiles/shared/profile_batch_command.ts";

export default profileBatchCommand(updateGroups, {
  description:
    'One update a line: {"$group_key": "company", "$group_id": "Acme", "$set": {"plan": "pro"}}. Each makes one change: $set, $set_once, $union, $remove, $unset or $delete. They are carried out in their order, 2000 in a request. The project\'s token is added to those that have none. Mixpanel doesn\'t say which updates of a request it refuses, so that each is checked before it is sent. Exit code 8 says that some were rejected, 3 that all were.',
  examples: [
    { text: "A file of updates", run: "mp groups batch group-updates.jsonl" },
    {
      text: "Updates as JSON",
      run: `mp groups batch --data '[{"$group_key": "company", "$group_id": "Acme", "$unset": ["plan"]}]'`,
    },
  ],
});
