import { appendToProfile } from "../../api/profiles.ts";
import { profileUpdateCommand } from "./shared/profile_update_command.ts";

export default profileUpdateCommand(appendToProfile, {
  description:
    "A property that is not there yet becomes a list. Sending it twice appends twice; 'mp profiles union' does not.",
  examples: [{ text: "Two values to one list", run: "mp profiles append u-1 visited=Rome visited=Oslo" }],
});
