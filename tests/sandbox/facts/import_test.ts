import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { type Lab, NOW_SECONDS, record } from "../lab.ts";
import { type Fact, facts } from "./facts.ts";

const PROJECT = `project_id=${SANDBOX.projectId}`;
const FAILED = "some data points in the request failed validation";
const json = { "content-type": "application/json" };
const imported = (lab: Lab, records: unknown, query: string, auth?: string) =>
  lab.send(`/import?${query}`, { method: "POST", body: JSON.stringify(records), headers: json, auth });

/** What a strict import says of one record, which the others survive. */
function refused(says: string, changes: Record<string, unknown>, message: string, event?: string): Fact {
  return {
    says,
    async holds(lab) {
      const bad = { ...record({ $insert_id: "bad", ...changes }), ...(event === undefined ? {} : { event }) };
      const { status, json } = await lab.import([record({ $insert_id: "good" }), bad]);
      assert.deepEqual([status, json.code, json.status, json.num_records_imported], [400, 400, "Bad Request", 1]);
      assert.equal(json.failed_records.length, 1);
      assert.equal(json.failed_records[0].index, 1);
      assert.equal(json.failed_records[0].message, message);
      assert.equal((await lab.exported()).length, 1);
    },
  };
}

const TIME = "'properties.time' is invalid: ";

