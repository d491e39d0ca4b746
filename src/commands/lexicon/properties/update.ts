import { z } from "zod";
import {
  definedOn,
  propertyFields,
  resourceOf,
  updatePropertyDefinition,
  updatePropertyDefinitions,
} from "../../../api/data_definitions.ts";
import type { Operation } from "../../../api/operation.ts";
import { command } from "../../../cli/command.ts";
import { WHOLE_BODY } from "../../../cli/whole_body.ts";
import { type DefinitionKind, fileInput, updateDefinitions } from "../shared/update_definitions.ts";

const KIND: DefinitionKind = {
  singular: "property",
  plural: "properties",
  one: updatePropertyDefinition as unknown as Operation,
  many: updatePropertyDefinitions as unknown as Operation,
  list: "properties",
  fields: propertyFields,
};

const { merged: _, ...flags } = propertyFields;

export default command({
  summary: "describe properties: hide, drop them, mark them as sensitive",
  description:
    `What is not named stays as it is. Several properties get the same; a file gives each its own: CSV with the columns
name, description, display_name, hidden, dropped and sensitive, or JSON.`,
  args: ["names"],
  examples: [
    { text: "Describe one", run: "mp lexicon properties update amount --description 'In US dollars'" },
    { text: "A property of user profiles", run: "mp lexicon properties update plan --of user --display-name Plan" },
  ],
  operations: [updatePropertyDefinition, updatePropertyDefinitions],
  input: z.object({
    names: z.array(z.string()).optional().meta({
      placeholder: "PROPERTY",
      description: "Names of properties",
      completes: "properties",
    }),
    of: definedOn,
    ...flags,
    file: fileInput,
    ...WHOLE_BODY,
  }),
  run: (context, { names = [], of, file, data, ...changes }) =>
    updateDefinitions(context, KIND, { names, file, data, changes, selector: { resourceType: resourceOf(of) } }),
});
