import { afterEach, beforeEach, describe, it } from "node:test";
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { MpError } from "../../../src/errors.ts";
import { type Ledger, type LedgerEntry, openLedger } from "../../../src/client/pacing/ledger.ts";
import type { LedgerKey } from "../../../src/client/pacing/ledger_store.ts";
import { fileInfo, join, makeTemporaryFolder, removeFile } from "../../../src/runtime/files/files.ts";
import { openDatabase } from "../../../src/runtime/sqlite.ts";
import { type FakeClock, fakeClock } from "../../helpers/fake_clock.ts";
import { failure } from "../harness.ts";

const KEY: LedgerKey = { host: "mixpanel.com", project: "123", assumed: true };
const HOUR = 3_600_000;

let folder: string;
let clock: FakeClock;
let notices: string[];
let traces: string[];
let ledger: Ledger;

function open(path = join(folder, "state", "ledger.db")): Ledger {
  return openLedger({
    path,
    clock,
    notice: (line) => void notices.push(line),
    trace: (line) => void traces.push(line),
  });
}

beforeEach(async () => {
  folder = await makeTemporaryFolder("mp-ledger-");
  clock = fakeClock();
  notices = [];
  traces = [];
  ledger = open();
});

afterEach(async () => {
  ledger.close();
  await removeFile(folder);
});

async function use(count: number, quota: Parameters<Ledger["reserve"]>[1], spacingMs = 0): Promise<void> {
  for (let index = 0; index < count; index++) {
    (await ledger.reserve(KEY, quota)).release();
    clock.advance(spacingMs);
  }
}

describe("the ledger's windows", () => {
  it("let requests through below the limit, and refuse the next with the time of the next slot", async () => {
    await use(60, "query", 30_000);
    const error = await failure(ledger.reserve(KEY, "query"));
    assert.equal(error.exitCode, 5);
    assert.equal(error.retryAfterSeconds, 1800);
    assert.match(error.message, /for project 123: queries are at their limit of 60 an hour, and nothing was sent$/);
    assert.match(error.hint!, /next slot is at \d\d:\d\d:\d\d \(in 30 min\).*--no-pacing/);
    assert.deepEqual(clock.sleeps, []);
  });

  it("slide: each use frees its place an hour later", async () => {
    await use(60, "query", 1000);
    clock.advance(HOUR - 60_000);
    await use(1, "query");
    clock.advance(999);
    assert.deepEqual(clock.sleeps, []);
    await use(1, "query");
    assert.deepEqual(clock.sleeps, [1]);
  });

  it("wait when the wait is short, and say for how long", async () => {
    await use(60, "query", 1000);
    clock.advance(HOUR - 60_000 - 12_000);
    await use(1, "query");
    assert.deepEqual(clock.sleeps, [12_000]);
    assert.deepEqual(notices, ["queries are at their limit of 60 an hour; waiting 12 s"]);
  });

  it("wait for a second's limit silently", async () => {
    await use(7, "export");
    assert.deepEqual(clock.sleeps, [1000, 1000]);
    assert.deepEqual(notices, []);
  });

  it("are counted by host, project and quota", async () => {
    await use(60, "query");
    for (const other of [{ ...KEY, project: "456" }, { ...KEY, host: "eu.mixpanel.com" }]) {
      await ledger.reserve(other, "query");
    }
    await ledger.reserve(KEY, "gdpr");
    await assert.rejects(ledger.reserve(KEY, "query"), MpError);
  });

  it("count JQL against its own quota and the query quota", async () => {
    await use(30, "jql");
    await use(30, "query");
    assert.match((await failure(ledger.reserve(KEY, "jql"))).message, /queries are at their limit of 60 an hour/);
    assert.match((await failure(ledger.reserve(KEY, "query"))).message, /queries are at their limit of 60 an hour/);
  });

  it("are shared with another ledger on the same file, and survive it", async () => {
    await use(60, "query");
    ledger.close();
    ledger = open();
    await assert.rejects(ledger.reserve(KEY, "query"), MpError);
  });

  it("take back what the server has not counted", async () => {
    for (let index = 0; index < 100; index++) (await ledger.reserve(KEY, "query")).release({ counted: false });
    assert.equal((await ledger.snapshot()).length, 0);
  });

  it("forget uses that a clock which was set back has left in the future", async () => {
    await use(60, "query");
    ledger.close();
    clock.advance(-30 * 24 * HOUR);
    ledger = open();
    await use(1, "query");
  });

  it("end a wait when the caller gives up", async () => {
    await use(3, "export");
    const controller = new AbortController();
    controller.abort(new Error("enough"));
    await assert.rejects(ledger.reserve(KEY, "export", { signal: controller.signal }), /enough/);
  });
});

