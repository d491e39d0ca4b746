/**
 * How `/engage` and `/groups` take changes: a list of updates, each with one change of one profile. The documentation
 * gives every change a page of its own; the requests differ in one key.
 */
import { z } from "zod";
import type { Client } from "../client/types.ts";
import { LongNumber } from "../streams/json/json.ts";
import { call, type CallOptions, type CallResult } from "./call.ts";
import { asBase64Form, type Operation, operation, post, type RecordEncoding } from "./operation.ts";
import { bit, text } from "./params.ts";
import { problem } from "./problems.ts";
import { isTaken } from "./tracker_answer.ts";

/** Most updates in one request. */
export const MAX_UPDATES_PER_REQUEST = 2000;

const values = z.record(z.string(), z.unknown());
const number = z.custom<number | bigint | LongNumber>(
  (value) => Number.isFinite(value) || typeof value === "bigint" || value instanceof LongNumber,
  { error: "not a number" },
);

/** The payload of each change. The server looks at nothing but the presence of `$delete`. */
const CHANGES = {
  $set: values,
  $set_once: values,
  $add: z.record(z.string(), number),
  $append: values,
  $union: z.record(z.string(), z.array(z.unknown()).min(1)),
  $remove: values,
  $unset: z.array(z.string()).min(1),
  $delete: z.unknown(),
} as const;
export type ProfileChange = keyof typeof CHANGES;

/** Carrying these out twice leaves what once leaves. */
const HARMLESS_TWICE: ReadonlySet<ProfileChange> = new Set([
  "$set",
  "$set_once",
  "$union",
  "$remove",
  "$unset",
  "$delete",
]);

/** Whether an update leaves what it leaves when it is carried out twice. */
export function isRepeatable(update: Readonly<Record<string, unknown>>): boolean {
  return (Object.keys(CHANGES) as ProfileChange[]).every((change) => HARMLESS_TWICE.has(change) || !(change in update));
}

/** One update, as `/engage` or `/groups` takes it; the token is added when it is sent. */
export type ProfileUpdate = Record<string, unknown>;

/** What users and groups have in common, and in what they differ. */
export interface ProfileKind {
  path: "/engage" | "/groups";
  /** The command that shows a profile. */
  look?: string;
  /** The keys that say whose profile is changed. */
  target: Record<string, z.ZodType>;
  changes: readonly ProfileChange[];
  /** Besides `ip`, `strict` and `verbose`, parameters that a request can have. */
  controls?: Record<string, z.ZodType>;
}

/** What is wrong with the payload of a change; undefined when nothing is. */
export function problemOfChange(change: ProfileChange, payload: unknown): string | undefined {
  const issue = CHANGES[change].safeParse(payload, { reportInput: true }).error?.issues[0];
  return issue === undefined ? undefined : problem(issue.path.map(String).join("."), issue);
}

const idText = z.custom<string | number | bigint>(
  (value) => (typeof value === "string" && value !== "") || typeof value === "number" || typeof value === "bigint",
  { error: "not an id" },
);

export const USERS: ProfileKind = {
  path: "/engage",
  look: "mp profiles get {updates.0.$distinct_id}",
  target: { $distinct_id: idText },
  changes: ["$set", "$set_once", "$add", "$append", "$union", "$remove", "$unset", "$delete"],
  controls: { callback: text("Answer with a call of this script function", { placeholder: "NAME" }).optional() },
};

export const GROUPS: ProfileKind = {
  path: "/groups",
  target: { $group_key: z.string().min(1), $group_id: idText },
  changes: ["$set", "$set_once", "$union", "$remove", "$unset", "$delete"],
};

const CONTROLS = {
  verbose_answer: bit("Answer with the reason of a refusal", { wire: "verbose" }).default(true),
  ip: bit("Use the sender's IP address as the user's location").default(false),
  strict: bit("Answer per record").optional(),
};

const updateResult = z.string();

export interface UpdateOperationOptions {
  id: string;
  summary: string;
  /** How the documentation calls it. */
  anchor: string;
  /** The one change that its updates make; without it any, one in each update. */
  change?: ProfileChange;
  /** Whether requests can have `ip` and `strict`, which some pages leave out. Default true. */
  ip?: boolean;
  strict?: boolean;
}

type UpdateParams = z.ZodObject<
  { updates: z.ZodArray<z.ZodType<ProfileUpdate>> } & {
    verbose_answer: z.ZodDefault<z.ZodBoolean>;
    ip: z.ZodOptional<z.ZodBoolean>;
    strict: z.ZodOptional<z.ZodBoolean>;
    callback: z.ZodOptional<z.ZodString>;
  }
