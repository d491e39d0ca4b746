import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { loadManagedObjects } from "../../src/sandbox/demo/managed_objects.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { NOW_MS } from "../helpers/world.ts";

const D = `/api/app/projects/${SANDBOX.projectId}/data-definitions`;
const files = temporaryFolder();
let lab: ProgramLab;
before(() => {
  lab = openProgramLab();
  loadManagedObjects(lab.store, SANDBOX.projectId, NOW_MS);
});
after(() => lab.stop());

const sends = (...argv: string[]) => lab.sends(["lexicon", ...argv]);
const mp = (argv: string[], stdin?: string) => lab.mp(["lexicon", ...argv], { stdin });

/** Runs a command that must fail before anything is sent. */
async function refused(argv: string[], message: RegExp, stdin?: string): Promise<void> {
  const before = lab.requests.length;
  const { code, stderr } = await mp(argv, stdin);
  assert.deepEqual([code, message.test(stderr) ? "" : stderr], [3, ""], argv.join(" "));
  assert.equal(lab.requests.length, before, "a request left");
}

describe("mp lexicon events", () => {
  it("lists all, or those that are named", async () => {
    const all = await sends("events", "list", "-f", "csv");
    assert.deepEqual([all.method, all.path, all.query], ["GET", `${D}/events/`, {}]);
    assert.match(all.stdout, /^name,display_name,description,tags,verified,hidden,dropped,status\n/);
    assert.match(all.stdout, /\nPurchase,Purchase,An order was paid,core,false,false,false,planned\n/);
    const some = await sends("events", "list", "--name", "Purchase", "--name", "Sign Up");
    assert.deepEqual(some.search.getAll("name[]"), ["Purchase", "Sign Up"]);
  });

  it("shows one, and says when there is none", async () => {
    const { search, stdout } = await sends("events", "get", "Purchase", "-f", "csv");
    assert.deepEqual(search.getAll("name[]"), ["Purchase"]);
    assert.match(stdout, /\nPurchase,Purchase,/);
    const missing = await mp(["events", "get", "Nope"]);
    assert.equal(missing.code, 4);
    assert.match(missing.stderr, /event "Nope": the Lexicon does not know it\nhint: 'mp lexicon events list'/);
  });

  it("changes one by the plain form", async () => {
    const sent = await sends(
      ...["events", "update", "Purchase", "--description", "Paid", "--display-name", "Order", "--verified"],
      ...["--no-hidden", "--tag", "core", "--tag", "shop", "--contact", "a@example.com", "--team-contact", "Data"],
    );
    assert.deepEqual([sent.method, sent.path], ["PATCH", `${D}/events/`]);
    assert.deepEqual(JSON.parse(sent.text), {
      name: "Purchase",
      description: "Paid",
      displayName: "Order",
      verified: true,
      hidden: false,
      tags: ["core", "shop"],
      contacts: ["a@example.com"],
      teamContacts: ["Data"],
    });
    assert.equal(sent.stderr, "Changed 1 event\n");
  });

  it("changes several alike in one request", async () => {
    const { text, stderr } = await sends("events", "update", "Purchase", "Sign Up", "--hidden");
    assert.deepEqual(JSON.parse(text), {
      events: [{ name: "Purchase", hidden: true }, { name: "Sign Up", hidden: true }],
    });
    assert.equal(stderr, "Changed 2 events\n");
  });

  it("takes CSV, JSON, JSON Lines and what the list printed, by file and by pipe", async () => {
    const csv = 'name,Display Name,hidden,tags,description\nA,Alpha,yes,"x, y",\nB,,no,,"b, c"\n';
    const expected = {
      events: [
        { name: "A", displayName: "Alpha", hidden: true, tags: ["x", "y"] },
        { name: "B", hidden: false, description: "b, c" },
      ],
    };
    assert.deepEqual(JSON.parse((await sends("events", "update", "--file", files.write("d.csv", csv))).text), expected);
    const list = JSON.stringify(expected.events);
    const lines = expected.events.map((one) => JSON.stringify(one)).join("\n");
    for (const text of [csv, list, lines, JSON.stringify({ status: "ok", results: expected.events })]) {
      const sent = await lab.sends(["lexicon", "events", "update", "--file", "-"], { stdin: text });
      assert.deepEqual(JSON.parse(sent.text), expected);
    }
    assert.deepEqual(JSON.parse((await sends("events", "update", "--data", JSON.stringify(expected))).text), expected);
  });

  it("takes back what the lists print in any format, and leaves out what nobody writes", async () => {
    await sends("events", "update", "Round Trip", "--tag", "a", "--tag", "b", "--hidden", "--description", "x");
    for (const format of ["json", "jsonl", "csv"]) {
      const { stdout } = await mp(["events", "list", "--name", "Round Trip", "-f", format]);
      const sent = await lab.sends(["lexicon", "events", "update", "--file", "-"], { stdin: stdout });
      const { name, description, tags, hidden, ...rest } = JSON.parse(sent.text);
      assert.deepEqual([name, description, tags, hidden], ["Round Trip", "x", ["a", "b"], true], format);
      for (const key of ["id", "status", "merged", "lastModified"]) assert.ok(!(key in rest), key);
    }
    for (const format of ["json", "jsonl", "csv"]) {
      const { stdout } = await mp(["properties", "list", "--of", "user", "--name", "plan", "-f", format]);
      const sent = await lab.sends(["lexicon", "properties", "update", "--file", "-"], { stdin: stdout });
      const { name, resourceType } = JSON.parse(sent.text);
      assert.deepEqual([name, resourceType], ["plan", "User"], format);
    }
  });

  it("sends fifty at a time", async () => {
    const lines = Array.from({ length: 120 }, (_, index) => `{"name": "E${index}", "description": "x"}`).join("\n");
    const before = lab.requests.length;
    const { code, stderr } = await mp(["events", "update", "--file", "-"], lines);
    const sizes = lab.requests.slice(before).map(({ text }) => JSON.parse(text).events.length);
    assert.deepEqual([code, sizes], [0, [50, 50, 20]]);
    assert.match(stderr, /Changed 50 of 120\nChanged 100 of 120\nChanged 120 of 120\nChanged 120 events\n$/);
  });

  it("asks before events are dropped, and names them", async () => {
    await refused(
      ["events", "update", "A", "B", "--dropped"],
      /Throw away events as they come in: "A", "B"\? What is not stored cannot be restored\..*\nhint: add --yes/,
    );
    await refused(
      ["events", "update", "--file", "-"],
      /Throw away events as they come in: "B"\?/,
      "name,dropped\nA,no\nB,yes\n",
    );
    const { text } = await sends("events", "update", "A", "--dropped", "--yes");
    assert.deepEqual(JSON.parse(text), { name: "A", dropped: true });
  });

  it("refuses what cannot be right before anything is sent", async () => {
    await refused(["events", "update"], /none is named\nhint: name them, or add --file FILE/);
    await refused(["events", "update", "A"], /event "A": nothing to change is given/);
    await refused(
      ["events", "update", "--file", "-"],
      /definition 1 has a field "descripton", which there is not\nhint: did you mean "description"\?/,
      "name,descripton\nA,x\n",
    );
    await refused(
      ["events", "update", "--file", "-"],
      /definition 1 has hidden "maybe", which is not true or false/,
      "name,hidden\nA,maybe\n",
    );
    await refused(["events", "update", "--file", "-"], /definition 1 has no name/, '[{"hidden": true}]');
    await refused(
      ["events", "update", "--file", "-"],
      /has a field "color", which there is not/,
      '[{"name": "A", "hidden": true, "color": 1}]',
    );
    await refused(
      ["events", "update", "--file", "-"],
      /line 2 is not JSON/,
      '{"name": "A", "hidden": true}\n{"name"\n',
    );
    await refused(["events", "update", "A", "--data", "7"], /--data: it has no events/);
    await refused(["events", "delete", "A"], /Delete the definition of event "A"\?.*\nhint: add --yes/);
  });

  it("deletes with the name in the body", async () => {
    const { method, path, text, stderr } = await sends("events", "delete", "Old Checkout", "--yes");
    assert.deepEqual([method, path, JSON.parse(text)], ["DELETE", `${D}/events/`, { name: "Old Checkout" }]);
    assert.equal(stderr, 'Deleted the definition of event "Old Checkout"\n');
    const again = await mp(["events", "delete", "Old Checkout", "--yes"]);
    assert.equal(again.code, 4);
    assert.match(again.stderr, /hint: 'mp lexicon events list' shows what there is/);
  });

  it("shows the history and the origin of one", async () => {
    assert.equal((await sends("events", "history", "Sign Up")).path, `${D}/events/Sign%20Up/history/`);
    const { path, query } = await sends("events", "tracking", "Sign Up");
    assert.deepEqual([path, query], [`${D}/events/tracking-metadata/`, { event_name: "Sign Up" }]);
  });
});

