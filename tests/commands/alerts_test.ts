import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { loadManagedObjects } from "../../src/sandbox/demo/managed_objects.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { NOW_MS } from "../helpers/world.ts";
import { openStubbed } from "./stubbed.ts";

const PATH = `/api/app/projects/${SANDBOX.projectId}/alerts/custom/`;
const DATA = '{"condition": {"operator": "less_than", "value": 5}, "subscriptions": []}';
const NEW = ["create", "Few sign-ups", "--report-id", "9001", "--frequency", "week"];

let lab: ProgramLab;
before(() => {
  lab = openProgramLab();
  loadManagedObjects(lab.store, SANDBOX.projectId, NOW_MS);
});
after(() => lab.stop());

const sends = (...argv: string[]) => lab.sends(["alerts", ...argv]);

describe("mp alerts", () => {
  it("lists everybody's, of one report if wanted", async () => {
    const { method, path, query, stdout } = await sends("list", "--report-id", "9001", "-f", "csv");
    assert.deepEqual([method, path], ["GET", PATH]);
    assert.deepEqual(query, { bookmark_id: "9001", skip_user_filter: "true" });
    assert.equal(
      stdout,
      "id,name,report,every,paused,valid,last_fired\n" +
        "7101,Few purchases,Sign-ups and purchases,day,false,true,2026-11-21T12:00:00Z\n" +
        "7104,Old threshold,Sign-ups and purchases,day,true,true,\n",
    );
  });

  it("makes one, with seconds for the words and what has no flag from --data", async () => {
    const { method, path, text, stderr } = await sends(...NEW, "--data", DATA);
    assert.deepEqual([method, path], ["POST", PATH]);
    assert.deepEqual(JSON.parse(text), {
      ...JSON.parse(DATA),
      name: "Few sign-ups",
      bookmark_id: 9001,
      frequency: 604_800,
      paused: false,
    });
    assert.match(stderr, /^Made alert \d+, "Few sign-ups"\n$/);
    const test = await sends("test", ...NEW.slice(1), "--data", DATA);
    assert.deepEqual([test.path, JSON.parse(test.text).frequency], [`${PATH}test/`, 604_800]);
  });

  it("has no flag for what is not known, and says in the help where it goes", async () => {
    const { stdout } = await lab.mp(["alerts", "create", "--help"]);
    assert.doesNotMatch(stdout, /--condition|--subscriptions/);
    assert.match(stdout, /'condition'.*--data/s);
    assert.match(stdout, /Mixpanel does not publish/);
  });

  it("refuses before anything is sent", async () => {
    const cases: [string[], RegExp][] = [
      [NEW, /the body has no condition\n.*mp alerts list/s],
      [[...NEW, "--data", '{"condition": {}}'], /the body has no subscriptions/],
      [["create", "x".repeat(51), ...NEW.slice(2), "--data", DATA], /at most 50/],
      [["create", "x", "--report-id", "9001", "--frequency", "minute", "--data", DATA], /not hour, day or week/],
      [
        [...NEW, "--data", DATA, "--notification-windows", '{"enabled": true, "windows": [{"start_day": 7}]}'],
        /start_day/,
      ],
      [["update", "7101"], /nothing to change is given/],
      [["delete", "7101"], /add --yes/],
      [["delete", "x", "--yes"], /not a numeric id/],
      [["validate", "7101", "--report-type", "flows", "--report-params", "{}"], /not one of insights, funnels/],
    ];
    const before = lab.requests.length;
    for (const [argv, message] of cases) {
      const { code, stderr } = await lab.mp(["alerts", ...argv]);
      assert.deepEqual([code, message.test(stderr) ? "" : stderr], [3, ""], argv.join(" "));
    }
    assert.equal(lab.requests.length, before);
  });

  it("changes one, and deletes one by its path and several by one request", async () => {
    const changed = await sends("update", "7101", "--paused");
    assert.deepEqual([changed.method, changed.path, changed.text], ["PATCH", `${PATH}7101/`, '{"paused":true}']);
    const one = await sends("delete", "7102", "--yes");
    assert.deepEqual([one.method, one.path, one.stderr], ["DELETE", `${PATH}7102/`, "Deleted alert 7102\n"]);
    const two = await sends("delete", "7103", "7104", "--yes");
    assert.deepEqual([two.method, two.path, two.text], ["POST", `${PATH}bulk-delete/`, '{"alert_ids":[7103,7104]}']);
    assert.equal((await lab.mp(["alerts", "get", "7103"])).code, 4);
  });

  it("shows the history to its end, counts, validates, and gives a picture's address", async () => {
    const before = lab.requests.length;
    const { stdout } = await lab.mp(["alerts", "history", "7101", "--page-size", "2"]);
    const pages = lab.requests.slice(before).map(({ query }) => Object.keys(query).sort());
    assert.deepEqual(pages, [["page_size"], ["next_cursor", "page_size"]]);
    assert.deepEqual(JSON.parse(stdout).results.map(({ value }: { value: number }) => value), [41, 3, 38]);
    assert.equal(
      (await sends("count", "--type", "anomaly", "-f", "csv")).stdout,
      "alerts,limit,below_limit\n0,5,true\n",
    );
    const params = ["--report-type", "insights", "--report-params", '{"sections": {"show": []}}'];
    const validated = await sends("validate", "7101", ...params, "-f", "csv");
    assert.equal(validated.stdout, "id,name,valid,reason\n7101,Few purchases,false,The report has no metric\n");
    assert.deepEqual(JSON.parse(validated.text).alert_ids, [7101]);
    assert.deepEqual((await sends("screenshot", "alerts/a.png")).query, { gcs_key: "alerts/a.png" });
  });

  it("understands alerts of which no more than id and name are shown", async () => {
    const { server, mp } = await openStubbed();
    server.on("GET", `${PATH}5/`, { json: { status: "ok", results: { id: 5, name: "A" } } });
    const { code, stdout } = await mp(["alerts", "get", "5", "-f", "csv"]);
    assert.deepEqual([code, stdout.split("\n")[1]?.replace(/,+$/, "")], [0, "5,A"]);
    await server.finish();
  });
});
