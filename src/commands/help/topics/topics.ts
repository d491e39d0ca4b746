import type { Topic } from "../../../cli/topic.ts";
import { topics } from "./index.ts";

export default {
  parts: [
    { title: "Topics", rows: topics.map(({ name, summary }) => [name, summary] as const) },
    "'mp help <topic>' shows one.",
  ],
} satisfies Topic;
