import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { loadManagedObjects } from "../../src/sandbox/demo/managed_objects.ts";
import { rowOfRecord } from "../../src/sandbox/ingestion/event_row.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { NOW_MS } from "../helpers/world.ts";
import { openStubbed } from "./stubbed.ts";

const D = `/api/app/projects/${SANDBOX.projectId}/data-definitions`;
const EQUALS_TEST = {
  resourceType: "events",
  value: "plan",
  filterType: "string",
  defaultType: "string",
  filterOperator: "equals",
  filterValue: ["test"],
};
let lab: ProgramLab;
before(() => {
  lab = openProgramLab();
  loadManagedObjects(lab.store, SANDBOX.projectId, NOW_MS);
  const times = [60, 120, 180].map((before) => NOW_MS / 1000 - before);
  lab.store.events.append(
    SANDBOX.projectId,
    times.map((time) => rowOfRecord({ event: "Load Test", properties: { time, distinct_id: "u" } })),
  );
});
after(() => lab.stop());

const sends = (...argv: string[]) => lab.sends(["lexicon", ...argv]);

async function refused(argv: string[], message: RegExp): Promise<void> {
  const before = lab.requests.length;
  const { code, stderr } = await lab.mp(["lexicon", ...argv]);
  assert.deepEqual([code, message.test(stderr) ? "" : stderr], [3, ""], argv.join(" "));
  assert.equal(lab.requests.length, before, "a request left");
}

describe("mp lexicon drop-filters", () => {
  it("makes one of conditions in JSON, after a question", async () => {
    const filters = JSON.stringify([EQUALS_TEST]);
    await refused(
      ["drop-filters", "create", "Buy", "--filters", filters],
      /Throw away those "Buy" events as they come in\? What is not stored cannot be restored/,
    );
    const sent = await sends("drop-filters", "create", "Buy", "--filters", filters, "--yes", "-f", "csv");
    assert.deepEqual([sent.method, sent.path], ["POST", `${D}/events/drop-filters/`]);
    assert.deepEqual(JSON.parse(sent.text), { eventName: "Buy", filters: [EQUALS_TEST] });
    assert.match(sent.stderr, /^Made drop filter 9302\n/);
    assert.match(sent.stdout, /^id,event,active,filters\n9301,Load Test,false,/);
  });

  it("takes an expression, and refuses what the filters of the web page cannot say", async () => {
    const where = 'properties["plan"] == "test" and properties["amount"] >= 10';
    const { text } = await sends("drop-filters", "create", "Buy", "--where", where, "--yes");
    const { eventName, filters } = JSON.parse(text);
    const said = filters.map((
      one: typeof EQUALS_TEST,
    ) => [one.value, one.filterType, one.filterOperator, one.filterValue]);
    assert.equal(eventName, "Buy");
    assert.deepEqual(said, [
      ["plan", "string", "equals", ["test"]],
      ["amount", "number", "is greater than or equal to", 10],
    ]);
    const changed = await sends("drop-filters", "update", "9301", "--where", 'properties["plan"] == "demo"');
    assert.deepEqual(JSON.parse(changed.text).filters[0].filterValue, ["demo"]);
    await refused(
      ["drop-filters", "create", "Buy", "--where", 'properties["a"] == "x" or properties["b"] == "y"', "--yes"],
      /all conditions of a drop filter must hold, and this has an "or"\nhint: make one drop filter for each side/,
    );
    await refused(["drop-filters", "create", "Buy", "--where", 'properties["a"] == properties["b"]', "--yes"], /\^/);
    await refused(["drop-filters", "create", "Buy"], /nothing says which events are meant\nhint: add --where/);
    await refused(["drop-filters", "create", "Buy", "--where", where, "--filters", "[{}]"], /--where with --filters/);
  });

  it("takes a body as the server has it", async () => {
    const body = { eventName: "Buy", filters: [EQUALS_TEST] };
    const { text } = await sends("drop-filters", "create", "Buy", "--data", JSON.stringify(body), "--yes");
    assert.deepEqual(JSON.parse(text), body);
  });

  it("changes, switches and deletes one by the id in the body", async () => {
    assert.deepEqual(JSON.parse((await sends("drop-filters", "update", "9301", "--active")).text), {
      id: 9301,
      active: true,
    });
    assert.deepEqual(JSON.parse((await sends("drop-filters", "update", "9301", "--no-active")).text), {
      id: 9301,
      active: false,
    });
    const deleted = await sends("drop-filters", "delete", "9302", "--yes");
    assert.deepEqual([deleted.method, JSON.parse(deleted.text)], ["DELETE", { id: 9302 }]);
    assert.equal((await sends("drop-filters", "limits")).path, `${D}/events/drop-filters/limits/`);
    await refused(["drop-filters", "update", "9301"], /drop filter 9301: nothing to change is given/);
    await refused(["drop-filters", "update", "x", "--active"], /"x" is not a numeric id/);
  });
});

