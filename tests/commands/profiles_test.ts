import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";

let lab: ProgramLab;
before(() => void (lab = openProgramLab()));
after(() => lab.stop());

const stored = (id: string) => {
  const { $last_seen: _seen, ...properties } = lab.store.profiles.get(SANDBOX.projectId, "", id) ?? {};
  return properties;
};

/** The updates that a command sends, without the token, which all must have. */
async function updatesOf(argv: string[]): Promise<{ updates: Record<string, unknown>[]; stderr: string }> {
  const { method, path, query, text, stdout, stderr } = await lab.sends(["profiles", ...argv]);
  assert.deepEqual([method, path, query.verbose, stdout], ["POST", "/engage", "1", ""]);
  const updates = (JSON.parse(text) as Record<string, unknown>[]).map(({ $token, ...update }) => {
    assert.equal($token, SANDBOX.token);
    return update;
  });
  return { updates, stderr };
}

describe("changing a profile", () => {
  it("sets properties, from assignments and JSON together", async () => {
    const { updates, stderr } = await updatesOf([
      "set",
      "s",
      "plan=pro",
      "seats:=3",
      "--properties",
      '{"seats":1,"a":[1]}',
    ]);
    assert.deepEqual(updates, [{ $distinct_id: "s", $set: { seats: 3, a: [1], plan: "pro" } }]);
    assert.equal(stderr, "Set seats, a, plan of s\n");
    assert.deepEqual(stored("s"), { seats: 3, a: [1], plan: "pro" });
  });

  it("sets properties once", async () => {
    await updatesOf(["set-once", "o", "campaign=spring"]);
    const { updates } = await updatesOf(["set-once", "o", "campaign=autumn", "b=1"]);
    assert.deepEqual(updates, [{ $distinct_id: "o", $set_once: { campaign: "autumn", b: "1" } }]);
    assert.deepEqual(stored("o"), { campaign: "spring", b: "1" });
  });

  it("adds numbers, typed with a colon or without", async () => {
    await updatesOf(["add", "n", "logins=1", "credits=-10"]);
    const { updates } = await updatesOf(["add", "n", "logins:=2.5", "--properties", '{"credits":9007199254740993}']);
    assert.deepEqual(updates, [{ $distinct_id: "n", $add: { credits: 9007199254740992, logins: 2.5 } }]);
    assert.match(lab.requests.at(-1)!.text, /9007199254740993/);
    assert.deepEqual(stored("n"), { logins: 3.5, credits: 9007199254740983 });
  });

  it("appends each value, the second of a property in a second update", async () => {
    const { updates } = await updatesOf(["append", "a", "city=Rome", "city=Oslo", "n:=1"]);
    assert.deepEqual(updates, [
      { $distinct_id: "a", $append: { city: "Rome", n: 1 } },
      { $distinct_id: "a", $append: { city: "Oslo" } },
    ]);
    assert.deepEqual(stored("a"), { city: ["Rome", "Oslo"], n: [1] });
  });

  it("unites lists, and removes from them", async () => {
    const { updates } = await updatesOf(["union", "l", "tags=x", 'tags:=["y","x"]', "more:=1"]);
    assert.deepEqual(updates, [{ $distinct_id: "l", $union: { tags: ["x", "y", "x"], more: [1] } }]);
    assert.deepEqual(stored("l"), { tags: ["x", "y"], more: [1] });
    await updatesOf(["remove", "l", "tags=x", "tags=z"]);
    assert.deepEqual(stored("l"), { tags: ["y"], more: [1] });
  });

  it("deletes properties", async () => {
    await updatesOf(["set", "d", "a=1", "b=2", "c=3"]);
    const { updates, stderr } = await updatesOf(["unset", "d", "a", "c", "a"]);
    assert.deepEqual(updates, [{ $distinct_id: "d", $unset: ["a", "c"] }]);
    assert.equal(stderr, "Deleted a, c of d\n");
    assert.deepEqual(stored("d"), { b: "2" });
  });

  it("says when and where, and leaves $last_seen alone when told to", async () => {
    const where = ["--latitude", "59.9", "--longitude", "10.7", "--ip-address", "203.0.113.7"];
    const { updates } = await updatesOf([
      "set",
      "w",
      "a=1",
      "--time",
      "2026-01-31T10:00:00Z",
      "--ignore-time",
      ...where,
    ]);
    assert.deepEqual(updates, [{
      $distinct_id: "w",
      $set: { a: "1" },
      $ignore_time: true,
      $time: 1769853600,
      $ip: "203.0.113.7",
      $latitude: 59.9,
      $longitude: 10.7,
    }]);
  });

  it("sends switches in the query string", async () => {
    const { query } = await lab.sends(["profiles", "set", "q", "a=1", "--ip", "--strict"]);
    assert.deepEqual(query, { verbose: "1", ip: "1", strict: "1" });
    const plain = await lab.sends(["profiles", "set", "q", "a=1"]);
    assert.deepEqual(plain.query, { verbose: "1", ip: "0" });
  });

  it("prints the answer only when a format is asked for", async () => {
    const { stdout } = await lab.sends(["profiles", "set", "f", "a=1", "-f", "json"]);
    assert.deepEqual(JSON.parse(stdout), { error: null, status: 1 });
  });

  it("refuses what cannot be sent, before it is sent", async () => {
    const refused: [string[], RegExp][] = [
      [["set", "u"], /no property is named\nhint: mp profiles set u-1 plan=pro/],
      [["set", "u", "plan"], /Cannot use "plan": not NAME=TEXT/],
      [["add", "u", "n=many"], /Cannot add "many" to n: it is not a number/],
      [["add", "u", "--properties", '{"n":"x"}'], /Cannot change a profile: n: not a number/],
      [["union", "u", "--properties", "[]"], /--properties must be an object/],
      [["set", "u", "a=1", "--latitude", "1"], /--latitude without --longitude/],
      [["set", "u", "a=1", "--time", "2026-02-30"], /not a time/],
      [["set"], /<distinct-id> is missing/],
    ];
    const before = lab.requests.length;
    for (const [argv, message] of refused) {
      const { code, stderr } = await lab.mp(["profiles", ...argv]);
      assert.equal(code, 3, stderr);
      assert.match(stderr, message);
    }
    assert.equal(lab.requests.length, before);
  });
});

