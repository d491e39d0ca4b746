import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { after, before, beforeEach, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { MpError } from "../../../src/errors.ts";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { fakeClock } from "../../helpers/fake_clock.ts";
import { openProgramLab, type ProgramLab } from "../../helpers/program_lab.ts";
import { startAzureServer } from "../../helpers/azure_server.ts";
import { startGcsServer } from "../../helpers/gcs_server.ts";
import { type S3Server, startS3Server } from "../../helpers/s3_server.ts";
import type { StoreServer } from "../../helpers/store_server.ts";
import { NOW_MS } from "../../helpers/world.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import { addFaults } from "../../helpers/sandbox_faults.ts";

const folder = temporaryFolder();
const clock = fakeClock(NOW_MS);
let lab: ProgramLab;
let store: S3Server;

before(async () => {
  lab = openProgramLab({ profilePageSize: 2 }, clock);
  store = await startS3Server();
  for (const id of ["a", "b", "c", "d", "e"]) lab.store.profiles.put(SANDBOX.projectId, "", id, { n: 1 });
});
after(async () => {
  await lab.stop();
  await store.stop();
});
beforeEach(async () => void await fetch(`${lab.url}/sandbox/faults`, { method: "DELETE" }));

const stateHome = folder.path("state");
const mp = (...argv: string[]) => lab.mp(["export", ...argv], { env: { XDG_STATE_HOME: stateHome, ...store.env } });

describe("an export of profiles to a bucket", () => {
  it("is an object when it is whole", async () => {
    const { code, stderr } = await mp("profiles", "-o", "s3://bucket/backup/profiles.jsonl.gz");
    assert.equal(code, 0, stderr);
    const object = store.objects.get("backup/profiles.jsonl.gz");
    assert.equal(gunzipSync(object!.bytes).toString().split("\n").length, 6);
    assert.match(stderr, / to s3:\/\/bucket\/backup\/profiles\.jsonl\.gz\n/);
  });

  it("continues where it stopped, from what this machine kept", async () => {
    await addFaults(lab.url, { kind: "answer", status: 403, path: "/api/query/engage", skip: 1 });
    const argv = ["profiles", "-o", "s3://bucket/resumed.csv", "--concurrency", "1"];
    assert.equal((await mp(...argv)).code, 2);
    assert.equal(store.objects.has("resumed.csv"), false);
    assert.equal(readdirSync(`${stateHome}/mp/exports`).length, 1);
    const { code, stderr } = await mp(...argv);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^Going on after 1 page\n/);
    assert.equal(store.text("resumed.csv")?.split("\n").length, 7);
    assert.deepEqual(readdirSync(`${stateHome}/mp/exports`), []);
  });
});

