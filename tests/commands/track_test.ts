import assert from "node:assert/strict";
import { describe, it } from "node:test";
import track from "../../src/commands/track.ts";
import { readAssignment } from "../../src/cli/assignments.ts";
import { readTime } from "../../src/commands/track/shared/track_event.ts";
import { MpError } from "../../src/errors.ts";
import type { WireRequest } from "../../src/client/types.ts";
import { recordsOf } from "../jobs/fake_client.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { runWithFakes } from "./run_with_fakes.ts";
import { readFileSync } from "node:fs";
import { runProgram } from "../helpers/world.ts";

const nowMs = Date.UTC(2026, 10, 1);
const folder = temporaryFolder();
const accepted = () => '{"error":null,"status":1}';

describe("mp track with a property that has no flag", () => {
  it("says how it is written", async () => {
    const { code, stderr } = await runProgram(["track", "Test", "--distinct-id", "u", "plan=my pro"], { env: {} });
    assert.equal(code, 3);
    assert.match(stderr, /expected but got 2\nhint: did you mean --property 'plan=my pro'\?\n$/);
  });
});

describe("mp track with an event", () => {
  it("sends it with the token, the time and a random id", async () => {
    const argv = ["Sign Up", "--distinct-id", "u-1", "--property", "plan=pro", "--property", "seats:=3"];
    const { client, exitCode, notes, stdout } = await runWithFakes(track, argv, { respond: accepted });
    assert.equal(exitCode, 0);
    assert.deepEqual(notes, ['Tracked "Sign Up" for u-1']);
    assert.equal(stdout, "");
    const request = client.requests[0] as WireRequest;
    assert.deepEqual([request.method, request.family, request.path], ["POST", "ingestion", "/track"]);
    assert.deepEqual(request.query, [["verbose", "1"], ["ip", "0"]]);
    assert.deepEqual([request.auth, request.repeatable, request.projectIn], [[], true, "none"]);
    const [{ event, properties }] = recordsOf(request) as [ReturnType<typeof recordsOf>[number]];
    const { $insert_id, ...rest } = properties;
    assert.equal(event, "Sign Up");
    assert.match(String($insert_id), /^[0-9a-f-]{36}$/);
    assert.deepEqual(rest, { token: "token-1", plan: "pro", seats: 3, distinct_id: "u-1", time: nowMs });
  });

  it("takes properties as JSON, from a file too, and lets single ones win", async () => {
    const argv = ["E", "--properties", "@p.json", "--property", "a=2", "--insert-id", "i-1", "--time", "1793000000"];
    const files = { "p.json": '{"a": 1, "big": 9223372036854775807, "distinct_id": "u", "token": "mine"}' };
    const { client, exitCode } = await runWithFakes(track, argv, { respond: accepted, files, nowMs: 1793000000_000 });
    assert.equal(exitCode, 0);
    const { body } = client.requests[0] as WireRequest;
    assert.equal(
      body?.kind === "json" && body.text,
      '[{"event":"E","properties":{"a":"2","big":9223372036854775807,"distinct_id":"u","token":"mine",' +
        '"time":1793000000,"$insert_id":"i-1"}}]',
    );
  });

  it("sends a form with base64 when asked to, and the sender's address", async () => {
    const argv = ["E", "--distinct-id", "u", "--encoding", "form", "--ip"];
    const { client } = await runWithFakes(track, argv, { respond: accepted });
    const { body, query } = client.requests[0] as WireRequest;
    assert.ok(body?.kind === "form");
    assert.deepEqual(body.fields.map(({ name, base64 }) => [name, base64]), [["data", true]]);
    assert.equal(JSON.parse(body.fields[0]?.value ?? "")[0].event, "E");
    assert.deepEqual(query, [["verbose", "1"], ["ip", "1"]]);
  });

  it("prints the answer when a format is asked for", async () => {
    const { printed } = await runWithFakes(track, ["E", "--distinct-id", "u", "-f", "json"], { respond: accepted });
    assert.deepEqual(printed, [{ error: null, status: 1 }]);
  });

  for (
    const [name, argv, message] of [
      ["without a user", ["E"], /^Cannot track "E": 'properties.distinct_id' is invalid: must not be missing$/],
      ["of nobody", ["E", "--distinct-id", "null"], /must not be "null"$/],
      ["without a name", [" ", "--distinct-id", "u"], /must not be missing or blank$/],
      ["of last year", ["E", "--distinct-id", "u", "--time", "2025-01-01"], /five days ago; 'mp import'/],
      [
        "of next year",
        ["E", "--distinct-id", "u", "--time", "2027-01-01"],
        /must not be in the future: 2027-01-01T00:00:00Z$/,
      ],
      ["with a bad id", ["E", "--distinct-id", "u", "--insert-id", "a b"], /'\$insert_id' is invalid/],
      ["with a property that is none", ["E", "--distinct-id", "u", "--property", "plan"], /not NAME=TEXT/],
      ["with JSON that is none", ["E", "--distinct-id", "u", "--property", "n:=x"], /"x" is not JSON$/],
    ] as const
  ) {
    it(`sends no event ${name}`, async () => {
      const { client, exitCode, error } = await runWithFakes(track, [...argv], { respond: accepted });
      assert.match(error?.message ?? "", message);
      assert.equal(exitCode, 3);
      assert.equal(client.requests.length, 0);
    });
  }
});

