/**
 * What the Lexicon says of properties beside the schemas of events and profiles: of those that no schema has, all, and of
 * the others what no schema can say.
 */
import { call } from "../../../api/call.ts";
import {
  definedOn,
  listPropertyDefinitions,
  MOST_DEFINITIONS,
  resourceOf,
  updatePropertyDefinitions,
} from "../../../api/data_definitions.ts";
import { isObject } from "../../../streams/json/is_object.ts";
import type { DefinitionFields } from "../definition.ts";
import { rowsOf, setFields } from "../definition_fields.ts";
import type { PlanKind, PlanProject, WantedThing } from "../plan_kind.ts";
import { schemasOf } from "./schemas.ts";

const IN_SCHEMAS = ["displayName", "description", "hidden", "dropped"];
const FIELDS = [...IN_SCHEMAS, "sensitive"];
const USUAL = { hidden: false, dropped: false, sensitive: false };
const EMPTY = { displayName: "", description: "", ...USUAL };

type Owner = ReturnType<typeof definedOn.parse>;

export const eventPropertyKind = propertyKind("properties", "event");
export const profilePropertyKind = propertyKind("profile-properties", "user");

function propertyKind(kind: string, of: Owner): PlanKind {
  const entryOf = ({ name, fields }: WantedThing) => ({ name, resourceType: resourceOf(of), ...EMPTY, ...fields });
  const write = async ({ client }: PlanProject, wanted: readonly WantedThing[]) => {
    for (let at = 0; at < wanted.length; at += MOST_DEFINITIONS) {
      const properties = wanted.slice(at, at + MOST_DEFINITIONS).map(entryOf);
      await call(client, updatePropertyDefinitions, { properties });
    }
  };
  return {
    kind,
    fields: FIELDS,
    jsonFields: [],
    usual: USUAL,
    sent: { params: updatePropertyDefinitions.params, body: (wanted) => ({ properties: [entryOf(wanted)] }) },
    async read(project) {
      const answer = await call(project.client, listPropertyDefinitions, { of });
      answer.result();
      const inSchemas = await propertiesOfSchemas(project, of);
      return rowsOf(answer.data).map((row) => ({
        id: String(row.name),
        name: String(row.name),
        fields: setFields(row, inSchemas.has(String(row.name)) ? ["sensitive"] : FIELDS, USUAL),
      })).filter(({ fields }) => Object.keys(fields).length > 0);
    },
    async create(project, wanted) {
      await write(project, [wanted]);
      return wanted.name;
    },
    update: (project, wanted) => write(project, [wanted]),
    writeMany: write,
    // What was sent cannot be undefined: it loses what was said of it.
    remove: (project, _id, name) => write(project, [{ name, fields: {} }]),
  };
}

async function propertiesOfSchemas(project: PlanProject, of: Owner): Promise<Set<string>> {
  const schemas = await schemasOf(project, of === "event" ? "event" : "profile");
  return new Set(schemas.flatMap(({ schemaJson }) => {
    const { properties } = (isObject(schemaJson) ? schemaJson : {}) as DefinitionFields;
    return isObject(properties) ? Object.keys(properties) : [];
  }));
}