facts("1.4", "/import", {
  "1.4-1": {
    says: "a strict import of good events answers code, number and OK",
    async holds(lab) {
      const { status, json } = await lab.import([record(), record({ $insert_id: "i-2" })]);
      assert.deepEqual([status, json], [200, { code: 200, num_records_imported: 2, status: "OK" }]);
    },
  },
  "1.4-2": {
    says: "strict=0 with nothing valid answers 200, status 0 and the reason",
    async holds(lab) {
      const { status, json } = await imported(lab, [{}], `${PROJECT}&strict=0&verbose=1`);
      assert.deepEqual([status, json], [200, { code: 200, error: FAILED, num_records_imported: 0, status: 0 }]);
    },
  },
  "1.4-3": {
    says: "without strict it behaves as non-strict",
    async holds(lab) {
      const { status, json } = await imported(lab, [record(), {}], PROJECT);
      assert.deepEqual([status, json.status, json.num_records_imported], [200, 1, 1]);
    },
  },
  "1.4-4": {
    says: "a form works too, and a verbose one answers status and error",
    async holds(lab) {
      for (const data of [JSON.stringify([record()]), btoa(JSON.stringify([record({ $insert_id: "i-2" })]))]) {
        const { json } = await lab.send(`/import?${PROJECT}`, {
          method: "POST",
          body: new URLSearchParams({ data, verbose: "1" }),
        });
        assert.deepEqual(json, { status: 1, error: null });
      }
      assert.equal((await lab.exported()).length, 2);
    },
  },
  "1.4-5": {
    says: "old SDKs send the secret as api_key in the body",
    async holds(lab) {
      const body = new URLSearchParams({ data: JSON.stringify([record()]), api_key: SANDBOX.secret });
      assert.equal((await lab.send("/import", { method: "POST", auth: "", body })).text, "1");
    },
  },
  "1.4-6": {
    says: "a project's token as user name does, without a project_id",
    async holds(lab) {
      const { json } = await imported(lab, [record()], "strict=1", `${SANDBOX.token}:`);
      assert.equal(json.num_records_imported, 1);
    },
  },
  "1.4-7": refused(
    "a missing time is refused in the server's words",
    { time: undefined },
    `${TIME}must not be missing`,
  ),
  "1.4-8": refused(
    "so is a time that is no number",
    { time: "soon" },
    `${TIME}must be specified as seconds since epoch`,
  ),
  "1.4-9": refused(
    "so is a time more than an hour ahead",
    { time: NOW_SECONDS + 3700 },
    `${TIME}must not be in the future`,
  ),
  "1.4-10": refused(
    "so is a missing distinct_id",
    { distinct_id: undefined },
    "'properties.distinct_id' is invalid: must not be missing",
  ),
  "1.4-11": refused(
    "so is an $insert_id of other characters",
    { $insert_id: "a_b" },
    "'$insert_id' is invalid: must only contain alphanumeric or hyphen '-' characters",
  ),
  "1.4-12": refused("so is a blank event", {}, "'event' must not be missing or blank", " "),
  "1.4-13": {
    says: "bytes that are not UTF-8 are refused by property",
    async holds(lab) {
      const [before, after] = JSON.stringify([record({ utm_source: "\u0001" })]).split("\\u0001") as [string, string];
      const encoder = new TextEncoder();
      const body = new Blob([encoder.encode(before), new Uint8Array([0xff]), encoder.encode(after)]);
      const { status, json: answer } = await lab.send(`/import?strict=1&${PROJECT}`, {
        method: "POST",
        body,
        headers: json,
      });
      assert.equal(status, 400);
      assert.equal(
        answer.failed_records[0].message,
        "properties.utm_source is invalid: string should be valid utf8",
      );
    },
  },
  "1.4-14": {
    says: "a failed record has index, insert_id, field and message",
    async holds(lab) {
      const { json } = await lab.import([record(), record({ time: undefined, $insert_id: "b2-77" })]);
      assert.deepEqual(json.failed_records, [
        { index: 1, insert_id: "b2-77", field: "properties.time", message: `${TIME}must not be missing` },
      ]);
      assert.equal(json.error, FAILED);
    },
  },
  "1.4-15": {
    says: "times are seconds or milliseconds, and no age is too great after 1971",
    async holds(lab) {
      const times = [NOW_SECONDS - 60, (NOW_SECONDS - 60) * 1000, 31_536_000];
      const { json } = await lab.import(times.map((time, n) => record({ time, $insert_id: `i-${n}` })));
      assert.equal(json.num_records_imported, 3);
    },
  },
  "1.4-16": refused(
    "a time before 1971 is refused",
    { time: 31_535_999 },
    `${TIME}must be specified as seconds since epoch`,
  ),
  "1.4-17": {
    says: "values that would join strangers are refused as distinct_id and as $insert_id, in any case",
    async holds(lab) {
      const worthless = [
        "00000000-0000-0000-0000-000000000000",
        "anon",
        "Anonymous",
        "nil",
        "none",
        "NULL",
        "n/a",
        "na",
      ]
        .concat(["undefined", "unknown", "<nil>", "0", "-1", "true", "false", "[]", "{}"]);
      for (const id of worthless) {
        const { json } = await lab.import([record({ distinct_id: id })]);
        assert.equal(json.failed_records?.[0].field, "properties.distinct_id", id);
      }
      for (const id of ["anon", "0", "NULL"]) {
        assert.equal((await lab.import([record({ $insert_id: id })])).json.failed_records[0].field, "$insert_id", id);
      }
    },
  },
  "1.4-18": {
    says: "an empty distinct_id is allowed",
    async holds(lab) {
      assert.equal((await lab.import([record({ distinct_id: "" })])).status, 200);
    },
  },
  "1.4-19": {
    says: "an $insert_id has at most 36 bytes",
    async holds(lab) {
      assert.equal((await lab.import([record({ $insert_id: "a".repeat(36) })])).status, 200);
      assert.equal((await lab.import([record({ $insert_id: "a".repeat(37) })])).status, 400);
    },
  },
  "1.4-20": {
    says: "a body that is too large is 413 in the server's words",
    settings: { importMaxBytes: 2_097_152 },
    async holds(lab) {
      const { status, json } = await lab.import([record({ p: Array(200_000).fill("x".repeat(10)) })]);
      assert.deepEqual([status, json], [413, {
        code: 413,
        error: "request exceeds max limit of 2097152 bytes",
        status: "Request Entity Too Large",
      }]);
    },
  },
  "1.4-21": {
    says: "wrong credentials are 401 in the words for each kind",
    async holds(lab) {
      const cases: [auth: string, query: string, status: number, error: RegExp][] = [
        ["stranger:x", PROJECT, 401, /^Not a valid service account username$/],
        [`${SANDBOX.username}:wrong`, PROJECT, 401, /^Invalid service account credentials$/],
        ["wrong:", "", 401, /^Unauthorized, invalid project secret\. See docs/],
        [`${SANDBOX.secret}:`, "project_id=5", 401, /^Credentials in request did not match project_id URL parameter$/],
      ];
      for (const [auth, query, status, error] of cases) {
        const answer = await imported(lab, [record()], query, auth);
        assert.deepEqual([answer.status, answer.json.code, answer.json.status], [status, status, "Unauthorized"], auth);
        assert.match(answer.json.error, error);
      }
    },
  },
});

facts("1.5", "copies of events", {
  "1.5-1": {
    says: "reports count the copies of an event once, by event, distinct_id, time and $insert_id; exports return all",
    async holds(lab) {
      for (let n = 0; n < 3; n++) await lab.import([record({ n })]);
      await lab.import([record({ $insert_id: "other" })]);
      const { json } = await lab.query("/segmentation", {
        event: "Signup",
        from_date: "2026-11-23",
        to_date: "2026-11-23",
      });
      assert.deepEqual(json.data.values, { Signup: { "2026-11-23": 2 } });
      assert.equal((await lab.exported()).length, 4);
    },
  },
  "1.5-2": {
    says: "the copy that came last is the one that counts",
    async holds(lab) {
      for (const plan of ["free", "pro"]) await lab.import([record({ plan })]);
      const { json } = await lab.query("/segmentation", {
        event: "Signup",
        from_date: "2026-11-23",
        to_date: "2026-11-23",
        on: 'properties["plan"]',
      });
      assert.deepEqual(json.data.values, { pro: { "2026-11-23": 1 } });
    },
  },
});
