/** Threads that read files beside each other: the answers are those of one that reads all of them. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { Lake } from "../../src/lake/lake.ts";
import { openSources } from "../../src/records/read/open_sources.ts";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { recordEncoder } from "../../src/streams/table/record_formats.ts";
import type { Column } from "../../src/streams/table/record_encoder.ts";
import { fakeClock } from "../helpers/fake_clock.ts";
import { seededRandom } from "../helpers/random.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { NOW_MS } from "../helpers/world.ts";
import { dayOf, distinct, randomEvents, type SentEvent } from "./random_events.ts";

const folder = temporaryFolder();
const FILES = 8;
const COLUMNS: Column[] = [
  { name: "event", type: "string" },
  { name: "time", type: "timestamp" },
  { name: "distinct_id", type: "string" },
  { name: "$insert_id", type: "string" },
  { name: "plan", type: "string" },
  { name: "amount", type: "number" },
  { name: "mixed", type: "json" },
];
const CREDENTIALS = `Basic ${btoa(`${SANDBOX.username}:${SANDBOX.serviceSecret}`)}`;

/** Every other file is a table. Copies lie in any of them. */
async function writeFiles(events: readonly SentEvent[], name: string): Promise<string> {
  for (let file = 0; file < FILES; file++) {
    const own = events.filter((_, index) => index % FILES === file);
    const lines = own.map((event) => `${JSON.stringify(event)}\n`).join("");
    if (file % 2 === 0) folder.write(`${name}/${file}.jsonl`, `${lines}{"no":"event"}\n`);
    else {
      const encoder = await recordEncoder("parquet", COLUMNS, "event", { createdBy: "mp" });
      const parts = [encoder.begin().slice()];
      parts.push((await encoder.encode(new TextEncoder().encode(lines))).slice());
      parts.push((await encoder.end()).slice());
      folder.write(`${name}/${file}.parquet`, new Uint8Array(await new Blob(parts).arrayBuffer()));
    }
  }
  return folder.path(name);
}

async function answers(path: string, threads: number): Promise<string[]> {
  const notes: string[] = [];
  const lake = new Lake({
    name: path,
    events: await openSources([path], { stream: () => new Blob([]).stream() }),
    layout: { recipe: { kind: "events" } },
    timeZone: "UTC",
    clock: fakeClock(NOW_MS),
    threads,
    signal: new AbortController().signal,
    onRead({ milliseconds: _, firstRefusal: __, ...reading }) {
      notes.push(JSON.stringify(reading));
      return Promise.resolve();
    },
  });
  const range = { from_date: dayOf(NOW_MS / 1000 - 6 * 86_400), to_date: dayOf(NOW_MS / 1000) };
  const ask = async (question: string, fields: Record<string, string>) => {
    const search = new URLSearchParams({ project_id: String(SANDBOX.projectId), ...range, ...fields });
    const headers = { authorization: CREDENTIALS };
    return await (await lake.answer(new Request(`http://127.0.0.1/api/query/${question}?${search}`, { headers })))
      .text();
  };
  try {
    return [
      await ask("segmentation", { event: "View", on: 'properties["plan"]' }),
      await ask("segmentation", { event: "View", on: 'properties["mixed"]' }),
      await ask("segmentation/sum", { event: "View", on: 'properties["amount"]' }),
      await ask("segmentation", { event: "View", type: "unique" }),
      await ask("retention", { born_event: "View", unit: "day", interval_count: "3" }),
      ...notes,
    ];
  } finally {
    lake.close();
  }
}

it("reads the same with one thread and with several, and every copy once", { timeout: 120_000 }, async () => {
  for (const seed of [1]) {
    const events = randomEvents(seededRandom(seed));
    const path = await writeFiles(events, String(seed));
    const alone = await answers(path, 1);
    assert.deepEqual(await answers(path, 3), alone);
    const { values } = JSON.parse(alone[0]!).data as { values: Record<string, Record<string, number>> };
    const count = Object.values(values).flatMap((days) => Object.values(days)).reduce((sum, one) => sum + one, 0);
    assert.equal(count, distinct(events).filter(({ event }) => event === "View").length);
  }
});
