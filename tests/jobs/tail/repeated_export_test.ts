import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Answer, Client } from "../../../src/client/types.ts";
import { newExportedEvents } from "../../../src/jobs/tail/repeated_export.ts";
import { fakeClock } from "../../helpers/fake_clock.ts";

/** A client whose exports have the events of these ids, one list for each export. */
function clientOf(exports: string[][]): Client {
  const line = (id: string) => `{"event":"A","properties":{"time":1,"distinct_id":"u","$insert_id":"${id}"}}\n`;
  return {
    connection: { region: "us", credentials: {}, timeoutMs: 1000, pacing: false, proxy: {} },
    send() {
      const bytes = new TextEncoder().encode((exports.shift() ?? []).map(line).join(""));
      const stream = () => new Response(bytes).body as AsyncIterable<Uint8Array>;
      return Promise.resolve({ views: stream, stream } as Partial<Answer> as Answer);
    },
  };
}

async function follow(exports: string[][], mostEvents: number): Promise<string[]> {
  const clock = fakeClock();
  const found: string[] = [];
  const options = { intervalMs: 60_000, untilMs: clock.now() + 60_000 * exports.length, mostEvents };
  const events = newExportedEvents(clientOf(exports), clock, {
    ...options,
    signal: new AbortController().signal,
    note: () => Promise.resolve(),
    onWait: () => {},
  });
  for await (const batch of events) found.push(...batch.map((text) => JSON.parse(text).properties.$insert_id));
  return found;
}

describe("an export that is repeated", () => {
  it("forgets what it no longer has, so that its memory does not grow from day to day", async () => {
    const days = [["a", "b"], ["b", "c"], ["c", "d"], ["d", "e"], ["e", "f"]];
    assert.deepEqual(await follow(days, 2), ["c", "d", "e", "f"]);
  });

  it("ends with what to do when there is more than it can remember", async () => {
    await assert.rejects(follow([["a"], ["a", "b", "c"]], 2), {
      category: "input",
      message: "Cannot follow the project's events: there are more than 2 today",
      hint: "choose some with --event NAME",
    });
  });
});
