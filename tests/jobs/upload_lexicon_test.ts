import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { SchemaEntry } from "../../src/api/lexicon.ts";
import { batchesOf, uploadLexicon } from "../../src/jobs/upload_lexicon.ts";
import { fakeClient } from "./fake_client.ts";
import { fakeClock } from "../helpers/fake_clock.ts";

function entry(name: string, properties: number): SchemaEntry {
  const names = Array.from({ length: properties }, (_, index) => [`p${index}`, { type: "string" as const }]);
  return { entityType: "event", name, schemaJson: { properties: Object.fromEntries(names) } };
}

const sizes = (entries: SchemaEntry[]) => batchesOf(entries).map((batch) => batch.length);

describe("batchesOf", () => {
  it("counts events and properties alike, up to 4000 in a batch", () => {
    assert.deepEqual(sizes([entry("a", 1999), entry("b", 1999), entry("c", 0)]), [2, 1]);
    assert.deepEqual(sizes([entry("a", 1999), entry("b", 1998), entry("c", 0)]), [3]);
    assert.deepEqual(sizes([entry("huge", 5000), entry("b", 1)]), [1, 1]);
    assert.deepEqual(sizes([]), [0]);
  });
});

describe("uploadLexicon", () => {
  it("sends a batch a minute, and deletes only before the first", async () => {
    const client = fakeClient(() => '{"status": "ok", "results": {"added": 1, "deleted": 2}}');
    const clock = fakeClock();
    const pauses: [number, number][] = [];
    const summary = await uploadLexicon(client, [entry("a", 3000), entry("b", 3000), entry("c", 3000)], {
      truncate: true,
      clock,
      onPause: (written, total) => Promise.resolve(void pauses.push([written, total])),
    });
    assert.deepEqual(clock.sleeps, [60_000, 60_000]);
    assert.deepEqual(pauses, [[1, 3], [2, 3]]);
    assert.deepEqual(summary, { added: 3, deleted: 6 });
    const truncates = client.requests.map(({ body }) => body?.kind === "json" && JSON.parse(body.text).truncate);
    assert.deepEqual(truncates, [true, undefined, undefined]);
  });
});
