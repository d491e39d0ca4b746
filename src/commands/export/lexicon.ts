/** `mp export lexicon`: the data dictionary as records. */
import { z } from "zod";
import { listSchemas } from "../../api/lexicon.ts";
import { command } from "../../cli/command.ts";
import { readLexicon } from "../../jobs/project_lists.ts";
import { exportList } from "./shared/list_export.ts";
import { outputFlags } from "./shared/record_output.ts";

export default command({
  output: "own",
  summary: "the data dictionary, an entry a line",
  description:
    "What Mixpanel knows of events and profiles: descriptions, tags, properties. 'mp lexicon upload' takes " +
    "the JSON list.",
  examples: [
    { text: "An entry a line", run: "mp export lexicon" },
    { text: "A list that can be uploaded", run: "mp export lexicon -o lexicon.json" },
  ],
  operations: [listSchemas],
  input: z.object(outputFlags),
  run: (context, flags) => exportList(context, flags, { read: readLexicon, noun: "entry", plural: "entries" }),
});
