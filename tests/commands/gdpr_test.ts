import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileInfo, readTextFile } from "../../src/runtime/files/files.ts";
import { writeFileAtomically } from "../../src/runtime/files/files.ts";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { type FakeClock, fakeClock } from "../helpers/fake_clock.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { NOW_MS, type WorldOptions } from "../helpers/world.ts";
import { record } from "../sandbox/lab.ts";
import { rowOfRecord } from "../../src/sandbox/ingestion/event_row.ts";
import { addFaults } from "../helpers/sandbox_faults.ts";

const FIRST = "1000000000000001001";
let clock: FakeClock;
let lab: ProgramLab;
const files = temporaryFolder();

const mp = (line: string, world: WorldOptions = {}) => lab.mp(["gdpr", ...line.split(" ")], world);
const sent = () => lab.requests.map(({ method, path }) => `${method} ${path}`);

async function withLab(work: () => Promise<void>, settings = {}): Promise<void> {
  clock = fakeClock(NOW_MS);
  lab = openProgramLab(settings, clock);
  try {
    await work();
  } finally {
    await lab.stop();
  }
}

describe("gdpr retrieve", () => {
  it("makes a task with the OAuth token and the project's token", () =>
    withLab(async () => {
      const { code, stdout, stderr } = await mp("retrieve u-1 u-2 --compliance-type CCPA --disclosure-type SOURCES");
      assert.equal(code, 0, stderr);
      const [request] = lab.requests;
      assert.equal(sent()[0], "POST /api/app/data-retrievals/v3.0/");
      assert.deepEqual(request!.query, { token: SANDBOX.token });
      assert.equal(request!.headers.get("authorization"), `Bearer ${SANDBOX.oauthToken}`);
      assert.deepEqual(JSON.parse(request!.text), {
        distinct_ids: ["u-1", "u-2"],
        compliance_type: "CCPA",
        disclosure_type: "Sources",
      });
      assert.deepEqual(JSON.parse(stdout), { status: "ok", results: { task_id: FIRST } });
      assert.equal(stderr, `Made retrieval ${FIRST} for 2 users\nSee how far it is: mp gdpr status ${FIRST}\n`);
    }));

  it("understands the list of tasks that the guide shows", () =>
    withLab(async () => {
      const { stdout } = await mp("retrieve u-1 -f csv");
      assert.equal(stdout, `tracking_id,users\n${FIRST},1\n`);
    }, { gdprListAnswers: true }));

  it("takes ids from a file of lines and JSON, and sends as many as a task takes, one request a second", () =>
    withLab(async () => {
      const path = files.path("ids.txt");
      const ids = Array.from({ length: 2001 }, (_, index) => `u-${index}`);
      await writeFileAtomically(path, `${ids.slice(0, 1999).join("\n")}\r\n\n"u-1999"\n{"$distinct_id": "u-2000"}\n`);
      const { code, stdout, stderr } = await lab.mp(["gdpr", "retrieve", "--file", path]);
      assert.equal(code, 0, stderr);
      const bodies = lab.requests.map(({ text }) => JSON.parse(text).distinct_ids as string[]);
      assert.deepEqual(bodies.map((one) => one.length), [2000, 1]);
      assert.deepEqual(bodies.flat(), ids);
      assert.deepEqual(clock.sleeps, [1000]);
      assert.equal(JSON.parse(stdout).length, 2);
    }));

  it("counts each id once, however often it is given", () =>
    withLab(async () => {
      const { code, stderr } = await mp("retrieve --file -", { stdin: 'u-1\nu-2\nu-1\n"u-2"\n' });
      assert.equal(code, 0, stderr);
      assert.deepEqual(JSON.parse(lab.requests.at(-1)!.text).distinct_ids, ["u-1", "u-2"]);
      assert.match(stderr, /for 2 users/);
      await mp("retrieve u-3 u-3");
      assert.deepEqual(JSON.parse(lab.requests.at(-1)!.text).distinct_ids, ["u-3"]);
    }));

  it("takes the body whole, and ids beyond 2^53 as they are", () =>
    withLab(async () => {
      await mp('retrieve --data {"distinct_ids":["a",12345678901234567890]}');
      assert.equal(lab.requests[0]!.text, '{"distinct_ids":["a","12345678901234567890"]}');
    }));

  it("follows the task until it has ended, with pauses that grow", () =>
    withLab(async () => {
      const { code, stdout, stderr } = await mp("retrieve u-1 --wait");
      assert.equal(code, 0, stderr);
      assert.deepEqual(clock.sleeps, [2000, 3000, 4500, 6750]);
      const states = [...stderr.matchAll(/is ([A-Z]+)/g)].map((match) => match[1]);
      assert.deepEqual(states, ["PENDING", "STAGING", "SUCCESS"]);
      assert.equal(JSON.parse(stdout).results.status, "SUCCESS");
    }));

  it("says how to go on when Mixpanel refuses a later request", () =>
    withLab(async () => {
      const fault = { path: "/api/app/data-retrievals*", kind: "answer", status: 403, body: { error: "no" }, skip: 1 };
      await addFaults(lab.url, fault);
      const failed = await mp("retrieve a b c d --batch 2");
      assert.equal(failed.code, 2, failed.stderr);
      assert.match(failed.stderr, /2 users were sent; go on after them with --skip 2/);
      assert.equal(JSON.parse(failed.stdout).results.task_id.length, 19);
      lab.requests.length = 0;
      assert.equal((await mp("retrieve a b c d --batch 2 --skip 2")).code, 0);
      assert.deepEqual(JSON.parse(lab.requests[0]!.text).distinct_ids, ["c", "d"]);
    }));

  it("refuses without sending: no ids, two sources, too large a batch, a law that there is not", () =>
    withLab(async () => {
      for (
        const [line, message] of [
          ["retrieve", /there are no ids/],
          ["retrieve u-1 --file x.txt", /more than one place/],
          ["retrieve u-1 --batch 2001", /--batch/],
          ["retrieve u-1 --compliance-type GDPRR", /--compliance-type/],
          ["retrieve u-1 --disclosure-type Sources", /for CCPA only/],
          ["retrieve u-1 --compliance-type CCPA --disclosure-type x", /is not one of Data, Categories, Sources/],
          ['retrieve --data {"distinct_ids":"u-1"}', /distinct_ids/],
          ['retrieve --data {"ids":["u-1"]}', /--data/],
          ["retrieve u-1 --wait --every soon", /is not a span of time/],
        ] as const
      ) {
        const { code, stderr } = await mp(line);
        assert.equal(code, 3, `${line}: ${stderr}`);
        assert.match(stderr, message);
      }
      assert.deepEqual(lab.requests, []);
      const noId = await mp("retrieve --file -", { stdin: 'u-1\n{"name": "x"}\n' });
      assert.match(noId.stderr, /Cannot read line 2 of standard input: there is no distinct id/);
    }));

  it("says that it needs an OAuth token", () =>
    withLab(async () => {
      const { code, stderr } = await mp("retrieve u-1", { env: { MP_OAUTH_TOKEN: "" } });
      assert.equal(code, 2);
      assert.match(stderr, /needs an OAuth token/);
      assert.deepEqual(lab.requests, []);
    }));
});

