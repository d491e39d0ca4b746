/** The commands that change one profile, of a user or of a group: `profiles set`, `groups union` and their kin. */
import { z } from "zod";
import { ENCODINGS } from "../../../api/operation.ts";
import { choice, jsonText, text } from "../../../api/params.ts";
import {
  problemOfChange,
  type ProfileKind,
  type ProfileUpdate,
  sendUpdates,
  type UpdateOperation,
  type UpdateOptions,
  USERS,
} from "../../../api/profile_updates.ts";
import { type Command, command } from "../../../cli/command.ts";
import type { Context } from "../../../cli/context.ts";
import { asksForResult } from "../../../cli/format_choice.ts";
import { checkEither, recordsIn, WHOLE_BODY } from "../../../cli/whole_body.ts";
import { inputError } from "../../../errors.ts";
import { formatCount } from "../../../output/format.ts";
import { namesOf, readChange } from "./profile_changes.ts";
import { readTime } from "../../track/shared/track_event.ts";

/** What a command on profiles says besides what its operation does. */
export type ProfileCommandOptions = Pick<Command, "description" | "examples">;

const PAIR = "NAME=TEXT or NAME:=JSON";

/** What is typed for each change, and what has been done, before the names of properties. */
const WORDS = {
  $set: { value: PAIR, done: "Set" },
  $set_once: { value: PAIR, done: "Set once" },
  $add: { value: "NAME=NUMBER", done: "Added to" },
  $append: { value: `${PAIR}; a name can be repeated`, done: "Appended to" },
  $union: {
    value: `${PAIR}; a name can be repeated, and a list stands for its values`,
    done: "Added what was missing to",
  },
  $remove: { value: `${PAIR}; a name can be repeated`, done: "Removed from" },
  $unset: { value: "Name of a property", done: "Deleted" },
};

/** Makes the command of an operation that makes one change. */
export function profileUpdateCommand(operation: UpdateOperation, options: ProfileCommandOptions): Command {
  const { kind } = operation;
  const change = operation.change as keyof typeof WORDS;
  const isUser = kind === USERS;
  const target = isUser ? USER : GROUP;
  const { property, properties } = changeInput(change);
  const input = z.object({
    ...optionalFields(target),
    property,
    ...(change === "$unset" ? {} : { properties }),
    ...updateSwitches(operation),
    ...(isUser ? MODIFIERS : {}),
    ...WHOLE_BODY,
  });
  return command({
    ...options,
    operations: [operation],
    args: [...Object.keys(target), "property"],
    input,
    async run(context, typed) {
      const values = typed as TypedUpdate;
      checkEither("change a profile", values.data, typedTarget(target, values));
      if (values.data !== undefined) {
        checkEither("change a profile", values.data, {
          "<property>": values.property,
          "--properties": values.properties,
        });
        const updates = recordsIn(values.data);
        await send(context, operation, updates, values);
        return await context.note(`Sent ${formatCount(updates.length, "update")}`);
      }
      const payloads = readChange(change, { property: values.property ?? [], properties: values.properties });
      const names = namesOf(payloads);
      if (names.length === 0) {
        const example = options.examples[0]?.run;
        throw inputError("Cannot change a profile: no property is named", example, "missing_argument");
      }
      for (const payload of payloads) {
        const wrong = problemOfChange(change, payload);
        if (wrong !== undefined) throw inputError(`Cannot change a profile: ${wrong}`, undefined, "bad_property");
      }
      const whose = targetOf(kind, values);
      const updates = payloads.map((payload) => ({ ...whose, [change]: payload, ...modifiersOf(values) }));
      await send(context, operation, updates, values);
      await context.note(`${WORDS[change].done} ${names.join(", ")} of ${nameOf(whose)}`);
    },
  }) as unknown as Command;
}

const USER = { distinct_id: text("Whose profile", { placeholder: "ID" }) };
export const GROUP = {
  group_key: text("What the groups are: the property of events that names them", { placeholder: "KEY" }),
  group_id: text("Which group", { placeholder: "ID" }),
};

/** Not needed where the whole body is given. */
export function optionalFields(fields: Record<string, z.ZodType>): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name, schema.optional()]));
}