describe("mp lexicon enforcement", () => {
  it("asks more of a rule that throws events away", async () => {
    await refused(
      ["enforcement", "create", "--rule", "Warn and Drop"],
      /Throw away all events outside the plan as they come in\?/,
    );
    await refused(
      ["enforcement", "create", "--rule", "Warn and Hide"],
      /Enforce schemas by the rule "Warn and Hide"\?/,
    );
    await refused(["enforcement", "create", "--rule", "Warn"], /--rule "Warn": not one of Warn and Accept/);
    await refused(["enforcement", "update", "--yes"], /nothing to change is given/);
    await refused(
      ["enforcement", "replace", "--data", '{"events": []}', "--yes"],
      /--rule is not one of Warn and Accept, .*--common-properties is missing/,
    );
  });

  it("begins, changes, replaces, shows and ends it", async () => {
    const begun = await sends("enforcement", "create", "--rule", "Warn and Accept", "--yes");
    assert.deepEqual([begun.method, begun.path, JSON.parse(begun.text)], [
      "POST",
      `${D}/schema/`,
      { ruleEvent: "Warn and Accept" },
    ]);
    const changed = await sends(
      ...["enforcement", "update", "--email", "a@example.com", "--plan-event", "A", "--plan-event", "B", "--yes"],
      ...["--properties", '{"A": ["plan"]}'],
    );
    assert.deepEqual([changed.method, JSON.parse(changed.text)], ["PATCH", {
      notificationEmails: ["a@example.com"],
      events: ["A", "B"],
      properties: { A: ["plan"] },
    }]);
    const whole = {
      ruleEvent: "Warn and Hide",
      events: ["A"],
      commonProperties: [],
      userProperties: [],
      notificationEmails: [],
    };
    const replaced = await sends("enforcement", "replace", "--data", JSON.stringify(whole), "--yes");
    assert.deepEqual([replaced.method, JSON.parse(replaced.text)], ["PUT", whole]);
    const shown = await sends("enforcement", "get", "--fields", "ruleEvent,state");
    assert.deepEqual(JSON.parse(shown.stdout).results, { ruleEvent: "Warn and Hide", state: "ingested" });
    assert.equal((await sends("enforcement", "delete", "--yes")).method, "DELETE");
    assert.equal((await lab.mp(["lexicon", "enforcement", "get"])).code, 4);
  });
});

describe("mp lexicon audit", () => {
  it("shows violations, and when they were computed", async () => {
    const { path, stdout, stderr } = await sends("audit", "-f", "csv");
    assert.equal(path, `${D}/audit/`);
    assert.equal(
      stdout,
      "violation,event,name,count,platform,type_error\nUnplanned Event,Load Test,Load Test,3,,\n",
    );
    assert.equal(stderr, "1 violation, as of 2026-11-23T12:00:00Z\n");
    assert.equal((await sends("audit", "--events-only")).path, `${D}/audit-events-only/`);
  });

  it("reads a list without the time, too", async () => {
    const stub = await openStubbed();
    stub.server.on("GET", `${D}/audit/`, {
      json: { status: "ok", results: [{ violation: "V", name: "n", count: 2 }] },
    });
    const { stdout, stderr } = await stub.mp(["lexicon", "audit", "-f", "csv"]);
    assert.deepEqual([stdout.split("\n")[1], stderr], ["V,,n,2,,", "1 violation\n"]);
    await stub.server.finish();
  });
});

