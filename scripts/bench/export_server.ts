/**
 * The other side of `export.ts`: serves realistic events, compressed once and kept in memory, and takes imports.
 * A process of its own, so that its work is not measured. It ends when its standard input does.
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import process from "node:process";
import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { serve } from "../../src/runtime/server.ts";

const SMALL = 100_000;
const LARGE = 1_000_000;
const BLOCK = 10_000;
const EVENTS = ["Sign Up", "Session Start", "Page View", "Search", "Add To Cart", "Purchase"];
const CITIES = ["Berlin", "Paris", "Oslo", "Köln", "São Paulo", "New York"];
const BROWSERS = ["Chrome", "Safari", "Firefox", "Edge"];

/** About 370 bytes, with what Mixpanel adds. */
function event(number: number): string {
  const pick = <T>(list: readonly T[], salt: number) => list[(number * 7919 + salt * 104_729) % list.length] as T;
  const time = 1_790_000_000 + Math.floor(number / 4);
  return JSON.stringify({
    event: pick(EVENTS, 1),
    properties: {
      time,
      distinct_id: `user-${(number * 48_271) % 60_013}`,
      $browser: pick(BROWSERS, 2),
      $city: pick(CITIES, 3),
      $insert_id: createHash("md5").update(String(number)).digest("hex"),
      $mp_api_endpoint: "api.mixpanel.com",
      $mp_api_timestamp_ms: time * 1000 + 123,
      mp_processing_time_ms: time * 1000 + 999,
      plan: number % 5 === 0 ? "pro" : "free",
      amount: (number % 10_000) / 100,
      referrer: `https://example.com/articles/${number % 100}`,
      beta: number % 3 === 0,
    },
  });
}

/** One gzip member with `count` events, as a server sends it. */
async function compressed(count: number): Promise<Uint8Array> {
  const gzip = createGzip();
  const whole = new Response(Readable.toWeb(gzip) as unknown as ReadableStream<Uint8Array>).bytes();
  for (let start = 0; start < count; start += BLOCK) {
    let text = "";
    for (let number = start; number < start + BLOCK; number++) text += event(number) + "\n";
    if (!gzip.write(text)) await once(gzip, "drain");
  }
  gzip.end();
  return await whole;
}

const bodies = { small: await compressed(SMALL), large: await compressed(LARGE) };

const server = serve(async (request) => {
  const url = new URL(request.url);
  if (url.pathname.endsWith("/export")) {
    const body = url.searchParams.has("limit") ? bodies.small : bodies.large;
    return new Response(body as BodyInit, { headers: { "content-type": "text/plain", "content-encoding": "gzip" } });
  }
  // Counting what came would cost as much as sending it; without a number the sender takes a 200 for all.
  await request.bytes();
  return Response.json({ code: 200, status: "OK" });
}, { hostname: "127.0.0.1", port: 0 });

console.log(JSON.stringify({ port: server.port, small: SMALL, large: LARGE }));
process.stdin.on("end", () => process.exit(0)).resume();
