/**
 * The least work of an import: `bun import.ts URL FILE` passes the lines of a file on in requests of 2000, compressed at
 * level 1 and several at once, without looking at them.
 */
import { createReadStream } from "node:fs";
import process from "node:process";
import { gzipSync } from "node:zlib";

const BATCH_LINES = 2000;
const CONCURRENCY = 10;
const LINE_FEED = 10;

const [url = "", path = ""] = process.argv.slice(2);
const running = new Set<Promise<void>>();
let held: Buffer = Buffer.alloc(0);
let lines = 0;
let scanned = 0;
for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
  held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
  for (let at = held.indexOf(LINE_FEED, scanned); at >= 0; at = held.indexOf(LINE_FEED, scanned)) {
    scanned = at + 1;
    if (++lines < BATCH_LINES) continue;
    await send(held.subarray(0, scanned));
    held = held.subarray(scanned);
    lines = scanned = 0;
  }
}
if (held.length > 0) await send(held);
await Promise.all(running);

async function send(batch: Uint8Array): Promise<void> {
  const request = fetch(url, {
    method: "POST",
    headers: { "content-type": "application/x-ndjson", "content-encoding": "gzip" },
    body: gzipSync(batch, { level: 1 }) as BodyInit,
  });
  const task: Promise<void> = request.then(async (answer) => void await answer.text())
    .finally(() => running.delete(task));
  running.add(task);
  if (running.size >= CONCURRENCY) await Promise.race(running);
}