/** What was typed for these arguments, by the names that help has for them. */
export function typedTarget(fields: Record<string, z.ZodType>, typed: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(fields).map((name) => [`<${name.replaceAll("_", "-")}>`, (typed as Record<string, unknown>)[name]]),
  );
}

const MODIFIERS = {
  ignore_time: z.boolean().default(false).meta({ description: "Leave $last_seen as it is" }),
  time: text("When the user was last seen: 2026-01-31T10:00:00Z, or seconds since 1970", { placeholder: "TIME" })
    .optional(),
  ip_address: text("Use this IP address as the user's location", { placeholder: "IP" }).optional(),
  latitude: z.number().min(-90).max(90).optional().meta({ description: "Where the user is, in degrees" }),
  longitude: z.number().min(-180).max(180).optional().meta({ description: "Where the user is, in degrees" }),
};

function changeInput(change: keyof typeof WORDS) {
  return {
    property: z.array(z.string()).optional().meta({ description: WORDS[change].value }),
    properties: jsonText(z.record(z.string(), z.unknown()), "Properties as a JSON object, @FILE, or - for a pipe")
      .optional(),
  };
}

/** The switches that the operation has, and how it is sent. */
export function updateSwitches(operation: UpdateOperation): Record<string, z.ZodType> {
  const { ip, strict, verbose_answer, callback } = operation.params.shape as Record<string, z.ZodType | undefined>;
  return {
    ...(ip === undefined ? {} : { ip: z.boolean().default(false).meta({ description: IP }) }),
    ...(strict === undefined ? {} : { strict: z.boolean().optional().meta({ description: STRICT }) }),
    ...(verbose_answer === undefined ? {} : { verbose_answer }),
    ...(callback === undefined ? {} : { callback }),
    encoding: choice(ENCODINGS, "How the request carries updates: JSON, or data= in base64").default("json"),
  };
}

/** What these switches give. */
export type UpdateSwitches = Pick<UpdateOptions, "ip" | "strict" | "verbose_answer" | "callback" | "encoding">;

/** The switches among what was typed. */
export function switchesOf({ ip, strict, verbose_answer, callback, encoding }: UpdateSwitches): UpdateSwitches {
  return { ip, strict, verbose_answer, callback, encoding };
}

const IP = "Use this machine's IP address as the user's location";
const STRICT = "Ask Mixpanel to answer for each update";

/** What the flags of these commands give. */
export interface TypedUpdate extends UpdateSwitches {
  distinct_id?: string;
  group_key?: string;
  group_id?: string;
  property?: string[];
  properties?: Record<string, unknown>;
  data?: unknown;
  ignore_time?: boolean;
  time?: string;
  ip_address?: string;
  latitude?: number;
  longitude?: number;
}

function targetOf(kind: ProfileKind, typed: TypedUpdate): ProfileUpdate {
  return kind === USERS
    ? { $distinct_id: typed.distinct_id }
    : { $group_key: typed.group_key, $group_id: typed.group_id };
}

function modifiersOf(typed: TypedUpdate): ProfileUpdate {
  const { ignore_time, time, ip_address, latitude, longitude } = typed;
  if ((latitude === undefined) !== (longitude === undefined)) {
    throw inputError("Cannot use --latitude without --longitude, nor the reverse", "give both");
  }
  return {
    ...(ignore_time ? { $ignore_time: true } : {}),
    ...(time === undefined ? {} : { $time: Math.floor(seconds(readTime(time))) }),
    ...(ip_address === undefined ? {} : { $ip: ip_address }),
    ...(latitude === undefined ? {} : { $latitude: latitude, $longitude: longitude }),
  };
}

/** `readTime` gives milliseconds for dates, and numbers as they were typed. */
function seconds(time: number): number {
  return time > 1e11 ? time / 1000 : time;
}

function nameOf(target: ProfileUpdate): string {
  return Object.values(target).map(String).join(" ");
}

/** Checks and sends updates, and prints the answer when a format is asked for: it says no more than that it went well. */
export async function send(
  context: Context,
  operation: UpdateOperation,
  updates: ProfileUpdate[],
  typed: UpdateSwitches,
): Promise<void> {
  const switches = switchesOf(typed);
  const answer = await sendUpdates(await context.client(), operation, updates, { ...switches, signal: context.signal });
  if (asksForResult(context)) await context.print({ ...answer, isText: switches.callback !== undefined });
}
