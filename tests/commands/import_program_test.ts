/** `mp import` against a sandbox: what it is told to import can be exported again. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { after, describe, it } from "node:test";
import { openProgramLab } from "../helpers/program_lab.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { itUnless } from "../helpers/needs.ts";

const folder = temporaryFolder();
const lab = openProgramLab();
after(() => lab.stop());
const state = folder.path("state");
const env = { XDG_STATE_HOME: state };

const exported = async () => {
  const { stdout } = await lab.mp(["export", "events", "--from", "2026-11-01", "--to", "2026-11-22"], { env });
  return stdout.trim().split("\n").filter(Boolean).map((line) => JSON.parse(line));
};

describe("mp import into a project", () => {
  it("brings rows of CSV in as events with numbers, times and ids, once, however often it is run", async () => {
    const path = folder.write(
      "purchases.csv",
      "action,user,at,amount,city\nPurchase,u-1,2026-11-20 12:00:00,19.9,Köln\nPurchase,007,2026-11-20 13:30:00,5,\n",
    );
    const argv = ["import", path, "--map", "event=action", "--map", "distinct_id=user", "--map", "time=at"];
    for (let round = 0; round < 2; round++) {
      const { code, stderr } = await lab.mp([...argv, "--timezone", "Europe/Berlin"], { env });
      assert.equal(code, 0, stderr);
      assert.match(stderr, /Imported 2 events/);
    }
    const events = (await exported()).filter(({ event }) => event === "Purchase");
    const ids = new Set(events.map(({ properties }) => properties.$insert_id));
    assert.equal(ids.size, 2);
    const first = events.find(({ properties }) => properties.distinct_id === "u-1");
    assert.deepEqual([first.properties.amount, first.properties.city], [19.9, "Köln"]);
    assert.equal(first.properties.time, Date.UTC(2026, 10, 20, 11) / 1000);
    assert.ok(events.some(({ properties }) => properties.distinct_id === "007"));
    assert.deepEqual(readdirSync(`${state}/mp/imports`), []);
  });

  it("accounts for every record, takes fixed ones in, and forgets what is done", async () => {
    const event = (number: number, time = "1795000000") =>
      `{"event":"Fixed","properties":{"time":${time},"distinct_id":"u-${number}","$insert_id":"m-${number}"}}`;
    const path = folder.write("mixed.jsonl", [event(1), event(2, '"soon"'), "bad", event(3)].join("\n"));
    const rejects = folder.path("rejects.jsonl");
    const first = await lab.mp(["import", path, "--rejects", rejects, "-f", "json"], { env });
    assert.equal(first.code, 8);
    const { read, accepted, rejected, not_sent } = JSON.parse(first.stdout);
    assert.deepEqual([read, accepted, rejected, not_sent], [4, 2, 2, 0]);
    writeFileSync(rejects, readFileSync(rejects, "utf8").replace('"soon"', "1795000000").replace('"bad"', event(4)));
    const second = await lab.mp(["import", rejects], { env });
    assert.equal(second.code, 0, second.stderr);
    const users = (await exported()).filter(({ event }) => event === "Fixed").map(({ properties }) =>
      properties.distinct_id
    );
    assert.deepEqual(users.sort(), ["u-1", "u-2", "u-3", "u-4"]);
  });

  it("says what is wrong when it can remember nothing, and sends nothing", async () => {
    const path = folder.write("one.jsonl", '{"event":"One","properties":{"time":1795000000,"distinct_id":"u"}}\n');
    const before = lab.requests.length;
    const blocked = folder.write("blocked", "");
    const { code, stderr } = await lab.mp(["import", path], { env: { XDG_STATE_HOME: blocked } });
    assert.notEqual(code, 0);
    assert.match(stderr, /Cannot write ".*imports.*\.json": no such folder/);
    assert.equal(lab.requests.length, before);
    const without = await lab.mp(["import", path, "--no-checkpoint"], { env: { XDG_STATE_HOME: blocked } });
    assert.equal(without.code, 0, without.stderr);
  });

  itUnless(
    !existsSync("/proc/self") && "no /proc",
    "says in words that no checkpoint can be where it is wanted",
    async () => {
      const path = folder.write("proc.jsonl", '{"event":"One","properties":{"time":1795000000,"distinct_id":"u"}}\n');
      const { code, stderr } = await lab.mp(["import", path, "--checkpoint-file", "/proc/x.json"], { env });
      assert.equal(code, 3);
      assert.match(stderr, /Cannot write "\/proc\/x\.json": no file can be made there\n/);
    },
  );

  itUnless(
    !existsSync("/dev/full") && "no /dev/full",
    "stops when the disk is full, having told what was sent",
    async () => {
      const path = folder.write("full.jsonl", "bad\n");
      const { code, stderr } = await lab.mp(["import", path, "--input-format", "jsonl", "--rejects", "/dev/full"], {
        env,
      });
      assert.equal(code, 1);
      assert.match(stderr, /Cannot write "\/dev\/full": the disk is full/);
    },
  );

  it("shows the first request of a dry run", async () => {
    const path = folder.write(
      "dry.jsonl",
      '{"event":"Dry","properties":{"time":1795000000,"distinct_id":"u","$insert_id":"d"}}\n',
    );
    const before = lab.requests.length;
    const { code, stdout, stderr } = await lab.mp(["import", path, "--dry-run"], { env });
    assert.deepEqual([code, lab.requests.length], [0, before]);
    assert.match(stdout, /^curl .*\/import\?.*"event":"Dry"/s);
    assert.match(stderr, /Checked 1 event in .*: 1 can be sent, 0 cannot/);
  });
});
