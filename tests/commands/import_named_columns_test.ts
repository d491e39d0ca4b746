import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { after, before, describe, it } from "node:test";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";

const folder = temporaryFolder();
let lab: ProgramLab;
before(() => void (lab = openProgramLab()));
after(() => lab.stop());

const HEADER = "event,time,distinct_id,tier,user.name\n";
const ROW = "E,1795400000,u,pro,Ada\n";
const NAMED = [["--map", "plan=teir"], ["--drop", "teir"], ["--only", "teir"], [
  "--column-type",
  "teir:string",
]] as const;
const event = (more: object) =>
  JSON.stringify({ event: "E", properties: { time: 1795400000, distinct_id: "u", $insert_id: "i", ...more } }) + "\n";

describe("a column that is named by hand and is not there", () => {
  it("is an error of one table, by its header, before anything is sent", async () => {
    const path = folder.write("one.csv", HEADER + ROW);
    const count = lab.requests.length;
    for (const flags of NAMED) {
      for (const check of [[], ["--check"]]) {
        const { code, stderr } = await lab.mp(["import", path, ...flags, ...check]);
        assert.equal(code, 3, stderr);
        assert.match(stderr, /it has no column "teir", which --[\w-]+ \S+ names\nhint: did you mean tier\?\n$/);
      }
    }
    const { code, stderr } = await lab.mp(["import", "-", "--input-format", "csv", "--map", "insert_id=nowhere"], {
      stdin: HEADER + ROW,
    });
    assert.equal(code, 3);
    assert.match(stderr, /which --map insert_id=nowhere names\nhint: its columns are event, time, distinct_id, tier/);
    assert.equal(lab.requests.length, count);
  });

  it("is there, also under a path, in an empty column, in the members of a column, or made by another flag", async () => {
    const path = folder.write("two.csv", HEADER + "E,1795400000,u,,Ada\n");
    const flags = ["--map", "who=user.name", "--drop", "tier", "--set", "a=1", "--column-type", "a:string"];
    assert.doesNotMatch((await lab.mp(["import", path, ...flags])).stderr, /warning|names/);
    const members = folder.write(
      "members.csv",
      'event,time,distinct_id,properties\nE,1795400000,u,"{""tier"":""pro""}"\n',
    );
    const there = await lab.mp(["import", members, "--drop", "tier"]);
    assert.doesNotMatch(there.stderr, /names/);
    const missing = await lab.mp(["import", members, "--drop", "teir"]);
    assert.equal(missing.code, 0);
    assert.match(missing.stderr, /warning: no record has "teir", which --drop teir names\n/);
  });

  it("is reported of several tables, of which none has it", async () => {
    const one = folder.write("three.csv", HEADER + ROW);
    const other = folder.write("four.csv", "event,time,distinct_id,level\n" + "E,1795400000,v,pro\n");
    const { code, stderr } = await lab.mp(["import", one, other, "--drop", "level", "--drop", "teir"]);
    assert.equal(code, 0);
    assert.match(stderr, /warning: no record has "teir", which --drop teir names\n/);
    assert.doesNotMatch(stderr, /"level"/);
  });

  it("is reported of JSON of any form, and counted in its numbers", async () => {
    const lines = event({ tier: "pro", user: { name: "Ada" }, "größe": 1 });
    const files = {
      "a.jsonl": lines,
      "a.json": `[${lines}]`,
      "a.jsonl.gz": gzipSync(lines),
    };
    for (const [name, content] of Object.entries(files)) {
      const path = folder.write(name, content);
      for (const flags of NAMED) {
        for (const check of [[], ["--check"]]) {
          const { stderr, stdout } = await lab.mp(["import", path, ...flags, ...check, "-f", "json"]);
          assert.match(stderr, /warning: no record has "teir", which --[\w-]+ \S+ names\n/, `${name} ${flags}`);
          const flag = flags.join(" ");
          assert.deepEqual(JSON.parse(stdout).missing_columns, [{ flag, name: "teir" }]);
        }
      }
      const there = ["--map", "who=user.name", "--drop", "größe", "--map", "plan=tier"];
      assert.doesNotMatch((await lab.mp(["import", path, ...there])).stderr, /warning/);
    }
    const escaped = folder.write("escaped.jsonl", event({ x: 1 }).replace('"x"', '"gr\\u00f6\\u00dfe"'));
    assert.doesNotMatch((await lab.mp(["import", escaped, "--drop", "größe"])).stderr, /warning/);
  });

  it("is refused of a file of Parquet, which names its columns", async () => {
    const columnData = [["event", "E"], ["time", "2026-11-01"], ["distinct_id", "u"], ["tier", "pro"]]
      .map(([name, value]) => ({ name: name!, data: [value], type: "STRING" as const }));
    const path = folder.write("a.parquet", new Uint8Array(parquetWriteBuffer({ columnData })));
    const before = lab.requests.length;
    const { code, stderr } = await lab.mp(["import", path, "--drop", "teir", "--drop", "tier"]);
    assert.equal(code, 3);
    assert.match(stderr, /it has no column "teir", which --drop teir names\nhint: did you mean tier\?\n$/);
    assert.equal(lab.requests.length, before);
    assert.equal((await lab.mp(["import", path, "--drop", "tier"])).code, 0);
  });

  it("is no matter of a preset's own columns", async () => {
    const path = folder.write(
      "segment.jsonl",
      JSON.stringify({ type: "track", event: "E", userId: "u", timestamp: "2026-11-01T00:00:00Z", messageId: "m" }) +
        "\n",
    );
    assert.doesNotMatch((await lab.mp(["import", path, "--preset", "segment"])).stderr, /names/);
  });
});

describe("a file without records", () => {
  it("is nothing to import, and said to be, whatever its format; a pipe without any has failed", async () => {
    const columnData = ["event", "time", "distinct_id"].map((name) => ({ name, data: [], type: "STRING" as const }));
    const files: Record<string, string | Uint8Array> = {
      "e.jsonl": "",
      "blank.jsonl": "\n\n",
      "e.json": "[]",
      "e.csv": "",
      "head.csv": "event,time,distinct_id\n",
      "e.tsv": "",
      "e.parquet": new Uint8Array(parquetWriteBuffer({ columnData })),
      "e.jsonl.gz": gzipSync(""),
      "head.csv.gz": gzipSync("event,time,distinct_id\n"),
    };
    for (const [name, content] of Object.entries(files)) {
      const path = folder.write(name, content);
      for (const [check, verb] of [[[], "import"], [["--check"], "check"]] as const) {
        const { code, stderr } = await lab.mp(["import", path, ...check]);
        assert.equal(code, 0, `${name}: ${stderr}`);
        assert.match(stderr, new RegExp(`^Nothing to ${verb}: there is no record in .*${name}\n`), name);
        const piped = await lab.mp(["import", "-", ...check], { stdin: content });
        assert.equal(piped.code, 3, name);
        assert.match(piped.stderr, new RegExp(`Cannot ${verb}: there is no record in standard input`));
      }
    }
  });
});
