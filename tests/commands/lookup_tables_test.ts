import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { gzip } from "../../src/runtime/compression/compressed_body.ts";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";

const ID = SANDBOX.lookupTableId;
const CSV = 'product_id,name\n1,"Coffee, ""dark"""\n2,"Two\nlines"\n';
let lab: ProgramLab;
const files = temporaryFolder();
before(() => void (lab = openProgramLab()));
after(() => lab.stop());

const stored = () => lab.store.lookupTables.csv(SANDBOX.projectId, ID);

describe("lookup-tables list", () => {
  it("shows ids and names", async () => {
    const { method, path, query, stdout } = await lab.sends(["lookup-tables", "list", "-f", "csv"]);
    assert.deepEqual([method, path, query], ["GET", "/lookup-tables", { project_id: String(SANDBOX.projectId) }]);
    assert.equal(stdout, `id,name\n${ID},Products\n`);
  });
});

describe("lookup-tables replace", () => {
  it("sends the file as it is", async () => {
    const path = files.write("products.csv", CSV);
    const sent = await lab.sends(["lookup-tables", "replace", ID, path, "--yes"]);
    assert.deepEqual([sent.method, sent.path], ["PUT", `/lookup-tables/${ID}`]);
    assert.equal(sent.headers.get("content-type"), "text/csv");
    assert.deepEqual(sent.query, { project_id: String(SANDBOX.projectId) });
    assert.equal(sent.text, CSV);
    assert.equal(sent.stderr, `Replaced lookup table ${ID}: 2 rows of product_id, name\n`);
    assert.equal(stored(), CSV);
  });

  it("takes gzip and standard input, and the project secret", async () => {
    const path = files.write("products.csv.gz", await gzip(new TextEncoder().encode("k,v\n1,2\n")));
    await lab.sends(["lookup-tables", "replace", ID, path, "--yes"]);
    assert.equal(stored(), "k,v\n1,2\n");
    const env = { MP_USERNAME: "", MP_SECRET: "", MP_API_SECRET: SANDBOX.secret };
    const { query, stdout } = await lab.sends(
      ["lookup-tables", "replace", ID, "-", "--yes", "-f", "json"],
      { stdin: "k\n1\n", env },
    );
    assert.deepEqual(query, {});
    assert.deepEqual(JSON.parse(stdout), { code: 200, status: "OK" });
    assert.equal(stored(), "k\n1\n");
  });

  it("takes the table as --data: itself, a file's or standard input's, in place of a file", async () => {
    const path = files.write("data.csv.gz", await gzip(new TextEncoder().encode(CSV)));
    for (const [data, stdin] of [[CSV, ""], [`@${path}`, ""], ["-", CSV], ["@-", CSV]] as const) {
      const { text, stderr } = await lab.sends(["lookup-tables", "replace", ID, "--data", data, "--yes"], { stdin });
      assert.equal(text, CSV);
      assert.equal(stderr, `Replaced lookup table ${ID}: 2 rows of product_id, name\n`);
    }
    const refused: [string[], RegExp][] = [
      [
        ["--data", path],
        /Cannot use --data ".*": a table has a header and rows\nhint: name a file as it is, or as --data @FILE/,
      ],
      [["--data", CSV, path], /Cannot use --data together with <file>/],
      [[], /Cannot replace a lookup table: <file> is missing\nhint: .*--data/],
    ];
    for (const [argv, message] of refused) {
      const { code, stderr } = await lab.mp(["lookup-tables", "replace", ID, ...argv, "--yes"]);
      assert.equal(code, 3);
      assert.match(stderr, message);
    }
  });

  it("asks before it replaces", async () => {
    const path = files.write("asked.csv", CSV);
    const { code, stderr } = await lab.mp(["lookup-tables", "replace", ID, path]);
    assert.equal(code, 3);
    assert.match(stderr, /Replace all rows of lookup table 5a1c.* by the 2 of .*asked\.csv\?/);
  });

  it("finds what Mixpanel would refuse, line by line, and sends nothing", async () => {
    const before = lab.requests.length;
    const cases: [string, RegExp][] = [
      ["", /it is empty/],
      ["k,k\n1,2\n", /the header has the column "k" twice/],
      [
        "k,v\n1\n,2\n3,4\n3,5\n",
        /line 2 has 1 fields, and the header 2; line 3 has no key.*; lines 4 and 5 have the same key "3"/,
      ],
      ['k,v\n"1,2\n', /line 2 has a quote that is not closed/],
      ['k,v\n"1"x,2\n', /line 2 has text after a closing quote/],
    ];
    for (const [content, message] of cases) {
      const { code, stderr } = await lab.mp(["lookup-tables", "replace", ID, "-", "--yes"], { stdin: content });
      assert.equal(code, 3);
      assert.match(stderr, message);
    }
    const bytes = files.write("latin1.csv", new Uint8Array([0x6b, 0x0a, 0xe9, 0x0a]));
    assert.match((await lab.mp(["lookup-tables", "replace", ID, bytes, "--yes"])).stderr, /is not UTF-8\nhint: iconv/);
    assert.equal(lab.requests.length, before);
  });

  it("says that there is no such table", async () => {
    const { code, stderr } = await lab.mp(["lookup-tables", "replace", "none", "-", "--yes"], { stdin: "k\n1\n" });
    assert.equal(code, 4);
    assert.match(stderr, /Lookup table with id 'none' was not found/);
  });
});
