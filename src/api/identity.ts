/** Telling Mixpanel that two ids are one person. Only projects with the original ID merge take these. */
import { z } from "zod";
import type { Client } from "../client/types.ts";
import { call, type CallOptions, type CallResult } from "./call.ts";
import { importEvents } from "./ingestion.ts";
import { operation, post } from "./operation.ts";
import { bit, jsonText, text } from "./params.ts";
import { isImported, isTaken } from "./tracker_answer.ts";

const trackerAnswer = z.looseObject({ status: z.union([z.number(), z.string()]), error: z.string().nullish() });

/** A request to `/track` whose form holds one event; `strict` stands beside it. */
function identityEvent<Event extends string, Properties extends z.ZodRawShape>(
  info: { id: string; summary: string; anchor: string; event: Event; properties: Properties },
) {
  const { id, summary, anchor, event, properties } = info;
  const data = z.object({ event: z.literal(event), properties: z.looseObject(properties) });
  return operation({
    id,
    summary,
    anchor,
    routes: [post("ingestion", "/track")],
    auth: [],
    token: "payload",
    body: { kind: "form" },
    inQuery: ["verbose_answer"],
    // A second copy joins what is joined.
    repeatable: true,
    isDone: isTaken,
    params: z.object({
      data: jsonText(data, "The event"),
      strict: bit("Answer per record").optional(),
      verbose_answer: bit("Answer with the reason of a refusal", { wire: "verbose" }).default(true),
    }),
    result: trackerAnswer,
  });
}

export const identify = identityEvent({
  id: "identity.identify",
  summary: "join an anonymous id to a user's",
  anchor: "#create-identity",
  event: "$identify",
  properties: {
    $identified_id: text("Who the user is"),
    $anon_id: text("The id that the user had before"),
  },
});

export const createAlias = identityEvent({
  id: "identity.alias",
  summary: "give a user another id",
  anchor: "#identity-create-alias",
  event: "$create_alias",
  properties: { distinct_id: text("The user's id"), alias: text("The additional id") },
});

/** Two ids in each event, no more and no fewer. The reference sends it to `/track`. */
export const mergeIdentities = operation({
  id: "identity.merge",
  summary: "merge ids of one person; this cannot be undone",
  routes: [post("ingestion", "/import"), post("ingestion", "/track")],
  auth: importEvents.auth,
  projectIn: "query",
  body: { kind: "json", of: "events" },
  inQuery: ["strict"],
  repeatable: true,
  isDone: isImported,
  params: z.object({
    events: z.array(z.object({
      event: z.literal("$merge"),
      properties: z.looseObject({ $distinct_ids: z.array(z.string().min(1)).length(2), token: z.string().optional() }),
    })).min(1).max(2000),
    strict: bit("Let Mixpanel accept what it can, without validating every event").default(true),
  }),
  result: importEvents.result,
});

/** What was said to be one person, in the form of the request: each id with the first. */
export function mergePairs(ids: readonly string[]): [string, string][] {
  const [first = "", ...others] = new Set(ids);
  return others.map((other) => [first, other]);
}

/**
 * Joins ids to the first of them, in one request of a pair for each, with the project's token when it is known.
 *
 * @throws MpError; of category `input` when the project's ID merge is the simplified one, which refuses it.
 */
export async function merge(
  client: Client,
  ids: readonly string[],
  { strict, ...options }: CallOptions & { strict?: boolean } = {},
): Promise<CallResult<z.output<typeof mergeIdentities.result>>> {
  const token = client.connection.credentials.projectToken;
  const events = mergePairs(ids).map((pair) => ({
    event: "$merge" as const,
    properties: { $distinct_ids: pair, ...(token === undefined ? {} : { token }) },
  }));
  return await call(client, mergeIdentities, { events, strict }, options);
}
