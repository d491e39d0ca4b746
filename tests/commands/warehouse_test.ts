import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { type FakeClock, fakeClock } from "../helpers/fake_clock.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { NOW_MS, type WorldOptions } from "../helpers/world.ts";

const IMPORTS = `/api/app/projects/${SANDBOX.projectId}/warehouse-sources/imports`;
const TABLE = '{"table":"t"}';
const HOUR_NS = 3_600_000_000_000;
const EVENTS = `create-events --warehouse-source 1 --table-params ${TABLE} --time-column at --sync-mode full_sync`;
let clock: FakeClock;
let lab: ProgramLab;
before(() => {
  clock = fakeClock(NOW_MS);
  lab = openProgramLab({}, clock);
});
after(() => lab.stop());

const words = (line: string) => ["warehouse", ...line.split(" ")];
const mp = (line: string, world?: WorldOptions) => lab.mp(words(line), world);
const sends = (line: string, world?: WorldOptions) => lab.sends(words(line), world);

async function newImport(flags = "--run-every 1h"): Promise<number> {
  return JSON.parse((await sends(`${EVENTS} ${flags} -f json`)).stdout).results.id;
}

describe("warehouse create-…", () => {
  it("sends what the endpoint needs, its kind included, and the schedule in nanoseconds", async () => {
    const common = { warehouse_source_id: 1, table_params: { table: "t" }, sync_mode: "full_sync" };
    const cases: [string, string, Record<string, unknown>][] = [
      [`${EVENTS} --event-name Order --run-every 1h`, "event-stream", {
        import_type: "event_stream",
        time_column_name: "at",
        event_name: "Order",
        run_every: HOUR_NS,
      }],
      [
        `create-people --warehouse-source 1 --table-params ${TABLE} --user-column id --sync-mode full_sync --run-every weekly ` +
        '--property-mappings {"a":"b"}',
        "people",
        {
          import_type: "people",
          user_column_name: "id",
          run_every: 168 * HOUR_NS,
          property_mappings: { a: "b" },
        },
      ],
      [
        `create-groups --warehouse-source 1 --table-params ${TABLE} --group-key company --group-column id --sync-mode full_sync`,
        "groups",
        { import_type: "groups", group_key: "company", group_id_column: "id" },
      ],
      [
        `create-lookup-table --warehouse-source 1 --table-params ${TABLE} --lookup-property {"value":"sku","resourceType":"event"} ` +
        "--key-column sku --sync-mode full_sync --run-every manual",
        "lookup-table",
        {
          import_type: "lookup_table",
          mixpanel_property: { value: "sku", resourceType: "event" },
          property_key_column_name: "sku",
          run_every: 0,
        },
      ],
    ];
    for (const [line, kind, body] of cases) {
      const sent = await sends(line);
      assert.deepEqual([sent.method, sent.path], ["POST", `${IMPORTS}/${kind}`]);
      assert.deepEqual(JSON.parse(sent.text), { ...common, ...body }, kind);
      assert.equal(JSON.parse(sent.stdout).results.import_type, body.import_type);
    }
  });

  it("takes the body whole, and flags override it", async () => {
    const body = {
      warehouse_source_id: 1,
      table_params: {},
      sync_mode: "full_sync",
      time_column_name: "x",
      run_every: 0,
    };
    const sent = await sends(`create-events --data ${JSON.stringify(body)} --time-column at`);
    assert.deepEqual(JSON.parse(sent.text), { ...body, import_type: "event_stream", time_column_name: "at" });
  });

  it("refuses before anything is sent, with the place of the mistake", async () => {
    const before = lab.requests.length;
    for (
      const [line, message] of [
        [`${EVENTS} --run-every 2h`, /--run-every: "2h" is not a schedule: manual, 1h, 1d, 7d/],
        [EVENTS.replace("full_sync", "sometimes"), /--sync-mode/],
        ["create-events --warehouse-source 1", /--table-params .*--sync-mode .*--time-column /],
        [`create-events --data {"import_type":"people"}`, /import-type/],
        [
          `create-lookup-table --warehouse-source 1 --table-params {} --sync-mode full_sync --key-column k --lookup-property {"value":"a","resourceType":"x"}`,
          /--lookup-property\.resourceType/,
        ],
        ["update 12", /nothing to change is given/],
        ["get twelve", /"twelve" is not a numeric id/],
      ] as const
    ) {
      const { code, stderr } = await mp(line);
      assert.equal(code, 3, `${line}: ${stderr}`);
      assert.match(stderr, message);
    }
    assert.equal(lab.requests.length, before);
  });

  it("tells what the server refuses", async () => {
    const { code, stderr } = await mp(EVENTS.replace("--warehouse-source 1", "--warehouse-source 9"));
    assert.equal(code, 4);
    assert.match(stderr, /Warehouse source 9 not found/);
  });
});

