import { z } from "zod";
import { listEventDefinitions } from "../../../api/data_definitions.ts";
import { text } from "../../../api/params.ts";
import { getDefinition } from "../shared/get_definition.ts";
import { presentEvents } from "../shared/present_definitions.ts";
import { command } from "../../../cli/command.ts";

export default command({
  summary: "show how the Lexicon describes an event",
  args: ["name"],
  examples: [{ text: "One event", run: "mp lexicon events get Purchase" }],
  operations: [listEventDefinitions],
  input: z.object({ name: text("Event's name", { placeholder: "EVENT", completes: "events" }) }),
  run: (context, { name }) =>
    getDefinition(context, listEventDefinitions, { names: [name] }, {
      what: `event ${JSON.stringify(name)}`,
      list: "mp lexicon events list",
      present: presentEvents,
    }),
});
