import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readTextFile, writeFileAtomically } from "../../src/runtime/files/files.ts";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { loadManagedObjects } from "../../src/sandbox/demo/managed_objects.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { NOW_MS } from "../helpers/world.ts";

const PATH = `/api/app/projects/${SANDBOX.projectId}/schemas`;
let lab: ProgramLab;
const files = temporaryFolder();

async function withLab(work: () => Promise<void>): Promise<void> {
  lab = openProgramLab();
  loadManagedObjects(lab.store, SANDBOX.projectId, NOW_MS);
  try {
    await work();
  } finally {
    await lab.stop();
  }
}

const sends = (...argv: string[]) => lab.sends(["lexicon", ...argv]);
const mp = (argv: string[], stdin?: string) => lab.mp(["lexicon", ...argv], { stdin });
// deno-lint-ignore no-explicit-any
const schemaOf = async (name: string): Promise<any> => JSON.parse((await mp(["get", "event", name])).stdout);

describe("mp lexicon list", () => {
  it("lists everything, a type, or one name", () =>
    withLab(async () => {
      const all = await sends("list", "-f", "csv");
      assert.deepEqual([all.method, all.path, all.query], ["GET", PATH, {}]);
      assert.match(all.stdout, /^type,name,display_name,description,properties,tags,hidden,dropped\n/);
      assert.match(all.stdout, /\nevent,Purchase,Purchase,An order was paid,2,core,,\n/);
      assert.equal((await sends("list", "--entity-type", "profile")).path, `${PATH}/profile`);
      const one = await sends("list", "--entity-name", "Sign Up", "--jq", ".results[].name");
      assert.deepEqual([one.path, one.query, one.stdout], [`${PATH}/event`, { entity_name: "Sign Up" }, "Sign Up\n"]);
    }));
});

describe("mp lexicon get", () => {
  it("shows an entry and its properties", () =>
    withLab(async () => {
      const { path, stdout } = await sends("get", "profile", "$user", "-f", "csv");
      assert.equal(path, `${PATH}/profile/%24user`);
      assert.match(stdout, /\n\(\$user\),,,,,\nplan,string,,"Subscription, if any",,\n/);
    }));

  it("is a not-found error for an entry that is not there, and bad input for a type that is none", () =>
    withLab(async () => {
      assert.equal((await mp(["get", "event", "Nope"])).code, 4);
      const before = lab.requests.length;
      const { code, stderr } = await mp(["get", "evnt", "Nope"]);
      assert.deepEqual([code, lab.requests.length], [3, before]);
      assert.match(stderr, /entity.type/);
    }));
});

describe("mp lexicon set", () => {
  it("reads, changes and writes, so that what is not named stays", () =>
    withLab(async () => {
      const { code, stderr } = await mp(
        ["set", "event", "Purchase", "--display-name", "Order", "--tag", "shop", "--hidden", "--data"]
          .concat('{"properties": {"coupon": {"type": "string"}, "amount": {"type": "integer"}}}'),
      );
      assert.deepEqual([code, stderr], [0, 'Wrote the schema of event "Purchase"\n']);
      assert.deepEqual(lab.requests.map(({ method, path }) => `${method} ${path}`), [
        `GET ${PATH}/event/Purchase`,
        `POST ${PATH}/event/Purchase`,
      ]);
      const expected = {
        description: "An order was paid",
        properties: {
          amount: { type: "integer", description: "What it cost, in US dollars" },
          items: { type: "array", description: "What was bought" },
          coupon: { type: "string" },
        },
        metadata: { "com.mixpanel": { displayName: "Order", tags: ["shop"], hidden: true } },
      };
      assert.deepEqual(JSON.parse(lab.requests[1]!.text), expected);
      assert.deepEqual(await schemaOf("Purchase"), expected);
    }));

  it("makes an entry that is not there, and takes metadata away with null", () =>
    withLab(async () => {
      await mp(["set", "event", "New", "--description", "First"]);
      assert.deepEqual(await schemaOf("New"), { description: "First" });
      await mp(["set", "event", "Purchase", "--data", '{"metadata": {"com.mixpanel": {"tags": null}}}']);
      assert.deepEqual((await schemaOf("Purchase")).metadata, { "com.mixpanel": { displayName: "Purchase" } });
    }));

  it("writes as it is with --replace, in one request", () =>
    withLab(async () => {
      const { text } = await sends("set", "event", "Purchase", "--replace", "--description", "Only this");
      assert.deepEqual(JSON.parse(text), { description: "Only this" });
      const { properties, metadata } = await schemaOf("Purchase");
      assert.equal(properties, undefined);
      assert.equal(metadata["com.mixpanel"].displayName, "Purchase", "Mixpanel keeps metadata that is not named");
    }));

  it("refuses what is no schema, with the place in it", () =>
    withLab(async () => {
      const { code, stderr } = await mp(["set", "event", "X", "--data", '{"properties": {"a": {"type": "date"}}}']);
      assert.equal(code, 3);
      assert.match(stderr, /properties\.a\.type/);
      assert.match((await mp(["set", "event", "X"])).stderr, /nothing to write is given/);
      assert.equal(lab.requests.length, 0);
    }));
});

