/** `--source` of tables whose columns are not called as their properties are. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { openProgramLab } from "../helpers/program_lab.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { NOW_MS, runProgram } from "../helpers/world.ts";

const folder = temporaryFolder();

it("properties are asked for by their own names, whatever the columns of an export are called", async () => {
  const lab = openProgramLab();
  try {
    const events = ["ann", "bob", "ann"].map((distinct_id, index) => ({
      event: "Buy",
      properties: {
        ...{ time: NOW_MS / 1000 - 60 - index, distinct_id, $insert_id: `i-${index}` },
        ...{ $city: `Köln ${index}`, EVENT: index, event: "inner", when: `w${index}`, "a b": index > 0, amount: 2.5 },
      },
    }));
    const lines = folder.write("events.jsonl", events.map((one) => `${JSON.stringify(one)}\n`).join(""));
    assert.equal((await lab.mp(["import", lines, "--no-checkpoint", "-q"])).code, 0);
    const lakes: string[] = [];
    for (
      const flags of [["-f", "parquet"], ["-f", "parquet", "--hive"], ["-f", "csv"], [
        "-f",
        "parquet",
        "--names",
        "safe",
      ], [
        ...["-f", "csv", "--names", "safe"],
      ]]
    ) {
      const lake = folder.path(`lake-${lakes.length}/`);
      const exported = await lab.mp(["export", "events", "--last", "2d", "-q", ...flags, "-o", lake]);
      assert.equal(exported.code, 0, exported.stderr);
      lakes.push(lake);
    }
    for (const name of ["$city", "EVENT", "event", "when", "a b", "amount"]) {
      const question = ["query", "segmentation", "Buy", "--last", "2d", "-f", "json", "--on", `properties["${name}"]`];
      const expected = JSON.parse((await lab.mp(question)).stdout);
      for (const lake of lakes) {
        const { stdout, stderr } = await runProgram([...question, "--source", lake]);
        assert.deepEqual(JSON.parse(stdout), expected, `${name} of ${lake}: ${stderr}`);
      }
    }
    const listed = await runProgram(["events", "properties", "Buy", "--source", lakes[3]!, "-f", "json"]);
    assert.deepEqual(
      JSON.parse(listed.stdout),
      JSON.parse((await lab.mp(["events", "properties", "Buy", "-f", "json"])).stdout),
    );
  } finally {
    await lab.stop();
  }
});