describe("mp lexicon properties", () => {
  it("are asked for by the server's own words for what they are of", async () => {
    assert.deepEqual((await sends("properties", "list")).query, { resourceType: "Event" });
    assert.deepEqual((await sends("properties", "list", "--of", "user")).query, { resourceType: "User" });
    const one = await sends("properties", "get", "amount", "-f", "csv");
    assert.deepEqual(one.query, { "name[]": "amount", resourceType: "Event" });
    assert.match(one.stdout, /\namount,event,,"What it cost, in US dollars",false,false,false\n/);
  });

  it("that nobody has described are said to be so", async () => {
    assert.match((await sends("properties", "get", "none")).stderr, /Nobody has described property "none" yet/);
  });

  it("change by name and kind, alone or together", async () => {
    const one = await sends("properties", "update", "amount", "--sensitive");
    assert.deepEqual(JSON.parse(one.text), { name: "amount", resourceType: "Event", sensitive: true });
    const two = await sends("properties", "update", "plan", "city", "--of", "user", "--hidden");
    assert.deepEqual(JSON.parse(two.text), {
      properties: ["plan", "city"].map((name) => ({ name, resourceType: "User", hidden: true })),
    });
    await refused(["properties", "update", "x", "--dropped"], /Throw away properties as they come in: "x"\?/);
  });

  it("have a history by what they are of", async () => {
    const { path, query } = await sends("properties", "history", "plan", "--of", "user");
    assert.deepEqual([path, query], [`${D}/properties/plan/history/`, { entity_type: "user" }]);
  });
});