describe("mp lexicon upload", () => {
  const entry = (name: string) => ({ entityType: "event", name, schemaJson: { description: name } });

  it("takes a list, an answer of lexicon list, and lines", () =>
    withLab(async () => {
      const path = files.path("dictionary.json");
      await mp(["list", "-f", "json", "-o", path]);
      const { text, stderr } = await sends("upload", path);
      assert.equal(JSON.parse(text).entries.length, 4);
      assert.equal(stderr, "Wrote 4 entries\n");
      assert.equal((await mp(["upload", "-"], JSON.stringify([entry("A")]))).code, 0);
      const lines = `${JSON.stringify(entry("B"))}\n\n${JSON.stringify(entry("C"))}\n`;
      const { stdout } = await mp(["upload", "-", "-f", "json"], lines);
      assert.deepEqual(JSON.parse(stdout), { added: 2, deleted: 0 });
      for (const name of ["A", "B", "C"]) assert.deepEqual(await schemaOf(name), { description: name });
      assert.match((await readTextFile(path))!, /Purchase/);
    }));

  it("asks before it deletes everything else", () =>
    withLab(async () => {
      const body = JSON.stringify({ entries: [entry("Only")] });
      const asked = await mp(["upload", "-", "--truncate"], body);
      assert.equal(asked.code, 3);
      assert.match(asked.stderr, /Replace the whole data dictionary by 1 entry of -\?.*--yes/s);
      assert.equal(lab.requests.length, 0);
      const { stderr } = await mp(["upload", "-", "--truncate", "--yes"], body);
      assert.equal(stderr, "Wrote 1 entry, deleted 4\n");
      assert.deepEqual(JSON.parse(lab.requests[0]!.text), { entries: [entry("Only")], truncate: true });
    }));

  it("refuses files without entries, with bad lines, and with entries that are none", () =>
    withLab(async () => {
      const path = files.path("bad.json");
      for (
        const [content, message] of [
          ["[]", /it has no entries/],
          ['{"entityType": "event"}\n{oops\n', /line 2 is not JSON/],
          ['{"entries": 3}', /it has no list of entries/],
          [
            '[{"entityType": "event", "name": "A", "schemaJson": {"description": 3}}]',
            /entries\.0\.schemaJson\.description/,
          ],
        ] as const
      ) {
        await writeFileAtomically(path, content);
        const { code, stderr } = await mp(["upload", path]);
        assert.deepEqual([code, message.test(stderr) ? "" : stderr], [3, ""], content);
      }
      assert.equal((await mp(["upload", files.path("gone.json")])).code, 3);
      assert.equal(lab.requests.length, 0);
    }));
});

describe("mp lexicon delete", () => {
  it("deletes one entry, a type, or all", () =>
    withLab(async () => {
      const one = await sends("delete", "event", "Old Checkout", "--yes");
      assert.deepEqual([one.method, one.path], ["DELETE", `${PATH}/event/Old%20Checkout`]);
      assert.equal(one.stderr, 'Deleted the schema of event "Old Checkout" (1)\n');
      assert.equal((await sends("delete", "profile", "--yes")).path, `${PATH}/profile`);
      const all = await sends("delete", "--all", "--yes", "-f", "json");
      assert.deepEqual([all.path, JSON.parse(all.stdout)], [PATH, { status: "ok", results: { delete_count: 2 } }]);
    }));

  it("does not delete by mistake", () =>
    withLab(async () => {
      for (const argv of [["delete"], ["delete", "event", "--all", "--yes"], ["delete", "event"]]) {
        assert.equal((await mp(argv)).code, 3, argv.join(" "));
      }
      assert.equal(lab.requests.length, 0);
    }));
});