describe("mp lexicon anomalies", () => {
  it("lists those of events, and of others when asked", async () => {
    const { path, query, stdout } = await sends("anomalies", "list", "-f", "csv");
    assert.deepEqual([path, query], [`${D}/data-volume-anomalies/`, {}]);
    assert.match(stdout, /^id,class,name,time,count,lower,upper,percent,status\n9401,Event,Purchase,/);
    const more = await sends(
      "anomalies",
      "list",
      "--properties-too",
      "--metrics-too",
      "--limit",
      "5",
      "--event-id",
      "7",
    );
    assert.deepEqual(more.query, {
      limit: "5",
      event_id: "7",
      include_property_anomalies: "true",
      include_metric_anomalies: "true",
    });
  });

  it("dismisses and opens them, and finds out what they are of", async () => {
    const one = await sends("anomalies", "dismiss", "9401", "--class", "Event");
    assert.deepEqual([one.method, one.path], ["PATCH", `${D}/data-volume-anomalies/`]);
    assert.deepEqual(JSON.parse(one.text), { id: 9401, anomalyClass: "Event", status: "dismissed" });
    const before = lab.requests.length;
    const { code, stderr } = await lab.mp(["lexicon", "anomalies", "reopen", "9401", "9402"]);
    assert.deepEqual([code, stderr], [0, "Opened 2 anomalies\n"]);
    const [list, change] = lab.requests.slice(before);
    assert.deepEqual([list!.method, change!.path], ["GET", `${D}/data-volume-anomalies/bulk/`]);
    assert.deepEqual(JSON.parse(change!.text), {
      anomalies: [{ id: 9401, anomalyClass: "Event" }, { id: 9402, anomalyClass: "Event" }],
      status: "open",
    });
    const whole = { anomalies: [{ id: 9402, anomalyClass: "Event" }] };
    const given = await sends("anomalies", "dismiss", "--data", JSON.stringify(whole));
    assert.deepEqual(JSON.parse(given.text), { ...whole, status: "dismissed" });
    await refused(["anomalies", "dismiss"], /<ids> is missing/);
    await refused(["anomalies", "dismiss", "7", "--data", "{}"], /Cannot use --data together with <ids>/);
    const unknown = await lab.mp(["lexicon", "anomalies", "dismiss", "7"]);
    assert.deepEqual([unknown.code, /anomaly 7 is of: the list of anomalies/.test(unknown.stderr)], [4, true]);
  });
});

describe("mp lexicon deletions", () => {
  const what = ["Load Test", "--from", "today", "--to", "today"];
  const body = { eventName: "Load Test", fromDate: "2026-11-23", toDate: "2026-11-23" };

  it("asks before it deletes, without a request where nobody can answer", async () => {
    await refused(
      ["deletions", "create", ...what],
      /Project 1000001: Delete all "Load Test" events from 2026-11-23 to 2026-11-23\?/,
    );
    await refused(
      ["deletions", "create", "E", "--from", "today", "--to", "yesterday", "--yes"],
      /2026-11-23.*2026-11-22/,
    );
    await refused(["deletions", "create", ...what, "--filters", "[]", "--yes"], /--filters must be an object/);
  });

  it("previews, makes, lists and cancels them", async () => {
    const preview = await sends("deletions", "preview", ...what, "--filters", JSON.stringify(EQUALS_TEST));
    assert.deepEqual([preview.method, preview.path], ["POST", `${D}/events/deletion-requests/preview-filters/`]);
    assert.deepEqual(JSON.parse(preview.text), { ...body, filters: EQUALS_TEST });
    const made = await sends("deletions", "create", ...what, "--yes", "-f", "csv");
    assert.deepEqual([made.method, JSON.parse(made.text)], ["POST", body]);
    assert.match(
      made.stderr,
      /^Asked for "Load Test" to be deleted: request 9502; 'mp lexicon deletions cancel 9502' cancels it\n/,
    );
    assert.match(made.stdout, /\n9502,Load Test,2026-11-23,2026-11-23,Submitted,0,/);
    const cancelled = await sends("deletions", "cancel", "9502");
    assert.deepEqual([cancelled.method, JSON.parse(cancelled.text)], ["DELETE", { id: 9502 }]);
    assert.match((await sends("deletions", "list", "-f", "csv")).stdout, /\n9501,Load Test,/);
  });
});