describe("profiles delete", () => {
  it("asks, and without a terminal wants --yes", async () => {
    await lab.mp(["profiles", "set", "x-1", "a=1"]);
    const refused = await lab.mp(["profiles", "delete", "x-1"]);
    assert.equal(refused.code, 3);
    assert.match(refused.stderr, /Delete the profile of "x-1"\? This cannot be undone\nhint: .*--yes/);
    assert.deepEqual(stored("x-1"), { a: "1" });
  });

  it("deletes profiles, each once", async () => {
    await lab.mp(["profiles", "set", "x-2", "a=1"]);
    const { updates, stderr } = await updatesOf(["delete", "x-2", "x-3", "x-2", "--ignore-alias", "--yes"]);
    assert.deepEqual(updates, [
      { $distinct_id: "x-2", $delete: "", $ignore_alias: true },
      { $distinct_id: "x-3", $delete: "", $ignore_alias: true },
    ]);
    assert.equal(stderr, 'Deleted the 2 profiles of "x-2", "x-3"; look whether it is gone: mp profiles get x-2\n');
    assert.equal(lab.store.profiles.get(SANDBOX.projectId, "", "x-2"), undefined);
  });
});

describe("profiles batch", () => {
  it("sends the updates of a pipe in their order, and counts what cannot be sent", async () => {
    const lines = [
      '{"$distinct_id":"b-1","$set":{"n":1}}',
      '{"$distinct_id":"b-1","$add":{"n":"x"}}',
      "",
      '{"$distinct_id":"b-1","$add":{"n":9007199254740993}}',
      '{"$distinct_id":"b-1","$set":{},"$unset":["a"]}',
      '{"$set":{}}',
      "nonsense",
    ];
    const { code, stderr } = await lab.mp(["profiles", "batch"], { stdin: lines.join("\n") });
    assert.equal(code, 8);
    assert.match(stderr, /^Sent 2 of 6 updates, .*; 4 rejected\n/);
    assert.match(stderr, /line 2: \$add\.n: not a number\n/);
    assert.match(stderr, /line 5: the update: it makes several changes, \$set and \$unset: make an update of each\n/);
    assert.match(stderr, /line 6: \$distinct_id: not an id\n/);
    assert.match(stderr, /line 7: not valid JSON\n/);
    assert.deepEqual(stored("b-1"), { n: 9007199254740994n });
  });

  it("deletes profiles only when that is meant", async () => {
    const line = '{"$distinct_id":"b-3","$delete":""}';
    lab.store.profiles.putAll(SANDBOX.projectId, [{ distinctId: "b-3", properties: { n: 1 } }]);
    const before = lab.requests.length;
    const { code, stderr } = await lab.mp(["profiles", "batch"], { stdin: line });
    assert.equal(code, 3);
    assert.match(stderr, /line 1: it deletes a whole profile; --yes says that this is meant\n/);
    assert.equal(lab.requests.length, before);
    assert.deepEqual(stored("b-3"), { n: 1 });
    assert.equal((await lab.mp(["profiles", "batch", "--yes"], { stdin: line })).code, 0);
    assert.equal(lab.store.profiles.get(SANDBOX.projectId, "", "b-3"), undefined);
  });

  it("takes a list as --data, and tokens of other projects", async () => {
    const data = '[{"$token":"other","$distinct_id":"b-2","$set":{}},{"$distinct_id":"b-2","$append":{"a":1}}]';
    const { text, stderr } = await lab.sends(["profiles", "batch", "--data", data]);
    assert.deepEqual(JSON.parse(text).map((one: { $token: string }) => one.$token), ["other", SANDBOX.token]);
    assert.match(stderr, /^Sent 2 updates/);
  });

  it("sends at most 2000 updates in a request, one request after the other", async () => {
    const lines = Array.from({ length: 2001 }, (_, index) => `{"$distinct_id":"many","$set":{"last":${index}}}`);
    const before = lab.requests.length;
    const { code } = await lab.mp(["profiles", "batch", "-"], { stdin: lines.join("\n") });
    assert.equal(code, 0);
    assert.deepEqual(lab.requests.slice(before).map(({ text }) => JSON.parse(text).length), [2000, 1]);
    assert.deepEqual(stored("many"), { last: 2000 });
  });

  it("shows the first request when it is only tried", async () => {
    const before = lab.requests.length;
    const { code, stdout, stderr } = await lab.mp(["profiles", "batch", "--dry-run"], {
      stdin: '{"$distinct_id":"u","$set":{"a":1}}\n{"$distinct_id":"u"}\n',
    });
    assert.equal(code, 0);
    assert.match(stdout, /curl -X POST .*\/engage\?/);
    assert.match(stderr, /Checked 2 updates in .*: 1 can be sent, 1 cannot/);
    assert.equal(lab.requests.length, before);
  });
});

describe("profiles list", () => {
  it("is whole in a pipe, and what fits people on a terminal", async () => {
    const own = openProgramLab();
    try {
      const profiles = Array.from({ length: 1203 }, (_, index) => ({ distinctId: `p-${index}`, properties: {} }));
      own.store.profiles.putAll(SANDBOX.projectId, profiles);
      const piped = await own.mp(["profiles", "list", "-f", "csv"]);
      assert.equal(piped.stdout.trim().split("\n").length, 1204);
      assert.equal(piped.stderr, "");
      const limited = await own.mp(["profiles", "list", "-f", "csv", "--limit", "5"]);
      assert.equal(limited.stdout.trim().split("\n").length, 6);
      assert.match(limited.stderr, /^5 of 1,203; --limit 0 shows all$/m);
      const terminal = await own.mp(["profiles", "list"], { terminal: true });
      assert.match(terminal.stderr, /^30 of 1,203; --limit 0 shows all$/m);
    } finally {
      await own.stop();
    }
  });
});