describe("warehouse list and get", () => {
  it("show the schedule in words", async () => {
    const id = await newImport();
    const sent = await sends("list -f csv");
    assert.deepEqual([sent.method, sent.path], ["GET", IMPORTS]);
    const row = sent.stdout.split("\n").find((line) => line.startsWith(`${id},`));
    assert.equal(row, `${id},event_stream,full_sync,1h,1,"{""table"":""t""}"`);
    const one = await sends(`get ${id}`);
    assert.deepEqual([one.method, one.path], ["GET", `${IMPORTS}/${id}`]);
    assert.equal(JSON.parse(one.stdout).results.time_column_name, "at");
    assert.equal((await mp("get 99999")).code, 4);
  });
});

describe("warehouse update", () => {
  it("reads what is not given, because the API takes both settings or none", async () => {
    const id = await newImport();
    const first = lab.requests.length;
    assert.equal((await mp(`update ${id} --paused`)).code, 0);
    assert.equal((await mp(`update ${id} --run-every 1d`)).code, 0);
    const sent = lab.requests.slice(first);
    assert.deepEqual(sent.map(({ method, path }) => `${method} ${path}`), [
      `GET ${IMPORTS}/${id}`,
      `PATCH ${IMPORTS}/${id}`,
      `GET ${IMPORTS}/${id}`,
      `PATCH ${IMPORTS}/${id}`,
    ]);
    assert.deepEqual(JSON.parse(sent[1]!.text), { paused: true, run_every: HOUR_NS });
    assert.deepEqual(JSON.parse(sent[3]!.text), { paused: true, run_every: 24 * HOUR_NS });
  });

  it("reads nothing when both are given", async () => {
    const id = await newImport();
    const { text, stdout } = await sends(`update ${id} --no-paused --run-every manual`);
    assert.deepEqual(JSON.parse(text), { paused: false, run_every: 0 });
    assert.equal(JSON.parse(stdout).results.run_every, 0);
  });
});

describe("warehouse run and history", () => {
  it("start a run and show how it ended", async () => {
    const id = await newImport("--run-every manual");
    const sent = await sends(`run ${id}`);
    assert.deepEqual([sent.method, sent.path, sent.text], ["PUT", `${IMPORTS}/${id}/manual-sync`, "{}"]);
    assert.match(JSON.parse(sent.stdout).results.run_id, /./);
    const running = await sends(`history ${id} --jq .results.runs[0].status`);
    assert.equal(running.path, `${IMPORTS}/${id}/history`);
    assert.match(running.stdout, /^"?RUNNING"?$/m);
    clock.advance(5000);
    const { stdout } = await mp(`history ${id} -f csv`);
    assert.equal(stdout.split("\n")[1], "SUCCEEDED,2026-11-23 12:00:00,2026-11-23 12:00:03,0");
  });

  it("keep the schedule, but not while the import is paused", async () => {
    const id = await newImport();
    const runs = async () => JSON.parse((await mp(`history ${id}`)).stdout).results.runs.length;
    clock.advance(2.5 * 3_600_000);
    assert.equal(await runs(), 3);
    await mp(`update ${id} --paused`);
    clock.advance(5 * 3_600_000);
    assert.equal(await runs(), 3);
    await mp(`update ${id} --no-paused`);
    clock.advance(100 * 3_600_000);
    assert.equal(await runs(), 30);
  });
});

describe("warehouse delete", () => {
  it("asks, and keeps the data unless told otherwise", async () => {
    const id = await newImport();
    const before = lab.requests.length;
    const refused = await mp(`delete ${id}`);
    assert.equal(refused.code, 3);
    assert.match(refused.stderr, new RegExp(`Delete warehouse import ${id}\\?`));
    assert.equal(lab.requests.length, before);
    const sent = await sends(`delete ${id} --yes`);
    assert.deepEqual([sent.method, sent.path, JSON.parse(sent.text)], ["DELETE", `${IMPORTS}/${id}`, {
      delete_data: false,
    }]);
    assert.match(sent.stderr, new RegExp(`Deleted warehouse import ${id}`));
    assert.equal((await mp(`delete ${id} --yes`)).code, 4);
    const other = await newImport();
    assert.match((await mp(`delete ${other} --delete-data`)).stderr, /and all data that it has imported\?/);
    assert.deepEqual(JSON.parse((await sends(`delete ${other} --delete-data --yes`)).text), { delete_data: true });
  });
});
