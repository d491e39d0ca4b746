import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { describe, it } from "node:test";
import { z } from "zod";
import { readBackup } from "../../src/jobs/backup/backup_manifest.ts";
import { CopyState } from "../../src/jobs/copy/copy_state.ts";
import { readManifest } from "../../src/jobs/export/manifest.ts";
import { withCheckpoint } from "../../src/jobs/import/checkpoint.ts";
import { ExportState } from "../../src/jobs/profiles/export_state.ts";
import {
  localState,
  readState,
  type StateFormat,
  type StatePlace,
  storedState,
  writeState,
} from "../../src/jobs/state_file.ts";
import type { RecordSource } from "../../src/records/read/record_source.ts";
import { localStorage } from "../../src/storage/files/local.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { itUnless } from "../helpers/needs.ts";

interface Content {
  name: string;
  id?: bigint;
}

const FORMAT: StateFormat<Content> = {
  marker: "mp_copy",
  version: 2,
  schema: () => z.object({ name: z.string() }),
  hint: "start over",
  code: "other_copy",
};

const folder = temporaryFolder();
let made = 0;
const newPath = () => {
  const path = folder.path(`${++made}/state.json`);
  mkdirSync(dirname(path));
  return path;
};
const places: [string, (path: string) => StatePlace][] = [
  ["on this machine", localState],
  ["in a storage", (path) => storedState(localStorage(dirname(path)), "state.json")],
];

for (const [where, placeAt] of places) {
  describe(`a state file ${where}`, () => {
    it("has its marker first, keeps every digit, and is read again", async () => {
      const path = newPath();
      const place = placeAt(path);
      assert.equal(await readState(place, FORMAT), undefined);
      await writeState(place, FORMAT, { name: "one", id: 12345678901234567890n });
      assert.equal(readFileSync(path, "utf8"), '{"mp_copy":2,"name":"one","id":12345678901234567890}\n');
      assert.deepEqual(await readState(place, FORMAT), { name: "one", id: 12345678901234567890n });
      await place.remove();
      await place.remove();
      assert.deepEqual(readdirSync(dirname(path)), []);
    });

    it("keeps fields that a later version of the same form has added", async () => {
      const path = newPath();
      writeFileSync(path, '{"mp_copy":2,"new":{"a":1},"name":"one"}');
      assert.deepEqual(await readState(placeAt(path), FORMAT), { name: "one", new: { a: 1 } });
    });

    it("is refused in words when it is of another version, of another job, or damaged", async () => {
      const path = newPath();
      const place = placeAt(path);
      for (
        const [text, state, hint] of [
          ['{"mp_copy":3}', "a newer version of mp has written it", "use that version; or start over"],
          ['{"mp_copy":1,"name":"one"}', "an older version of mp has written it", "start over"],
          ['{"mp_import":1,"name":"one"}', "it is of an import", "start over"],
          ...["", "{", "[]", "null", '"mp_copy"', "my notes", "{}", '{"mp_copy":2}', '{"mp_copy":"2","name":"one"}']
            .map((text) => [text, "it is damaged, or not of a copy", "start over"]),
        ] as [string, string, string][]
      ) {
        writeFileSync(path, text);
        await assert.rejects(readState(place, FORMAT), {
          category: "input",
          code: "other_copy",
          message: `Cannot use ${JSON.stringify(path)}: ${state}`,
          hint,
        });
      }
    });
  });
}

