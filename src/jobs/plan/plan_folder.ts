/** A plan as a folder of files, one for each definition, in a folder for each kind. */
import { inputError } from "../../errors.ts";
import type { Storage } from "../../storage/storage.ts";
import { type DefinitionFields, type PlanDefinition, planPath } from "./definition.ts";
import { definitionFileName, definitionText, type FileForm, readDefinition } from "./definition_file.ts";

/** A definition with the file that it is in, relative to the folder. */
export interface PlacedDefinition {
  definition: PlanDefinition;
  path: string;
}

export interface WrittenPlan {
  /** Files that are new or changed, and those of definitions that are not there any more. */
  written: number;
  removed: string[];
}

/**
 * The definitions in a folder, in the order of the forms and of their files. What is not TOML is skipped.
 *
 * @throws MpError (input) when a file cannot be read, two files define the same thing, or there is no folder of a plan
 */
export async function readPlan(storage: Storage, forms: readonly FileForm[]): Promise<PlacedDefinition[]> {
  const found: PlacedDefinition[] = [];
  const places = new Map<string, string>();
  for (const form of forms) {
    for (const path of await filesOf(storage, form.kind)) {
      const address = storage.addressOf(path);
      const definition = readDefinition(await storage.readText(path) ?? "", address, form);
      const name = planPath(definition);
      const other = places.get(name);
      if (other !== undefined) {
        throw inputError(
          `Cannot read the plan: ${other} and ${address} both define ${name}`,
          "give one of them another name, or number = 2",
          "bad_plan",
        );
      }
      places.set(name, address);
      found.push({ definition, path });
    }
  }
  if (found.length === 0) {
    throw inputError(
      `Cannot read a plan in ${storage.address}: it has no definitions`,
      `write one with: mp plan export ${storage.address}`,
      "no_plan",
    );
  }
  return found;
}

/**
 * Writes definitions. A file that defines something already keeps its name; one of something that is not there any more is
 * removed.
 *
 * @param kinds the kinds that are written: files of other kinds stay
 */
export async function writePlan(
  storage: Storage,
  definitions: readonly PlanDefinition[],
  forms: readonly FileForm[],
): Promise<WrittenPlan> {
  const result: WrittenPlan = { written: 0, removed: [] };
  for (const form of forms) {
    const before = new Map<string, { path: string; text: string; local: DefinitionFields }>();
    for (const path of await filesOf(storage, form.kind)) {
      const text = await storage.readText(path) ?? "";
      const definition = readDefinition(text, storage.addressOf(path), form);
      before.set(planPath(definition), { path, text, local: localFieldsOf(definition, form) });
    }
    // There are file systems that do not tell small letters from capitals.
    const taken = new Set([...before.values()].map(({ path }) => path.toLowerCase()));
    for (const definition of definitions.filter(({ kind }) => kind === form.kind)) {
      const name = planPath(definition);
      const there = before.get(name);
      before.delete(name);
      const fields = { ...definition.fields, ...there?.local };
      const text = definitionText({ ...definition, fields }, form);
      const path = there?.path ??
        `${form.kind}/${definitionFileName(definition.name, (file) => taken.has(`${form.kind}/${file}`))}`;
      taken.add(path.toLowerCase());
      if (there?.text === text) continue;
      await storage.writeText(path, text);
      result.written++;
    }
    for (const { path } of before.values()) {
      await storage.remove(path);
      result.removed.push(path);
    }
  }
  return result;
}

/** The definition without what is only for the folder. */
export function withoutLocalFields(definition: PlanDefinition, { localFields = [] }: FileForm): PlanDefinition {
  const fields = Object.entries(definition.fields).filter(([key]) => !localFields.includes(key));
  return { ...definition, fields: Object.fromEntries(fields) };
}

function localFieldsOf({ fields }: PlanDefinition, { localFields = [] }: FileForm): DefinitionFields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => localFields.includes(key)));
}

async function filesOf(storage: Storage, kind: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path } of storage.list(`${kind}/`)) {
    if (/^[^/]+\/[^/]+\.toml$/.test(path)) paths.push(path);
  }
  return paths.sort();
}
