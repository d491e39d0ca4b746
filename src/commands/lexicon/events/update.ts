import { z } from "zod";
import { eventFields, updateEventDefinition, updateEventDefinitions } from "../../../api/data_definitions.ts";
import type { Operation } from "../../../api/operation.ts";
import { command } from "../../../cli/command.ts";
import { WHOLE_BODY } from "../../../cli/whole_body.ts";
import { type DefinitionKind, fileInput, updateDefinitions } from "../shared/update_definitions.ts";

const KIND: DefinitionKind = {
  singular: "event",
  plural: "events",
  one: updateEventDefinition as unknown as Operation,
  many: updateEventDefinitions as unknown as Operation,
  list: "events",
  fields: eventFields,
};

const { merged: _, ...flags } = eventFields;

export default command({
  summary: "describe events: hide, drop, verify, tag them",
  description:
    `What is not named stays as it is. Several events get the same; a file gives each its own: CSV with the columns
name, description, display_name, hidden, dropped, verified, tags, contacts and team_contacts, or JSON with the names
that 'mp lexicon events list' prints. Hidden events leave menus; dropped ones are thrown away as they come in.`,
  args: ["names"],
  examples: [
    {
      text: "Describe and tag one",
      run: "mp lexicon events update Purchase --description 'Paid' --tag core --verified",
    },
    { text: "Hide several", run: "mp lexicon events update 'Old Checkout' 'Test Event' --hidden" },
    {
      text: "Many from a pipe",
      run: "printf 'name,description\\nPurchase,Paid\\nSign Up,New account\\n' | mp lexicon events update --file -",
    },
  ],
  operations: [updateEventDefinition, updateEventDefinitions],
  input: z.object({
    names: z.array(z.string()).optional().meta({
      placeholder: "EVENT",
      description: "Names of events",
      completes: "events",
    }),
    ...flags,
    file: fileInput,
    ...WHOLE_BODY,
  }),
  run: (context, { names = [], file, data, ...changes }) =>
    updateDefinitions(context, KIND, { names, file, data, changes }),
});