describe("a state file on this machine", () => {
  itUnless(process.platform === "win32" && "not on Windows", "is closed to other users", async () => {
    const path = newPath();
    await writeState(localState(path), FORMAT, { name: "one" });
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it("replaces and removes what a writer that was killed has left", async () => {
    const path = newPath();
    const place = localState(path);
    const leftover = join(dirname(path), ".state.json.tmp");
    writeFileSync(leftover, "half of a ve");
    await writeState(place, FORMAT, { name: "one" });
    assert.deepEqual(readdirSync(dirname(path)), ["state.json"]);
    writeFileSync(leftover, "half of a ve");
    await place.remove();
    assert.deepEqual(readdirSync(dirname(path)), []);
  });
});

describe("state files of version 0.1.0", () => {
  it("of an import are gone on with", async () => {
    const source: RecordSource = {
      name: "a.jsonl",
      open: () => new Blob([]).stream(),
      identity: { address: "/data/a.jsonl", sizeBytes: 43961, version: "43961-1795918243908.507" },
      slice: () => Promise.resolve("head"),
    } as unknown as RecordSource;
    const path = newPath();
    const head = "9f2e6d33a3717ee826353a40";
    const settled =
      '{"records":27,"summary":{"read":27,"accepted":24,"rejected":3,"skipped":0,"notSent":0,"requests":3,"bytes":9529,"fixed":{}}}';
    const recipe = { fix: false, header: true, as_text: false, rejected: false };
    const identity = { host: "us", project: "1000001", kind: "events", recipe };
    const options = { path, folder: dirname(path), restart: false, now: () => 0 };
    writeFileSync(
      path,
      `{"mp_import":1,"identity":{"host":"us","project":"1000001","kind":"events","recipe":{"fix":false,"header":true,` +
        `"as_text":false,"rejected":false}},"sources":[{"address":"/data/a.jsonl","bytes":43961,` +
        `"version":"43961-1795918243908.507","head":"${head}"}],"settled":${settled},` +
        `"rejects":{"path":"/data/rejects.jsonl","bytes":1456}}\n`,
    );
    const earlier = await withCheckpoint(
      identity,
      [source],
      options,
      (checkpoint) => Promise.resolve(checkpoint.earlier),
    );
    assert.deepEqual(earlier, { settled: JSON.parse(settled), rejects: { path: "/data/rejects.jsonl", bytes: 1456 } });
  });

  it("of a folder of events are read", async () => {
    const path = newPath();
    writeFileSync(
      join(dirname(path), "_mp_manifest.json"),
      `{\n "mp_export": 1,\n "generator": "mp 0.1.0",\n "query": {\n  "host": "127.0.0.1",\n  "project": "1000001",\n  ` +
        `"from_date": "2026-09-01",\n  "to_date": "2026-09-06",\n  "time_in_ms": true\n },\n "output": {\n  ` +
        `"format": "jsonl",\n  "compression": "gzip",\n  "dedupe": false,\n  "split": "day",\n  "hive": false\n },\n ` +
        `"complete": false,\n "created_at": "2026-11-23T12:00:06.800Z",\n "updated_at": "2026-11-23T12:00:07.200Z",\n ` +
        `"events": 48,\n "files": [\n  {\n   "path": "events_2026-09-01.jsonl.gz",\n   "from": "2026-09-01",\n   ` +
        `"to": "2026-09-01",\n   "events": 48,\n   "bytes": 2345,\n   "crc32": "0af8d1b2",\n   ` +
        `"together": {\n    "from": "2026-09-01",\n    "to": "2026-09-02"\n   },\n   ` +
        `"fetched_at": "2026-11-23T12:00:07.200Z"\n  }\n ]\n}\n`,
    );
    const manifest = await readManifest(localStorage(dirname(path)));
    assert.deepEqual([manifest?.query.to_date, manifest?.output.split, manifest?.files[0]?.crc32], [
      "2026-09-06",
      "day",
      "0af8d1b2",
    ]);
  });

  it("of an export of profiles are gone on with", async () => {
    const path = newPath();
    const identity = { host: "h", project: "1000001", query: {}, compression: "gzip", findsColumns: true };
    const collected = {
      first: { profiles: 20, pageSize: 20, total: 100, sessionId: "1795435200-f3fe90" },
      pages: 2,
      profiles: 40,
      lineBytes: 3929,
      fileBytes: 452,
      columns: [{ name: "$distinct_id", type: "string" }],
    };
    writeFileSync(path, `${JSON.stringify({ mp_profile_export: 1, identity, collected }, null, 2)}\n`);
    assert.deepEqual(await new ExportState(dirname(path), identity).read(), collected);
  });

  it("of a copy are gone on with", async () => {
    const path = newPath();
    const identity = {
      source: { host: "h", project: "1" },
      target: { host: "h", project: "2" },
      recipe: { days: "2026-09-01 to 2026-09-06", skipIdentity: false },
    };
    const days = [{ from: "2026-09-01", to: "2026-09-06" }];
    const done = { name: "events of 2026-09-01", from: "2026-09-01", to: "2026-09-01" };
    const parts = [{ ...done, exported: 48, accepted: 48, rejected: 0, leftOut: 0 }];
    const file = { mp_copy: 2, identity, days, parts, rejectsBytes: 7 };
    writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`);
    const state = await CopyState.open(dirname(path), identity, () => 0);
    assert.deepEqual([state.isFresh, state.days, state.parts, state.rejectsBytes], [false, days, parts, 7]);
  });

  it("of a backup are gone on with", async () => {
    const path = newPath();
    const part = {
      name: "lexicon",
      path: "lexicon.jsonl",
      state: "done",
      records: 2,
      finished_at: "2026-11-23T12:00:00Z",
    };
    const range = { from_date: "2026-09-01", to_date: "2026-09-06" };
    const backup = {
      generator: "mp 0.1.0",
      host: "data.mixpanel.com",
      project: "1",
      ...range,
      complete: false,
      updated_at: "2026-11-23T12:00:06.400Z",
      parts: [part],
      not_included: ["profiles of groups"],
    };
    writeFileSync(join(dirname(path), "_mp_backup.json"), `${JSON.stringify({ mp_backup: 1, ...backup }, null, 2)}\n`);
    const storage = localStorage(dirname(path));
    assert.deepEqual(await readBackup(storage, { host: "data.mixpanel.com", project: "1" }), backup);
    await assert.rejects(readBackup(storage, { host: "data.mixpanel.com", project: "2" }), {
      code: "other_backup",
      message: /: it is the backup of project 1 on data\.mixpanel\.com$/,
    });
  });
});