describe("mp track with a pipe", () => {
  it("sends many in one request, with what they lack", async () => {
    const stdin = '{"event":"A","properties":{"distinct_id":"u"}}\n' +
      '{"event":"B","properties":{"distinct_id":"u","time":1793404800,"$insert_id":"k","big":9223372036854775807}}\n';
    for (const argv of [[], ["-"]]) {
      const { client, exitCode, notes } = await runWithFakes(track, argv, { respond: accepted, stdin });
      assert.equal(exitCode, 0);
      assert.match(notes[0] ?? "", /^Tracked 2 events, /);
      assert.equal(client.requests.length, 1);
      const [first, second] = recordsOf(client.requests[0] as WireRequest);
      assert.deepEqual([first?.properties.time, first?.properties.token], [nowMs, "token-1"]);
      assert.equal(second?.properties.$insert_id, "k");
      const { body } = client.requests[0] as WireRequest;
      assert.match(body?.kind === "json" ? body.text : "", /"big":9223372036854775807/);
    }
  });

  it("keeps rejected ones and their reasons", async () => {
    const rejects = folder.path("rejects.jsonl");
    const stdin =
      '{"event":"A","properties":{"distinct_id":"u"}}\nnot json\n{"event":"","properties":{"distinct_id":"u"}}\n';
    const { client, exitCode, notes } = await runWithFakes(track, ["-", "--rejects", rejects], {
      respond: accepted,
      stdin,
    });
    assert.equal(exitCode, 8);
    assert.equal(recordsOf(client.requests[0] as WireRequest).length, 1);
    assert.match(
      notes.join("\n"),
      /^Tracked 1 of 3 events, .*; 2 rejected\n {2}line 2: not valid JSON\n {2}line 3: 'event'/,
    );
    assert.deepEqual(readFileSync(rejects, "utf8").trim().split("\n").map((line) => JSON.parse(line)), [
      {
        source: "standard input",
        line: 2,
        reason: "not valid JSON",
        record: "not json",
        read_with: { command: "track" },
      },
      {
        source: "standard input",
        line: 3,
        field: "event",
        reason: "'event' must not be missing or blank",
        record: { event: "", properties: { distinct_id: "u" } },
        read_with: { command: "track" },
      },
    ]);
  });

  it("fails when the server refuses", async () => {
    const respond = () => Promise.reject(new MpError("Cannot POST …/track: refused", { category: "input" }));
    const stdin = '{"event":"A","properties":{"distinct_id":"u"}}\n';
    const { exitCode, error } = await runWithFakes(track, ["-"], { respond, stdin });
    assert.deepEqual([exitCode, error?.message], [3, "Cannot POST …/track: refused"]);
  });

  it("wants a pipe, and no flags for a single event", async () => {
    assert.match((await runWithFakes(track, [])).error?.message ?? "", /^Cannot track: no event is named$/);
    const { error } = await runWithFakes(track, ["--distinct-id", "u"], { stdin: "{}\n" });
    assert.equal(error?.message, "Cannot use --distinct-id for events from standard input");
  });
});

describe("a property on the command line", () => {
  it("is text after =, and JSON after :=", () => {
    const read = (text: string) => readAssignment(text)[1];
    assert.deepEqual(readAssignment("a=b=c"), ["a", "b=c"]);
    assert.deepEqual(readAssignment("a b="), ["a b", ""]);
    assert.deepEqual(readAssignment("$city:=null"), ["$city", null]);
    assert.deepEqual(read('a:=[1,"x"]'), [1, "x"]);
    assert.equal(read("a=:=5"), ":=5");
    assert.equal(read("n=5"), "5");
    for (const text of ["=x", ":=x", "x", ""]) assert.throws(() => readAssignment(text), { category: "input" });
  });
});

describe("a time on the command line", () => {
  it("is a number as it is, or a date in milliseconds, in UTC unless it says otherwise", () => {
    assert.equal(readTime("1793000000"), 1793000000);
    assert.equal(readTime("1793000000.5"), 1793000000.5);
    assert.equal(readTime("2026-01-31"), Date.UTC(2026, 0, 31));
    assert.equal(readTime("2026-01-31T10:00:00Z"), Date.UTC(2026, 0, 31, 10));
    assert.equal(readTime("2026-01-31 10:00"), Date.UTC(2026, 0, 31, 10));
    assert.equal(readTime("2026-01-31t10:00:00.250+02:00"), Date.UTC(2026, 0, 31, 8, 0, 0, 250));
  });

  it("is nothing else", () => {
    for (const text of ["2026-02-30", "2026-13-01", "yesterday", "31.1.2026", "", "2026-01-31T25:00", "1e9", "-5"]) {
      assert.throws(() => readTime(text), { code: "bad_time" }, text);
    }
  });
});
