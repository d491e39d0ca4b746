import { z } from "zod";
import { listPropertyDefinitions } from "../../../api/data_definitions.ts";
import { text } from "../../../api/params.ts";
import { command } from "../../../cli/command.ts";
import { getDefinition } from "../shared/get_definition.ts";
import { presentProperties } from "../shared/present_definitions.ts";

export default command({
  summary: "show how the Lexicon describes a property",
  args: ["name"],
  examples: [{ text: "One property of events", run: "mp lexicon properties get amount" }],
  operations: [listPropertyDefinitions],
  input: z.object({
    name: text("Property's name", { placeholder: "PROPERTY", completes: "properties" }),
    of: listPropertyDefinitions.params.shape.of,
  }),
  run: (context, { name, of }) =>
    getDefinition(context, listPropertyDefinitions, { names: [name], of }, {
      what: `property ${JSON.stringify(name)}`,
      list: "mp lexicon properties list",
      present: presentProperties,
    }),
});