describe("gdpr delete", () => {
  it("asks first: without a terminal and --yes nothing is sent", () =>
    withLab(async () => {
      const path = files.path("three.txt");
      await writeFileAtomically(path, "a\nb\nc\n");
      const { code, stderr } = await lab.mp(["gdpr", "delete", "--file", path, "--skip", "1"]);
      assert.equal(code, 3);
      assert.match(stderr, /Project 1000001, .*: Delete all events and the profile of 2 users, "b", "c" permanently\?/);
      assert.deepEqual(lab.requests, []);
    }));

  it("deletes events and profiles when its time has come, of these users only", () =>
    withLab(async () => {
      const events = ["u-1", "u-2"].map((distinct_id) => rowOfRecord(record({ distinct_id, $insert_id: distinct_id })));
      lab.store.events.append(SANDBOX.projectId, events);
      lab.store.profiles.putAll(
        SANDBOX.projectId,
        ["u-1", "u-2"].map((distinctId) => ({ distinctId, properties: {} })),
      );
      const { code, stdout, stderr } = await mp("delete --file - --wait --yes", { stdin: "u-1\n" });
      assert.equal(code, 0, stderr);
      assert.equal(sent()[0], "POST /api/app/data-deletions/v3.0/");
      assert.deepEqual(JSON.parse(lab.requests[0]!.text), { distinct_ids: ["u-1"] });
      assert.equal(JSON.parse(stdout).results.status, "SUCCESS");
      assert.equal(lab.store.events.count(SANDBOX.projectId), 1);
      assert.equal(lab.store.profiles.count(SANDBOX.projectId), 1);
    }));
});

