import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { USERS } from "../../../src/api/profile_updates.ts";
import { updateProfiles as operation } from "../../../src/api/profiles.ts";
import { MpError } from "../../../src/errors.ts";
import { lineRecords } from "../../../src/records/read/line_records.ts";
import type { RejectedRecord } from "../../../src/jobs/import/batch.ts";
import type { RecordSource } from "../../../src/records/read/record_source.ts";
import { sendProfileUpdates, updateProblem } from "../../../src/jobs/profiles/update_profiles.ts";
import { fakeClock } from "../../helpers/fake_clock.ts";
import { fakeClient, recordsOf } from "../fake_client.ts";
import { rawText } from "../import/raw_text.ts";

const OK = '{"error":null,"status":1}';
const source = (lines: string[]): RecordSource => ({
  name: "updates.jsonl",
  open: () => new Blob([lines.join("\n")]).stream(),
});
const update = (index: number) => JSON.stringify({ $distinct_id: "u", $set: { n: index } });
const options = { kind: USERS, clock: fakeClock(0) };

describe("sending updates of profiles", () => {
  it("waits for each request, so that updates stay in their order", async () => {
    let running = 0;
    const client = fakeClient(async () => {
      running++;
      await Promise.resolve();
      assert.equal(running--, 1);
      return OK;
    });
    const lines = Array.from({ length: 4500 }, (_, index) => update(index));
    const summary = await sendProfileUpdates(client, operation, lineRecords([source(lines)]), options);
    assert.deepEqual([summary.read, summary.accepted, summary.requests], [4500, 4500, 3]);
    const sent = client.requests.flatMap((request) => recordsOf(request) as unknown as { $set: { n: number } }[]);
    assert.deepEqual(sent.map((one) => one.$set.n), lines.map((_, index) => index));
  });

  it("starts a new request where one becomes too large", async () => {
    const client = fakeClient(() => OK);
    const large = JSON.stringify({ $distinct_id: "u", $set: { text: "x".repeat(900_000) } });
    await sendProfileUpdates(client, operation, lineRecords([source(Array(6).fill(large))]), options);
    assert.deepEqual(client.requests.map((request) => recordsOf(request).length), [4, 2]);
  });

  it("rejects an update of more than a megabyte", async () => {
    const rejected: RejectedRecord[] = [];
    const huge = JSON.stringify({ $distinct_id: "u", $set: { text: "x".repeat(1_100_000) } });
    const onReject = (record: RejectedRecord) => void rejected.push(record);
    const summary = await sendProfileUpdates(fakeClient(() => OK), operation, lineRecords([source([huge])]), {
      ...options,
      onReject,
    });
    assert.deepEqual([summary.rejected, summary.requests], [1, 0]);
    assert.match(rejected[0]!.reason, /larger than 1 MB/);
  });

  it("says how to go on when it is stopped, and that not every update may be repeated", async () => {
    let requests = 0;
    const client = fakeClient(() => {
      if (++requests === 1) return OK;
      throw new MpError("Cannot POST /engage: the service is unavailable", { category: "server" });
    });
    const lines = Array.from({ length: 2100 }, (_, index) => update(index));
    await assert.rejects(sendProfileUpdates(client, operation, lineRecords([source(lines)]), options), {
      hint: "run the command again with --skip-lines 2000 to go on; $add and $append that are sent twice count twice",
    });
  });

  const refusing = () =>
    fakeClient((request) => {
      const users = recordsOf(request) as unknown as { $set: { n: number } }[];
      if (!users.some(({ $set }) => $set.n % 1000 === 7)) return OK;
      throw new MpError("Cannot POST /engage: the server refused what was sent", {
        category: "input",
        code: "refused",
        status: 200,
        serverMessage: "$distinct_id, invalid",
      });
    });

  it("finds out which updates of a request are refused, where they may be sent twice, and keeps their order", async () => {
    const rejected: RejectedRecord[] = [];
    const lines = Array.from({ length: 2500 }, (_, index) => update(index));
    const client = refusing();
    const summary = await sendProfileUpdates(client, operation, lineRecords([source(lines)]), {
      ...options,
      onlyRepeatable: true,
      onReject: (record) => void rejected.push(record),
    });
    assert.deepEqual([summary.read, summary.accepted, summary.rejected], [2500, 2497, 3]);
    assert.deepEqual(rejected.map((one) => [one.line, one.reason, rawText(one)]), [
      [8, "$distinct_id, invalid", update(7)],
      [1008, "$distinct_id, invalid", update(1007)],
      [2008, "$distinct_id, invalid", update(2007)],
    ]);
    const taken = client.requests.map((request) => recordsOf(request) as unknown as { $set: { n: number } }[])
      .filter((users) => !users.some(({ $set }) => $set.n % 1000 === 7));
    assert.deepEqual(
      taken.flat().map(({ $set }) => $set.n),
      lines.map((_, index) => index).filter((index) => index % 1000 !== 7),
    );
    assert.ok(client.requests.length < 80, `${client.requests.length} requests`);
  });

  it("stops at a refusal where sending twice counts twice, and where it is about the project's token", async () => {
    const lines = [update(7), update(8)];
    await assert.rejects(sendProfileUpdates(refusing(), operation, lineRecords([source(lines)]), options), {
      serverMessage: "$distinct_id, invalid",
    });
    const client = fakeClient(() => {
      throw new MpError("refused", { category: "input", code: "refused", serverMessage: "$token, missing or empty" });
    });
    const repeatable = { ...options, onlyRepeatable: true };
    await assert.rejects(sendProfileUpdates(client, operation, lineRecords([source(lines)]), repeatable), {
      serverMessage: "$token, missing or empty",
    });
    assert.equal(client.requests.length, 1);
  });

  it("names the field that is wrong", () => {
    const cases: [unknown, string | undefined, RegExp][] = [
      [7, undefined, /^the update 7 must be an object$/],
      [{ $set: {} }, "$distinct_id", /^\$distinct_id: not an id$/],
      [{ $distinct_id: "u", $unset: "a" }, "$unset", /^\$unset must be a list$/],
      [{ $distinct_id: "u", $union: { a: [] } }, "$union.a", /^\$union\.a must not be empty$/],
    ];
    for (const [value, field, reason] of cases) {
      const problem = updateProblem(value, USERS);
      assert.equal(problem?.field, field);
      assert.match(problem?.reason ?? "", reason);
    }
    assert.equal(updateProblem({ $distinct_id: 1, $delete: null }, USERS), undefined);
  });
});
