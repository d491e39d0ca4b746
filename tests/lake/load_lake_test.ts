import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { describe, it } from "node:test";
import { loadLake } from "../../src/lake/load_lake.ts";
import { openSources } from "../../src/records/read/open_sources.ts";
import { SANDBOX, seedDefaults } from "../../src/sandbox/defaults.ts";
import { openStore } from "../../src/sandbox/store/store.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";

const folder = temporaryFolder();
const NOW_MS = Date.UTC(2026, 10, 23, 12);

describe("loadLake", () => {
  it("stores each event as an import would, and profiles", async () => {
    const time = NOW_MS / 1000 - 60;
    const lines = [
      { event: "Buy", properties: { time, distinct_id: "u-1", $insert_id: "i-1", amount: 2.5 } },
      { event: "Buy", properties: { time: time + 1, distinct_id: "u-2", $insert_id: "i-2" } },
      { event: "", properties: {} },
    ];
    folder.write("lake/events.jsonl.gz", gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join("")));
    folder.write("profiles.jsonl", '{"$distinct_id":"u-1","$properties":{"plan":"pro"}}\n');
    const open = (name: string) => openSources([folder.path(name)], { stream: () => new Blob([]).stream() });
    const store = openStore(":memory:");
    try {
      seedDefaults(store, { timeZone: "Europe/Berlin" });
      const project = store.projects.project(SANDBOX.projectId)!;
      const content = { events: await open("lake"), profiles: await open("profiles.jsonl") };
      const options = { nowMs: NOW_MS, signal: new AbortController().signal };
      const loaded = await loadLake(store, project, content, { recipe: { kind: "events" } }, options);
      assert.deepEqual([loaded.read, loaded.refused], [2, 1]);
      const events = [...store.events.at(project.id, [0, 1])].map(([, event]) => event);
      assert.deepEqual(events.map(({ name, timeMs, distinctId }) => [name, timeMs, distinctId]), [
        ["Buy", time * 1000, "u-1"],
        ["Buy", (time + 1) * 1000, "u-2"],
      ]);
      assert.deepEqual(JSON.parse(events[0]!.properties), { distinct_id: "u-1", $insert_id: "i-1", amount: 2.5 });
      assert.deepEqual(store.profiles.get(project.id, "", "u-1"), { plan: "pro" });
      assert.equal(project.timeZone, "Europe/Berlin");
    } finally {
      store.close();
    }
  });

  it("refuses a profile that is none, with its line", async () => {
    folder.write("bad.jsonl", '{"plan":"pro"}\n');
    folder.write("one.jsonl", "");
    const open = (name: string) => openSources([folder.path(name)], { stream: () => new Blob([]).stream() });
    const store = openStore(":memory:");
    try {
      seedDefaults(store);
      const project = store.projects.project(SANDBOX.projectId)!;
      const content = { events: await open("one.jsonl"), profiles: await open("bad.jsonl") };
      const options = { nowMs: NOW_MS, signal: new AbortController().signal };
      await assert.rejects(
        loadLake(store, project, content, { recipe: {} }, options),
        /Cannot read the profile at .*bad\.jsonl, line 1: it is none/,
      );
    } finally {
      store.close();
    }
  });
});
