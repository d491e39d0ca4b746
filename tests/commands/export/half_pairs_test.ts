/** Half of a surrogate pair, which JSON can have as an escape and UTF-8 cannot: kept where it can be, else called with. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, it } from "node:test";
import { parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import { openStubbed, type Stubbed } from "../stubbed.ts";

const folder = temporaryFolder();
let stubbed: Stubbed;
beforeEach(async () => void (stubbed = await openStubbed()));
afterEach(() => stubbed.server.finish());

const EVENT = '{"event":"A","properties":{"time":1704067200,"distinct_id":"u","$insert_id":"i","p":"x\\ud83dy",' +
  '"ok":"\\ud83d\\ude00","k\\udc00":1,"list":["\\ud83d"]}}\n';
const TOLD =
  "3 texts have U+FFFD in place of what UTF-8 cannot have, such as half of a surrogate pair; JSON Lines keep it";

let runs = 0;
async function exported(...argv: string[]): Promise<{ stdout: string; notes: string[]; path: string }> {
  stubbed.server.on("GET", "/api/2.0/export", { headers: { "content-type": "application/x-jsonlines" }, body: EVENT });
  const home = folder.path(`home-${++runs}`);
  mkdirSync(home);
  const path = `${home}/out`;
  const days = ["--from", "2024-01-01", "--to", "2024-01-01"];
  const { code, stdout, stderr } = await stubbed.mp(
    ["export", "events", ...days, "--no-pacing", ...argv.map((word) => word.replace("OUT", path))],
    { env: { HOME: home } },
  );
  assert.equal(code, 0, stderr);
  return { stdout, notes: stderr.trim().split("\n"), path };
}

describe("half of a surrogate pair", () => {
  it("is kept byte for byte in JSON Lines, silently", async () => {
    const { stdout, notes } = await exported();
    assert.equal(stdout, EVENT);
    assert.equal(notes.length, 1);
    const { path, notes: ofFile } = await exported("-o", "OUT.jsonl");
    assert.equal(readFileSync(`${path}.jsonl`, "utf8"), EVENT);
    assert.equal(ofFile.length, 1);
  });

  it("is U+FFFD in tables, which is said, whatever they are written to", async () => {
    const expected =
      'event,time,distinct_id,$insert_id,p,ok,k\ufffd,list\nA,1704067200,u,i,x\ufffdy,😀,1,"[""\\ufffd""]"\n';
    const piped = await exported("-f", "csv");
    assert.equal(piped.stdout, expected);
    const written = await exported("-o", "OUT.csv");
    assert.equal(readFileSync(`${written.path}.csv`, "utf8"), expected);
    const parquet = await exported("-o", "OUT.parquet");
    const { buffer } = new Uint8Array(readFileSync(`${parquet.path}.parquet`));
    const [row] = await parquetReadObjects({ file: buffer as ArrayBuffer, compressors });
    assert.deepEqual([row!.p, row!["k\ufffd"], JSON.parse(String(row!.list))], ["x\ufffdy", 1n, ["\ufffd"]]);
    const table = await exported("-o", "OUT/", "-f", "parquet");
    assert.ok(existsSync(table.path) && readdirSync(table.path).length > 0);
    const json = await exported("-f", "csv", "--layout", "json");
    for (const { notes } of [piped, written, parquet, table, json]) {
      assert.ok(notes.includes(TOLD), notes.join("\n"));
    }
  });

  it("is reported of where profiles become tables, and kept where they do not", async () => {
    const page = '{"page":0,"page_size":1000,"session_id":"s","total":1,"results":[{"$distinct_id":"u",' +
      '"$properties":{"p":"x\\ud83dy"}}]}';
    const run = async (...argv: string[]) => {
      stubbed.server.on("POST", "/api/query/engage", { headers: { "content-type": "application/json" }, body: page });
      return await stubbed.mp([...argv, "--no-pacing"], { env: { HOME: folder.path("home") } });
    };
    assert.equal((await run("export", "profiles")).stdout, '{"$distinct_id":"u","$properties":{"p":"x\\ud83dy"}}\n');
    const table = await run("export", "profiles", "-f", "csv");
    assert.equal(table.stdout, "$distinct_id,p\nu,x\ufffdy\n");
    assert.match(table.stderr, /^1 text has U\+FFFD in place of what UTF-8 cannot have/m);
    const json = await run("profiles", "list", "-f", "json");
    assert.deepEqual([json.stdout, json.stderr], [`${page}\n`, ""]);
    const list = await run("profiles", "list", "-f", "csv");
    assert.equal(list.stdout.toWellFormed(), "$distinct_id,p\nu,x\ufffdy\n");
    assert.equal(list.stderr, "U+FFFD stands for half of a surrogate pair, which UTF-8 cannot have; JSON keeps it\n");
  });
});