describe("the ledger's leases", () => {
  it("let five queries run at once, and a sixth when one has ended", async () => {
    const running = await Promise.all([1, 2, 3, 4, 5].map(() => ledger.reserve(KEY, "query")));
    const error = await failure(ledger.reserve(KEY, "query"));
    assert.match(error.message, /queries are at their limit of 5 at a time, and nothing was sent$/);
    assert.deepEqual(notices, ["queries are at their limit of 5 at a time; waiting"]);
    assert.ok(clock.sleeps.length > 100, "it looks again until patience ends");
    running[0]!.release();
    running[0]!.release();
    (await ledger.reserve(KEY, "query")).release();
  });

  it("end by themselves after an hour", async () => {
    await Promise.all([1, 2, 3, 4, 5].map(() => ledger.reserve(KEY, "query")));
    clock.advance(HOUR + 1);
    await ledger.reserve(KEY, "query");
  });

  it("of an earlier process with the same id are freed", async () => {
    await Promise.all([1, 2, 3, 4, 5].map(() => ledger.reserve(KEY, "query")));
    const database = openDatabase(join(folder, "state", "ledger.db"));
    database.exec("UPDATE leases SET owner = 'an earlier process'");
    database.close();
    await ledger.reserve(KEY, "query");
  });
});

describe("what the ledger learns", () => {
  const policy = '"project";q=400;w=3600, "project-concurrency";q=7;qu="concurrent-requests"';

  it("replaces the published limits", async () => {
    (await ledger.reserve(KEY, "query")).release();
    ledger.observe(KEY, "query", 200, new Headers({ "RateLimit-Policy": policy }));
    await use(100, "query");
    const [entry] = await ledger.snapshot();
    assert.deepEqual(entry!.windows, [{ limit: 400, windowMs: HOUR, used: 101, nextFreeAt: undefined }]);
    assert.equal(entry!.concurrent, 7);
    assert.equal(entry!.isLearned, true);
  });

  it("is forgotten after a day without a repetition", async () => {
    await use(1, "query");
    ledger.observe(KEY, "query", 200, new Headers({ "RateLimit-Policy": policy }));
    clock.advance(25 * HOUR);
    await use(60, "query");
    await assert.rejects(ledger.reserve(KEY, "query"), MpError);
  });

  it("keeps everybody away for as long as Retry-After says", async () => {
    (await ledger.reserve(KEY, "query")).release({ counted: false });
    ledger.observe(KEY, "query", 429, new Headers({ "Retry-After": "1800", RateLimit: '"project";r=0' }));
    const other = open();
    const error = await failure(other.reserve(KEY, "query"));
    assert.match(error.message, /the server takes no more queries for now, and nothing was sent$/);
    assert.equal(error.retryAfterSeconds, 1800);
    clock.advance(1_800_000);
    await other.reserve(KEY, "query");
    other.close();
  });

  it("is nothing from a 429 without headers", async () => {
    (await ledger.reserve(KEY, "query")).release({ counted: false });
    ledger.observe(KEY, "query", 429, new Headers());
    await ledger.reserve(KEY, "query");
  });
});

