import { globalFlagRows } from "../../../cli/help.ts";
import type { Topic } from "../../../cli/topic.ts";

export default {
  parts: [
    "They may stand anywhere on the line, before or after the command.",
    "For feature flags, see 'mp flags -h'.",
    { title: "Global flags", rows: globalFlagRows() },
  ],
  seeAlso: ["mp help formats", "mp help environment", "mp help exit-codes"],
} satisfies Topic;
