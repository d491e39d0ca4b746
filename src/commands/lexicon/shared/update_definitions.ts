/** Commands that change definitions: one, several of the same kind alike, or those of a file. */
import { z } from "zod";
import { call, type CallResult } from "../../../api/call.ts";
import { MOST_DEFINITIONS } from "../../../api/data_definitions.ts";
import type { Operation } from "../../../api/operation.ts";
import { checkAgainst } from "../../../api/request.ts";
import { confirmInProject } from "../../../cli/confirm_in_project.ts";
import type { Context } from "../../../cli/context.ts";
import { asksForResult } from "../../../cli/format_choice.ts";
import { someIds } from "../../../cli/some_ids.ts";
import { inputError } from "../../../errors.ts";
import { formatCount } from "../../../output/format.ts";
import { definedFields } from "../../../streams/json/defined_fields.ts";
import { isObject } from "../../../streams/json/is_object.ts";
import { type Definition, type FieldKinds, readDefinitionFile } from "./definition_file.ts";
import { readContent } from "./read_entries.ts";

/** What tells the kinds of definitions apart. */
export interface DefinitionKind {
  singular: string;
  plural: string;
  /** Changes one, whose fields are the body. */
  one: Operation;
  /** Changes a list of them. */
  many: Operation;
  /** The list's name in the body. */
  list: string;
  /** What can be written, as the server names it. */
  fields: Readonly<Record<string, z.ZodType>>;
}

/** What was typed. */
export interface DefinitionInput {
  names: readonly string[];
  file?: string;
  data?: unknown;
  /** Fields of flags, as the server names them: the same for all. */
  changes: Definition;
  /** What a definition has besides, where it does not say it itself: what its property is of. */
  selector?: Definition;
}

export const fileInput = z.string().min(1).optional().meta({
  placeholder: "FILE",
  description: "Definitions from a file: CSV, JSON or JSON Lines; - is standard input",
});

/**
 * Changes definitions, {@linkcode MOST_DEFINITIONS} in a request. Flags override a file and --data.
 *
 * @throws MpError (input) before anything is sent, for a field that there is not and for a change of nothing.
 */
export async function updateDefinitions(context: Context, kind: DefinitionKind, input: DefinitionInput): Promise<void> {
  const definitions = await definitionsOf(context, kind, input);
  const dropped = definitions.filter((one) => one.dropped === true).map(({ name }) => String(name));
  if (dropped.length > 0) {
    await confirmInProject(
      context,
      `Throw away ${kind.plural} as they come in: ${someIds(dropped)}? What is not stored cannot be restored.`,
    );
  }
  const client = await context.client();
  const [first] = definitions;
  const answers: CallResult<unknown>[] = [];
  if (definitions.length === 1 && first !== undefined && !("id" in first)) {
    answers.push(await call(client, kind.one, first));
  } else {
    for (let start = 0; start < definitions.length; start += MOST_DEFINITIONS) {
      const batch = definitions.slice(start, start + MOST_DEFINITIONS);
      answers.push(await call(client, kind.many, { [kind.list]: batch }, { signal: context.signal }));
      if (definitions.length > MOST_DEFINITIONS) {
        await context.note(`Changed ${start + batch.length} of ${definitions.length}`);
      }
    }
  }
  await context.note(`Changed ${formatCount(definitions.length, kind.singular, kind.plural)}`);
  if (!asksForResult(context)) return;
  const [only] = answers;
  if (answers.length === 1 && only !== undefined) return await context.print(only);
  await context.print({
    text: `[${answers.map(({ text }) => text).join(",")}]`,
    data: answers.map(({ data }) => data),
  });
}

async function definitionsOf(
  context: Context,
  kind: DefinitionKind,
  { names, file, data, changes, selector = {} }: DefinitionInput,
): Promise<Definition[]> {
  const given = definedFields(changes);
  const read = [
    ...file === undefined
      ? []
      : readDefinitionFile(await readContent(context, file), file, kindsOf(kind, Object.keys(selector))),
    ...data === undefined ? [] : listOf(data, kind),
  ];
  const definitions = [...read, ...names.map((name): Definition => ({ name }))]
    .map((one) => ({ ...selector, ...one, ...given }));
  const flags = `--${Object.keys(kind.fields).includes("tags") ? "tag TAG" : "description TEXT"} or --hidden`;
  if (definitions.length === 0) {
    throw inputError(
      `Cannot update ${kind.plural}: none is named`,
      "name them, or add --file FILE",
      "missing_argument",
    );
  }
  const idle = definitions.find((one) => !Object.keys(kind.fields).some((field) => field in one));
  if (idle !== undefined) {
    throw inputError(
      `Cannot update ${kind.singular} ${JSON.stringify(idle.name)}: nothing to change is given`,
      `add ${flags}`,
      "missing_argument",
    );
  }
  checkAgainst(kind.many.params, { [kind.list]: definitions }, `update ${kind.plural}`);
  return definitions;
}

/** One definition, a list of them, or the body of a request with such a list. */
function listOf(data: unknown, { list, plural }: DefinitionKind): Definition[] {
  const inner = isObject(data) && Array.isArray(data[list]) ? data[list] : data;
  const all = Array.isArray(inner) ? inner : [inner];
  if (all.every(isObject)) return all as Definition[];
  throw inputError(
    `Cannot use --data: it has no ${plural}`,
    "give an object with a name, or a list of them",
    "bad_data",
  );
}

/** `merged` is left to --data: which definition it is merged into, a file cannot say. */
function kindsOf({ fields: { merged: _, ...fields } }: DefinitionKind, selectors: readonly string[]): FieldKinds {
  const ofType = (type: string) =>
    Object.entries(fields).filter(([, schema]) => typeOf(schema) === type).map(([name]) => name);
  return { names: ["name", ...selectors, ...Object.keys(fields)], lists: ofType("array"), truths: ofType("boolean") };
}

/** All fields are optional. */
function typeOf(schema: z.ZodType): string {
  return (schema.def as unknown as { innerType: z.ZodType }).innerType.def.type;
}