>;
export type UpdateOperation = Operation<UpdateParams, z.ZodString> & {
  kind: ProfileKind;
  /** The one change that its updates make; none when each update says its own. */
  change?: ProfileChange;
};

/** Declares an operation of a kind of profile. */
export function updateOperation(kind: ProfileKind, options: UpdateOperationOptions): UpdateOperation {
  const { id, summary, anchor, change, ip = true, strict = true } = options;
  const controls = Object.entries(CONTROLS).filter(([name]) =>
    !(name === "ip" && !ip) && !(name === "strict" && !strict)
  );
  const shape = { ...Object.fromEntries(controls), ...kind.controls };
  let params: z.ZodObject | undefined;
  const declared = operation({
    id,
    summary,
    anchor,
    routes: [post("ingestion", kind.path)],
    look: kind.look,
    auth: [],
    token: "payload",
    body: { kind: "json", of: "updates" },
    inQuery: Object.keys(shape),
    // With `callback` the answer is a script, and without `verbose` a bare 1.
    answer: "text",
    repeatable: change !== undefined && HARMLESS_TWICE.has(change),
    isDone: isTaken,
    // Made when it is asked for: of the many operations a command mostly uses one.
    get params() {
      return params ??= updateParams(change === undefined ? updateSchema(kind) : changeSchema(kind, change), shape);
    },
    result: updateResult,
  });
  return Object.assign(declared, { kind, change }) as unknown as UpdateOperation;
}

function updateParams(update: z.ZodType<ProfileUpdate>, shape: Record<string, z.ZodType>): z.ZodObject {
  return z.object({ updates: z.array(update).min(1).max(MAX_UPDATES_PER_REQUEST), ...shape });
}

/** An update that makes one certain change. */
function changeSchema(kind: ProfileKind, change: ProfileChange): z.ZodObject {
  return z.looseObject({ ...kind.target, [change]: CHANGES[change] });
}

/** An update with any one of the changes that this kind of profile has. */
export function updateSchema(kind: ProfileKind): z.ZodType<ProfileUpdate> {
  const optional = Object.fromEntries(kind.changes.map((change) => [change, CHANGES[change].optional()]));
  return z.looseObject({ ...kind.target, ...optional }).superRefine((update, context) => {
    const made = kind.changes.filter((change) => Object.hasOwn(update, change));
    if (made.length === 1) return;
    const message = made.length === 0
      ? `it makes no change: one of ${kind.changes.join(", ")}`
      : `it makes several changes, ${made.join(" and ")}: make an update of each`;
    context.addIssue({ code: "custom", message });
  });
}

export interface UpdateOptions extends CallOptions {
  /** Whether Mixpanel may take the user's place from the sender's address. */
  ip?: boolean;
  strict?: boolean;
  /** Whether the answer gives the reason of a refusal. Default true. */
  verbose_answer?: boolean;
  /** Answer with a call of this function; of users only. */
  callback?: string;
  /** How the request carries the updates. Default `json`. */
  encoding?: RecordEncoding;
}

const updateAnswer = z.looseObject({ status: z.union([z.number(), z.string()]), error: z.string().nullish() });

/**
 * Sends updates in one request, each with the project's token unless it names one.
 *
 * @throws MpError (auth) without a project token, (input) with the server's reason when it takes none of them. What it
 * takes of a list it carries out, and of the rest it says nothing.
 */
export function sendUpdates(
  client: Client,
  declared: UpdateOperation,
  updates: readonly ProfileUpdate[],
  options: UpdateOptions = {},
): Promise<CallResult<z.output<typeof updateAnswer>>> {
  const { ip, strict, verbose_answer = true, callback, encoding, adjust, ...callOptions } = options;
  // The answer of a verbose request is JSON; a bare 1 is too.
  const answer = callback === undefined ? "json" as const : "text" as const;
  const carried = encoding === "form" ? asBase64Form(declared as unknown as Operation) : declared;
  const asked = { ...carried as UpdateOperation, answer, result: updateAnswer };
  const controls = { ip, strict, verbose_answer, ...(callback === undefined ? {} : { callback }) };
  return call(client, asked, { updates: [...updates], ...controls }, {
    ...callOptions,
    adjust: { repeatable: updates.every(isRepeatable), ...adjust },
  });
}