describe("mp lexicon tags", () => {
  it("lists, makes, renames and deletes them", async () => {
    assert.equal((await sends("tags", "list", "-f", "csv")).stdout.split("\n")[0], "id,name");
    const made = await sends("tags", "create", "new");
    assert.deepEqual([made.method, made.path, JSON.parse(made.text)], ["POST", `${D}/tags/`, { name: "new" }]);
    const { id } = JSON.parse(made.stdout).results;
    const renamed = await sends("tags", "rename", String(id), "newer");
    assert.deepEqual([renamed.method, renamed.path], ["PATCH", `${D}/tags/${id}/`]);
    assert.equal(renamed.stderr, `Tag ${id} is "newer" now\n`);
    const deleted = await sends("tags", "delete", "newer", "--yes");
    assert.deepEqual([deleted.method, JSON.parse(deleted.text)], ["POST", { name: "newer", delete: true }]);
    await refused(["tags", "delete", "core"], /Delete the tag "core", and take it from all events\?/);
  });
});

describe("the shell's completion", () => {
  const cases: [kind: string, words: string[], shown: RegExp][] = [
    ["lexicon_tags", ["lexicon", "tags", "rename"], /^9201\tcore$/m],
    ["drop_filters", ["lexicon", "drop-filters", "delete"], /^9301\tLoad Test$/m],
    ["deletion_requests", ["lexicon", "deletions", "cancel"], /^9501\tLoad Test Submitted$/m],
    ["lookup_tables", ["lookup-tables", "download"], /^\d+\tProducts$/m],
  ];
  for (const [kind, words, shown] of cases) {
    it(`offers ids with their names: mp ${words.join(" ")}`, async () => {
      const env = { XDG_STATE_HOME: files.path("state") };
      await lab.mp(["__complete", "--fetch", JSON.stringify({ kind, words })], { env });
      assert.match((await lab.mp(["__complete", "--", ...words, ""], { env })).stdout, shown);
    });
  }
});

describe("mp lexicon patch", () => {
  it("has Mixpanel merge one schema", async () => {
    const schema = { properties: { coupon: { type: "string" } } };
    const { method, path, text } = await sends("patch", "event", "Purchase", "--data", JSON.stringify(schema));
    assert.deepEqual([method, path], ["PATCH", `/api/app/projects/${SANDBOX.projectId}/schemas/event/Purchase`]);
    assert.deepEqual(JSON.parse(text), schema);
    const after = JSON.parse((await mp(["get", "event", "Purchase"])).stdout);
    assert.deepEqual(Object.keys(after.properties), ["amount", "items", "coupon"]);
  });

  it("merges entries of a file, and ends with 8 when some are refused", async () => {
    const entries = [{ entityType: "event", name: "Refund", schemaJson: { description: "Money back" } }];
    const sent = await lab.sends(["lexicon", "patch", "--file", "-"], { stdin: JSON.stringify(entries) });
    assert.deepEqual([sent.method, JSON.parse(sent.text)], ["PATCH", { entries }]);
    assert.equal(sent.stderr, "Merged 1 entry\n");
    await refused(["patch", "event"], /a type, a name and --data are needed, or --file/);
    await refused(["patch", "event", "A", "--file", "-"], /Cannot use --file together with a type/, "[]");
    await refused(["patch", "--file", "-"], /it has no entries/, "[]");
    await refused(
      ["patch", "event", "A", "--data", '{"properties": {"a": {"type": "date"}}}'],
      /--data\.properties\.a\.type/,
    );
  });
});

describe("mp lexicon export", () => {
  it("prints the object, or says that it will be mailed", async () => {
    const { path, query, stdout } = await sends("export");
    assert.equal(path, `${D}/export/`);
    assert.equal(query.export_type, '["All Events and Properties","All User Profile Properties"]');
    assert.ok(Array.isArray(JSON.parse(stdout).results.events));
    const mailing = openProgramLab({ mailsDefinitions: true });
    try {
      const { stderr, stdout } = await mailing.mp(["lexicon", "export"]);
      assert.match(stderr, /will be emailed/);
      assert.match(stdout, /will be emailed/);
    } finally {
      await mailing.stop();
    }
  });
});
