/** Records whose values are at the edge of what programs bear. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import importCommand from "../../src/commands/import.ts";
import { linesOf, type Responder } from "../jobs/fake_client.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { runWithFakes } from "./run_with_fakes.ts";

const folder = temporaryFolder();
const ok: Responder = (request) => `{"code":200,"num_records_imported":${linesOf(request).length},"status":"OK"}`;
const event = (number: number, more = "") =>
  `{"event":"E","properties":{"time":1780000000,"distinct_id":"u-${number}","$insert_id":"i-${number}"${more}}}`;
const sent = async (path: string, argv: string[] = []) => {
  const ran = await runWithFakes(importCommand, [path, ...argv], { respond: ok });
  return { ...ran, lines: ran.client.requests.flatMap((request) => linesOf(request)) };
};

describe("mp import of a record that is nested without end", () => {
  const DEEP = [
    event(2, `,"n":${"[".repeat(50_000)}${"]".repeat(50_000)}`),
    "[".repeat(50_000),
    `${"[".repeat(50_000)}${"]".repeat(50_000)}`,
    `{"event":"E","properties":${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}}`,
    event(3, `,"long":1234567890123456789.5,"n":${"[".repeat(50_000)}${"]".repeat(50_000)}`),
    // Without an $insert_id, which would follow from its content.
    event(4, `,"n":${"[".repeat(50_000)}${"]".repeat(50_000)}`).replace('"$insert_id":"i-4",', ""),
  ];

  it("rejects that record, and sends the others", async () => {
    const path = folder.write("deep.jsonl", [event(1), ...DEEP, event(9)].join("\n"));
    for (const argv of [[], ["--set", "a=b"], ["--fix"]]) {
      const rejects = folder.path(`deep-${argv.length}-${argv[0] ?? ""}.rejects`);
      const { exitCode, lines, notes } = await sent(path, [...argv, "--rejects", rejects]);
      assert.deepEqual([exitCode, lines.length], [8, 2]);
      const reasons = notes.filter((note) => note.startsWith("  line"));
      assert.deepEqual(reasons, DEEP.map((_, index) => `  line ${index + 2}: nested too deeply`));
      // What was rejected is rejected again.
      const again = await sent(rejects);
      assert.deepEqual([again.exitCode, again.lines.length], [3, 0]);
      assert.equal(readFileSync(rejects, "utf8").trim().split("\n").length, DEEP.length);
    }
  });

  it("rejects it in a list of JSON, too", async () => {
    const whole = DEEP.filter((text) => text.startsWith("{"));
    const { exitCode, lines, notes } = await sent(
      folder.write("deep.json", `[${event(1)},${whole.join(",")},${event(9)}]`),
    );
    assert.deepEqual([exitCode, lines.length], [8, 2]);
    assert.match(notes[1] ?? "", /nested too deeply$/);
  });

  it("is reported by --check", async () => {
    for (
      const [name, text] of [["a.jsonl", [event(1), ...DEEP].join("\n")], [
        "a.json",
        `[${DEEP[0]},${event(1)}]`,
      ]] as const
    ) {
      const { exitCode, printed } = await sent(folder.write(name, text), ["--check", "-f", "json"]);
      assert.equal(exitCode, 3);
      const { problems, invalid } = printed[0] as { problems: { rule: string; reason: string }[]; invalid: number };
      assert.equal(invalid, name === "a.jsonl" ? DEEP.length : 1);
      for (const { rule, reason } of problems) {
        assert.deepEqual([rule, reason], ["nested_too_deep", "nested too deeply"]);
      }
    }
  });
});

describe("mp import of numbers that a double does not hold", () => {
  const NUMBERS = '"a":12345678901234567890.5,"b":1e400,"c":0.12345678901234567890123,"d":{"e":[9007199254740993.0]}';
  const row = `{"event":"E","time":1780000000,"distinct_id":"u","$insert_id":"i",${NUMBERS}}`;

  it("keeps them as they are written, however the record is mapped", async () => {
    const line = event(1, `,${NUMBERS}`);
    for (
      const [name, text, argv] of [
        ["same.jsonl", line, []],
        ["set.jsonl", line, ["--set", "x=y"]],
        ["row.jsonl", row, []],
        ["list.json", `[${line},\n${line}]`, []],
        ["typed.jsonl", line, ["--column-type", "a:number"]],
        ["id.jsonl", line.replace('"$insert_id":"i-1",', ""), ["--drop", "nothing"]],
      ] as const
    ) {
      const { exitCode, lines, error } = await sent(folder.write(name, text), [...argv]);
      assert.equal(exitCode, 0, String(error));
      for (const one of lines) assert.ok(one.includes(NUMBERS), `${name}: ${one}`);
    }
  });

  it("keeps those of a table as text, and those of JSON in it as they are", async () => {
    const csv =
      `event,time,distinct_id,large,small,zero,inner\nE,1780000000,u,1.5e400,1.5e-400,0.0e+00,"{""a"":1e400}"\n`;
    const { lines } = await sent(folder.write("long.csv", csv));
    assert.match(lines[0] ?? "", /"large":"1\.5e400","small":"1\.5e-400","zero":0,"inner":\{"a":1e400\}/);
  });

  it("takes one for a time, and for a profile's property", async () => {
    const time = await sent(folder.write("time.jsonl", event(1).replace("1780000000", "1780000000.12345678901234")), [
      "--set",
      "x=y",
    ]);
    assert.match(time.lines[0] ?? "", /"time":1780000000123\b/);
    const { client } = await runWithFakes(
      importCommand,
      [folder.write("p.jsonl", `{"$distinct_id":"u","$properties":{${NUMBERS}}}`), "--kind", "profiles"],
      { respond: () => '{"error":null,"status":1}' },
    );
    const { body } = client.requests[0]!;
    assert.ok(body?.kind === "json" && body.text.includes(NUMBERS));
  });
});