describe("a host on this machine", () => {
  const local: LedgerKey = { host: "127.0.0.1:8080", project: "1", assumed: false };

  it("is counted from the first request, and not paced until it has announced a limit", async () => {
    for (let index = 0; index < 100; index++) (await ledger.reserve(local, "query")).release();
    ledger.observe(local, "query", 429, new Headers({ "Retry-After": "100" }));
    await ledger.reserve(local, "query");
    const [{ windows, isLearned }] = await ledger.snapshot() as [LedgerEntry];
    assert.deepEqual([windows, isLearned], [[{ limit: null, windowMs: HOUR, used: 101 }], false]);
    ledger.observe(local, "query", 200, new Headers({ "RateLimit-Policy": '"p";q=103;w=3600' }));
    for (let index = 0; index < 2; index++) (await ledger.reserve(local, "query")).release();
    await assert.rejects(ledger.reserve(local, "query"), /queries are at their limit of 103 an hour/);
  });
});

describe("snapshot and reset", () => {
  it("show what has been used, what runs and when the next slot is free", async () => {
    await use(2, "export");
    const reservation = await ledger.reserve(KEY, "export");
    const [entry] = await ledger.snapshot();
    const now = clock.now();
    assert.deepEqual(entry, {
      host: "mixpanel.com",
      project: "123",
      quota: "export",
      windows: [
        { limit: 60, windowMs: HOUR, used: 3, nextFreeAt: undefined },
        { limit: 3, windowMs: 1000, used: 3, nextFreeAt: now + 1000 },
      ],
      running: 1,
      concurrent: 100,
      blockedUntil: undefined,
      isLearned: false,
    });
    reservation.release();
  });

  it("forget everything", async () => {
    await use(60, "query");
    await ledger.reset();
    assert.deepEqual(await ledger.snapshot(), []);
    await use(1, "query");
  });
});

describe("a ledger whose file cannot be used", () => {
  async function works(broken: Ledger): Promise<void> {
    for (let index = 0; index < 70; index++) (await broken.reserve(KEY, "query")).release();
    broken.observe(KEY, "query", 429, new Headers({ "Retry-After": "5" }));
    assert.deepEqual(await broken.snapshot(), []);
    broken.close();
    assert.deepEqual(notices, []);
    assert.match(traces.join("\n"), /pacing: cannot open .*going on without/);
  }

  it("lets everything through when its folder is a file", async () => {
    writeFileSync(join(folder, "file"), "");
    await works(open(join(folder, "file", "ledger.db")));
  });

  it("lets everything through when it is damaged, and starts again after a reset", async () => {
    mkdirSync(join(folder, "state"));
    writeFileSync(
      join(folder, "state", "ledger.db"),
      "this is no database, and long enough to be noticed. ".repeat(50),
    );
    await works(open());
    ledger = open();
    await ledger.reset();
    await use(60, "query");
    await assert.rejects(ledger.reserve(KEY, "query"), MpError);
  });

  it("lets everything through when its folder is read-only", async () => {
    const readOnly = join(folder, "readonly");
    mkdirSync(readOnly);
    chmodSync(readOnly, 0o500);
    const broken = open(join(readOnly, "deep", "ledger.db"));
    for (let index = 0; index < 3; index++) (await broken.reserve(KEY, "query")).release();
    broken.close();
    chmodSync(readOnly, 0o700);
  });

  it("lets a request through when another process does not let go of the file", async () => {
    await use(1, "query");
    const database = openDatabase(join(folder, "state", "ledger.db"));
    database.exec("BEGIN IMMEDIATE");
    (await ledger.reserve(KEY, "query")).release();
    database.exec("ROLLBACK");
    database.close();
    assert.match(traces.join("\n"), /locked.*going on without/);
  });

  it("makes a folder for its owner alone", async () => {
    await use(1, "query");
    assert.equal((await fileInfo(join(folder, "state")))!.mode, 0o700);
  });
});
