/** Names that every object of the language has are names like any other, on every path through `mp` and the emulator. */
import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { temporaryFolder } from "../helpers/binary.ts";
import { succeeded } from "./expectations.ts";
import { startSandboxProcess } from "./sandbox_process.ts";

const NAMES = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"];
const sandbox = await startSandboxProcess();
const folder = temporaryFolder();
after(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
/** Members of an object as JSON, which an object literal could not have. */
const members = (value: string) => NAMES.map((name) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",");
const mp = async (...argv: string[]) => succeeded(await sandbox.mp(argv));
const day = (offset: number) => `2026-01-${String(offset).padStart(2, "0")}`;

function assertNames(text: string, value: string): void {
  const found = JSON.parse(text) as Record<string, unknown>;
  for (const name of NAMES) {
    assert.equal(Object.getOwnPropertyDescriptor(found, name)?.value, value, `${name} in ${text}`);
  }
}

/** The properties of the one event of a day. */
async function eventOf(offset: number): Promise<string> {
  const out = await mp("export", "events", "--from", day(offset), "--to", day(offset));
  assert.equal(out.trim().split("\n").length, 1, out);
  return /"properties":(\{.*\})\}/.exec(out)?.[1] ?? assert.fail(out);
}

describe("names that every object has", () => {
  const row = (offset: number) => `"event":"E","time":"${day(offset)}","distinct_id":"u","$insert_id":"i"`;

  it("are properties of events, from JSON Lines, JSON and CSV, with a recipe and without one", async () => {
    const own = (offset: number) =>
      `{"event":"E","properties":{"time":${Date.parse(day(offset)) / 1000},"distinct_id":"u","$insert_id":"i",${
        members("kept")
      }}}\n`;
    const csv = `event,time,distinct_id,$insert_id,${NAMES.join(",")}\nE,${day(5)},u,i,${NAMES.map(() => "kept")}\n`;
    const inputs: [string, string, string[]][] = [
      ["1.jsonl", own(1), []],
      ["2.jsonl", own(2), ["--set", "a=b"]],
      ["3.jsonl", own(3), ["--column-type", "a:number", "--fix"]],
      ["4.json", `[{${row(4)},${members("kept")}}]`, []],
      ["5.csv", csv, []],
      ["6.jsonl", `{${row(6)},"nested":{${members("kept")}}}`, []],
      ["7.jsonl", `{${row(7)}}`, NAMES.flatMap((name) => ["--set", `${name}=kept`])],
      ["8.jsonl", `{${row(8)},"x":"kept"}`, NAMES.flatMap((name) => ["--map", `${name}=x`])],
    ];
    for (const [index, [name, text, argv]] of inputs.entries()) {
      await mp("import", write(name, text), ...argv);
      const found = await eventOf(index + 1);
      assertNames(name === "6.jsonl" ? /"nested":(\{.*?\})/.exec(found)?.[1] ?? found : found, "kept");
    }
  });

  it("are typed, dropped and chosen by name", async () => {
    const line = write("typed.jsonl", `{${row(9)},${NAMES.map((name) => `"${name}":"1"`).join(",")}}`);
    await mp("import", line, ...NAMES.flatMap((name) => ["--column-type", `${name}:number`]));
    const typed = await eventOf(9);
    for (const name of NAMES) assert.ok(typed.includes(`"${name}":1`), typed);
    const more = write("dropped.jsonl", `{${row(10)},${members("lost")},"a":1}`);
    await mp("import", more, ...NAMES.flatMap((name) => ["--drop", name]));
    assert.doesNotMatch(await eventOf(10), /lost/);
    await mp("import", write("only.jsonl", `{${row(11)},${members("kept")},"a":1}`), "--only", "__proto__");
    assert.match(await eventOf(11), /^(?=.*"__proto__":"kept")(?!.*"toString")/);
  });

  it("are properties of profiles and groups, from files and flags, in every form of output", async () => {
    await mp(
      "import",
      write("p.jsonl", `{"$distinct_id":"p1","$properties":{${members("kept")}}}`),
      "--kind",
      "profiles",
    );
    await mp("profiles", "set", "p2", ...NAMES.map((name) => `${name}=kept`));
    await mp("profiles", "set", "p3", "--properties", `{${members("kept")}}`);
    await mp("profiles", "batch", write("b.jsonl", `{"$distinct_id":"p4","$set":{${members("kept")}}}`));
    for (const user of ["p1", "p2", "p3", "p4"]) {
      const found = await mp("profiles", "get", user, "--jq", '.. | objects | select(has("__proto__"))', "-f", "json");
      assertNames(found, "kept");
    }
    for (const format of ["csv", "tsv", "table", "jsonl"]) {
      const listed = await mp("profiles", "list", "-f", format);
      for (const name of NAMES) assert.ok(listed.includes(name), `${name} in ${format}: ${listed}`);
      assert.equal(listed.split("kept").length - 1, 4 * NAMES.length, `${format}: ${listed}`);
    }
    for (const form of ["jsonl", "csv"]) {
      const path = join(folder, `profiles.${form}`);
      await mp("export", "profiles", "-o", path);
      assert.equal(readFileSync(path, "utf8").split("kept").length - 1, 4 * NAMES.length, form);
    }
    await mp("groups", "set", "company", "g1", ...NAMES.map((name) => `${name}=kept`));
  });

  it("are properties of tracked events, columns of tables, and come back from them", async () => {
    await mp("track", "T", "--distinct-id", "t", "--properties", `{${members("kept")}}`);
    await mp("track", "T", "--distinct-id", "t", ...NAMES.flatMap((name) => ["--property", `${name}=kept`]));
    const today = await mp("export", "events", "--last", "1d");
    assert.equal(today.split('"kept"').length - 1, 2 * NAMES.length, today);
    for (const form of ["csv", "parquet"]) {
      const path = join(folder, `day.${form}`);
      await mp("export", "events", "--from", day(1), "--to", day(1), "-o", path);
      const shown = await sandbox.mp(["import", path, "--dry-run", "--no-checkpoint", "--set", "a=b"]);
      assert.equal(shown.code, 0, shown.stderr);
      for (const name of NAMES) assert.match(shown.stdout, new RegExp(`${name}.*kept`), form);
    }
  });

  it("can be asked for", async () => {
    const range = ["--from", day(1), "--to", day(1)];
    const found = await mp("query", "segmentation", "E", ...range, "--on", 'properties["__proto__"]', "-f", "csv");
    assert.match(found, /kept/);
    assert.match(await mp("query", "segmentation", "E", ...range, "--where", 'properties["__proto__"] == "kept"'), /1/);
    await mp("import", write("s.jsonl", `{${row(12).replace('"E"', '"S"')},"plan":"__proto__"}`));
    const over = ["--from", day(12), "--to", day(12), "--on", 'properties["plan"]'];
    assert.match(await mp("query", "segmentation", "S", ...over, "-f", "csv"), /__proto__/);
  });
});

describe("numbers beyond those that a program holds", () => {
  it("are sent as they are typed", async () => {
    const shown = await mp("track", "T", "--distinct-id", "t", "--property", "n:=1e400", "--dry-run");
    assert.match(shown, /1e400/);
    assert.match(await mp("profiles", "set", "u", "n:=1e400", "--dry-run"), /1e400/);
    assert.match(
      await mp("profiles", "set", "u", "--properties", '{"n":123456789012345678901.5}', "--dry-run"),
      /123456789012345678901\.5/,
    );
  });
});
