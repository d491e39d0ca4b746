/** What shows a sandbox at work: the page at `/`, and what it reads. */
import type { SandboxCall } from "../call.ts";
import { jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { exportedLine } from "../export/line.ts";
import { Refusal } from "../refusal.ts";
import { controlsSurface, pageSurface } from "../surfaces.ts";
import { fromHere } from "./from_here.ts";

const LONGEST_WAIT_MS = 25_000;
const MOST_PROFILES = 50;

export const watchEndpoints: SandboxEndpoint[] = [
  { methods: ["GET"], path: "/", surface: pageSurface, access: fromHere, respond: page },
  { methods: ["GET"], path: "/feed", surface: controlsSurface, access: fromHere, respond: news },
  { methods: ["GET"], path: "/profiles", surface: controlsSurface, access: fromHere, respond: profiles },
];

/** The page, for browsers. Its script may talk to this address alone, and no other page may show it in a frame. */
async function page({ request }: SandboxCall): Promise<Response> {
  if (!(request.headers.get("accept") ?? "").includes("text/html")) {
    return new Response("404 page not found\n", { status: 404, headers: { "content-type": "text/plain" } });
  }
  const { PAGE_HTML, PAGE_POLICY } = await import("./page.generated.ts");
  return new Response(PAGE_HTML, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": PAGE_POLICY,
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      ...PRIVATE,
    },
  });
}

const PRIVATE = {
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
};

/**
 * What has come after the numbers `after_request` and `after_event`. With `wait_ms` the answer waits until there is
 * something to tell.
 */
async function news(call: SandboxCall): Promise<Response> {
  const { feed } = call.services;
  const fields = await call.fields();
  const request = fields.count("after_request") ?? 0;
  const event = fields.count("after_event") ?? 0;
  const waitMs = Math.min(fields.count("wait_ms") ?? 0, LONGEST_WAIT_MS);
  if (waitMs > 0 && request === feed.lastRequest && event === feed.lastEvent) {
    await feed.changed(waitMs);
  }
  const { requests, events } = feed.since(request, event);
  const text = events.map(({ number, projectId, row }) =>
    `{"number":${number},"project_id":${projectId},"record":${exportedLine(row)}}`
  );
  const head = JSON.stringify({
    feed: feed.id,
    last_request: feed.lastRequest,
    last_event: feed.lastEvent,
    requests: requests.map(({ timeMs, durationMs, ...rest }) => ({
      ...rest,
      time: new Date(timeMs).toISOString(),
      ms: durationMs,
    })),
  });
  // The events' properties stay as they were sent, with every digit.
  return new Response(`${head.slice(0, -1)},"events":[${text.join()}]}`, {
    headers: { "content-type": "application/json", "cache-control": "no-store", ...PRIVATE },
  });
}

/** Profiles of users and groups whose id contains a text. */
async function profiles(call: SandboxCall): Promise<Response> {
  const fields = await call.fields();
  const projectId = fields.count("project_id", 1);
  if (projectId === undefined) throw new Refusal(400, "Missing required parameter: project_id");
  const found = call.store.profiles.search(projectId, fields.text("id") ?? "", MOST_PROFILES + 1);
  return jsonAnswer(
    {
      profiles: found.slice(0, MOST_PROFILES).map(({ groupKey, distinctId, properties }) => ({
        group_key: groupKey,
        id: distinctId,
        properties,
      })),
      more: found.length > MOST_PROFILES,
    },
    200,
    { "cache-control": "no-store", ...PRIVATE },
  );
}
