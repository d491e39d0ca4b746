import { updateProfiles } from "../../api/profiles.ts";
import { profileBatchCommand } from "./shared/profile_batch_command.ts";

export default profileBatchCommand(updateProfiles, {
  description:
    'One update a line: {"$distinct_id": "u-1", "$set": {"plan": "pro"}}. Each makes one change: $set, $set_once, $add, $append, $union, $remove, $unset or $delete. They are carried out in their order, 2000 in a request. The project\'s token is added to those that have none. Mixpanel doesn\'t say which updates of a request it refuses, so that each is checked before it is sent. Exit code 8 says that some were rejected, 3 that all were.',
  examples: [
    { text: "A file of updates", run: "mp profiles batch updates.jsonl" },
    { text: "Updates as JSON", run: `mp profiles batch --data '[{"$distinct_id": "u-1", "$unset": ["plan"]}]'` },
  ],
});