describe("gdpr status, wait and cancel", () => {
  it("looks for a task among retrievals, then deletions", () =>
    withLab(async () => {
      await mp("delete u-1 --yes");
      lab.requests.length = 0;
      const { stdout } = await mp(`status ${FIRST} -f csv`);
      assert.equal(stdout, "kind,status,users,result\ndeletion,PENDING,1,\n");
      assert.deepEqual(sent(), [
        `GET /api/app/data-retrievals/v3.0/${FIRST}`,
        `GET /api/app/data-deletions/v3.0/${FIRST}`,
      ]);
      lab.requests.length = 0;
      assert.equal((await mp(`status ${FIRST} --kind deletion`)).code, 0);
      assert.deepEqual(sent(), [`GET /api/app/data-deletions/v3.0/${FIRST}`]);
      const missing = await mp("status 17");
      assert.equal(missing.code, 4);
      assert.match(missing.stderr, /Cannot find retrieval or deletion 17/);
    }));

  it("cancels until the deletion has started, and says so afterwards", () =>
    withLab(async () => {
      await mp("delete u-1 --yes");
      await mp("delete u-2 --yes");
      lab.requests.length = 0;
      const { code, stdout, stderr } = await mp(`cancel ${FIRST}`);
      assert.deepEqual([code, stdout, stderr], [0, "", `Deletion ${FIRST} is cancelled\n`]);
      assert.deepEqual(sent(), [`DELETE /api/app/data-deletions/v3.0/${FIRST}`]);
      assert.equal(lab.requests[0]!.text, "");
      const waited = await mp(`wait ${FIRST}`);
      assert.equal(waited.code, 1);
      assert.match(waited.stderr, /it was cancelled/);
      clock.advance(10_000);
      const late = await mp("cancel 1000000000000001002");
      assert.equal(late.code, 1);
      assert.match(late.stderr, /Cannot cancel deletion 1000000000000001002: it has started/);
      assert.equal((await mp("cancel 17")).code, 4);
    }));

  it("waits with a pause of one's own, and gives up when told to", () =>
    withLab(async () => {
      await mp("retrieve u-1");
      const { code, stderr } = await mp(`wait ${FIRST} --every 4s --give-up-after 9s`);
      assert.equal(code, 1);
      assert.deepEqual(clock.sleeps, [4000, 4000]);
      assert.match(stderr, new RegExp(`Cannot wait longer for retrieval ${FIRST}: it is STAGING`));
    }));
});

describe("gdpr download", () => {
  it("writes what is stored about the users to a private file", () =>
    withLab(async () => {
      lab.store.events.append(SANDBOX.projectId, [
        rowOfRecord(record({ plan: "pro" })),
        rowOfRecord(record({ distinct_id: "x" })),
      ]);
      lab.store.profiles.putAll(SANDBOX.projectId, [{ distinctId: "u-1", properties: { $name: "Ann" } }]);
      await mp("retrieve u-1");
      const early = await mp(`download ${FIRST}`);
      assert.equal(early.code, 1);
      assert.match(early.stderr, /it is PENDING, and has no result\nhint: mp gdpr download \d+ --wait/);
      const path = files.path("result.jsonl");
      const { code, stderr } = await lab.mp(["gdpr", "download", FIRST, "--wait", "-o", path]);
      assert.equal(code, 0, stderr);
      const lines = (await readTextFile(path))!.trim().split("\n").map((line) => JSON.parse(line));
      assert.deepEqual(lines[0], { $distinct_id: "u-1", $properties: { $name: "Ann" } });
      assert.deepEqual(lines.slice(1).map((one) => [one.event, one.properties.plan]), [["Signup", "pro"]]);
      assert.equal((await fileInfo(path))!.mode, 0o600);
      const result = lab.requests.at(-1)!;
      assert.match(result.path, /^\/sandbox\/retrievals\//);
      assert.equal(result.headers.get("authorization"), null);
      const piped = await mp(`download ${FIRST} -o -`);
      assert.equal(piped.stdout, await readTextFile(path));
    }));

  it("needs the result's whole link", () =>
    withLab(async () => {
      await mp("retrieve u-1");
      clock.advance(60_000);
      const task = lab.store.savedObjects.get<{ key: string }>(SANDBOX.projectId, "gdpr_task", 1001)!;
      const { code, stderr } = await mp(`status ${FIRST}`);
      assert.equal(code, 0, stderr);
      const url = `${lab.url}/sandbox/retrievals/${FIRST}/${task.key}.jsonl`;
      assert.equal((await fetch(url)).status, 200);
      assert.equal((await fetch(url.replace(task.key, "guess"))).status, 404);
    }));
});