describe("a bucket that takes nothing", () => {
  const env = () => ({ XDG_STATE_HOME: stateHome, ...store.env });
  const cases: [why: string, address: string, more: Record<string, string>, said: RegExp, code: number][] = [
    ["it is not there", "s3://nowhere/p", {}, /has no such bucket/, 4],
    ["the key is wrong", "s3://bucket/p", { AWS_SECRET_ACCESS_KEY: "wrong" }, /does not accept the credentials/, 2],
  ];
  for (const [why, address, more, said, code] of cases) {
    for (const argv of [["profiles"], ["events", "--from", "2026-11-20", "--to", "2026-11-20"]]) {
      it(`is found out before any of the ${argv[0]} are fetched: ${why}`, async () => {
        const seen = lab.requests.length;
        const result = await lab.mp(["export", ...argv, "-o", `${address}.jsonl.gz`], { env: { ...env(), ...more } });
        assert.match(result.stderr, said);
        assert.equal(result.code, code);
        assert.deepEqual(lab.requests.slice(seen), []);
        assert.deepEqual(readdirSync(`${stateHome}/mp/exports`), []);
      });
    }
  }

  it("is told from a state folder that cannot be made", async () => {
    const XDG_STATE_HOME = folder.write("no-folder", "");
    for (const argv of [["profiles"], ["events", "--from", "2026-11-20", "--to", "2026-11-20"]]) {
      const { code, stderr } = await lab.mp(["export", ...argv, "-o", "s3://bucket/x.csv"], {
        env: { ...env(), XDG_STATE_HOME },
      });
      assert.equal(code, 3);
      assert.match(stderr, /Cannot write ".*\/no-folder\/mp\/exports\/.*\nhint: set XDG_STATE_HOME to a folder/);
    }
  });

  it("is not told by an upload that stays", async () => {
    assert.equal((await mp("profiles", "-o", "s3://bucket/clean.jsonl")).code, 0);
    assert.equal(store.uploads.size, 0);
  });
});

describe("an output whose other export was interrupted", () => {
  it("says which one it was", async () => {
    const events = ["events", "--from", "2026-11-20", "--to", "2026-11-20"];
    const fault = (path: string, skip: number) => addFaults(lab.url, { kind: "answer", status: 403, path, skip });
    const path = "s3://bucket/shared.jsonl.gz";
    await fault("/api/query/engage", 1);
    assert.equal((await mp("profiles", "-o", path, "--concurrency", "1")).code, 2);
    assert.match((await mp(...events, "-o", path)).stderr, /: it is of an export of profiles\n/);
    assert.equal((await mp(...events, "-o", path, "--restart")).code, 0);
  });
});

describe("an export of events to a folder of a bucket", () => {
  it("ends when it is interrupted, and goes on with the same command", async () => {
    const argv = ["export", "events", "--from", "2026-11-01", "--to", "2026-11-08", "-o", "s3://bucket/interrupted/"];
    const interruption = new AbortController();
    const env = { XDG_STATE_HOME: stateHome, ...store.env };
    const stop = ({ method, key }: { method: string; key: string }) => {
      if (method !== "GET" && key.includes("2026-11-03")) {
        interruption.abort(new MpError("Interrupted", { category: "interrupted" }));
      }
      return false;
    };
    store.fault(stop, "cut");
    const stopped = await lab.mp([...argv, "--slice", "1"], { env, signal: interruption.signal });
    assert.equal(stopped.code, 130, stopped.stderr);
    const { code, stderr } = await lab.mp(argv, { env });
    assert.equal(code, 0, stderr);
  });
});

describe("a backup in a bucket", () => {
  it("has its parts under the prefix", async () => {
    const { code, stderr } = await mp("all", "s3://bucket/nightly", "--from", "2026-11-20", "--to", "2026-11-21");
    assert.equal(code, 0, stderr);
    const keys = [...store.objects.keys()].filter((key) => key.startsWith("nightly/")).sort();
    assert.deepEqual(keys, [
      "nightly/_mp_backup.json",
      "nightly/annotations.jsonl",
      "nightly/cohorts.jsonl",
      "nightly/events/_mp_manifest.json",
      "nightly/events/events_2026-11-20.jsonl.gz",
      "nightly/events/events_2026-11-21.jsonl.gz",
      "nightly/lexicon.jsonl",
      "nightly/lookup_tables.jsonl",
      "nightly/profiles.jsonl.gz",
    ]);
    assert.equal(existsSync("nightly"), false);
  });
});

describe("Google's and Azure's stores", () => {
  const stores: [
    name: string,
    start: () => Promise<{ server: StoreServer; at: string; env: Record<string, string> }>,
  ][] = [
    ["gs://", async () => {
      const server = await startGcsServer({ now: () => clock.now() });
      return { server, at: "gs://bucket", env: { ...server.keyEnv, STORAGE_EMULATOR_HOST: server.url } };
    }],
    ["az://", async () => {
      const server = await startAzureServer({ now: () => clock.now() });
      return { server, at: "az://bucket", env: server.connectionEnv };
    }],
  ];
  const days = ["--from", "2026-11-20", "--to", "2026-11-22"];
  const events = Array.from({ length: 30 }, (_, index) => ({
    event: "Purchase",
    properties: {
      time: Date.UTC(2026, 10, 20 + index % 3, 12, index) / 1000,
      distinct_id: `user-${index}`,
      $insert_id: `id-${index}`,
    },
  }));
  before(async () => {
    const stdin = events.map((event) => JSON.stringify(event)).join("\n");
    assert.equal((await lab.mp(["import"], { stdin })).code, 0);
  });

  for (const [name, start] of stores) {
    it(`${name} take exports, are verified, imported from and backed up to`, async () => {
      const { server, at, env } = await start();
      const run = async (code: number, ...argv: string[]) => {
        const result = await lab.mp(argv, { env: { XDG_STATE_HOME: stateHome, ...env } });
        assert.equal(result.code, code, `${argv.join(" ")}: ${result.stderr}`);
        return result;
      };
      const keys = (prefix: string) => [...server.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
      try {
        await run(0, "export", "events", ...days, "--dedupe", "-o", `${at}/one/events.jsonl.gz`);
        assert.deepEqual(keys("one/"), ["one/events.jsonl.gz"]);
        await run(0, "export", "events", ...days, "--dedupe", "--split", "day", "-o", `${at}/lake/`);
        assert.deepEqual(keys("lake/"), [
          "lake/_mp_manifest.json",
          ...["20", "21", "22"].map((day) => `lake/events_2026-11-${day}.jsonl.gz`),
        ]);
        assert.match((await run(0, "export", "verify", `${at}/lake/`)).stdout, /3/);
        const whole = await run(0, "import", `${at}/one/events.jsonl.gz`);
        const parts = await run(0, "import", `${at}/lake/*.jsonl.gz`);
        for (const { stderr } of [whole, parts]) assert.match(stderr, /Imported 30 events/);
        const lines = gunzipSync(server.objects.get("one/events.jsonl.gz")!.bytes).toString().trimEnd().split("\n");
        assert.deepEqual(
          lines.map((line) => JSON.parse(line).properties.$insert_id).sort(),
          events.map(({ properties }) => properties.$insert_id).sort(),
        );
        await run(0, "export", "all", `${at}/nightly`, ...days);
        assert.ok(keys("nightly/").includes("nightly/profiles.jsonl.gz"));
        assert.deepEqual(await run(0, "export", "verify", `${at}/nightly/events`).then(({ code }) => code), 0);

        const damaged = "lake/events_2026-11-21.jsonl.gz";
        server.objects.set(damaged, { bytes: new Uint8Array(10), etag: "damaged" });
        assert.notEqual((await lab.mp(["export", "verify", `${at}/lake/`], { env })).code, 0);
      } finally {
        await server.stop();
      }
    });
  }
});
