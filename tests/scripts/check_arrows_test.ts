import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkArrows, MAY_IMPORT, printViolations } from "../../scripts/check_arrows.ts";

/** What the checker says about one file. */
function check(path: string, text: string): string[] {
  return checkArrows(new Map([[path, text]])).map((violation) => `${violation.line}: ${violation.message}`);
}

describe("the import-arrow check", () => {
  it("accepts imports that point downward", () => {
    assert.deepEqual(check("src/commands/query/funnel.ts", 'import { command } from "../../cli/command.ts";\n'), []);
    assert.deepEqual(check("src/api/query.ts", 'import { z } from "zod";\nimport { days } from "./days.ts";\n'), []);
    assert.deepEqual(check("src/runtime/files/files.ts", 'import fs from "node:fs";\nDeno.exit(process.pid);\n'), []);
    assert.deepEqual(check("src/version.ts", 'import manifest from "../package.json" with { type: "json" };\n'), []);
    assert.deepEqual(check("main.ts", 'import { run } from "./src/program.ts";\n'), []);
  });

  it("refuses imports that point upward or across", () => {
    assert.deepEqual(check("src/streams/lines.ts", 'import { call } from "../api/call.ts";\n'), [
      "1: imports api, which streams may not",
    ]);
    assert.deepEqual(check("src/sandbox/server.ts", '\nimport { hosts } from "../client/hosts.ts";\n'), [
      "2: imports client, which sandbox may not",
    ]);
    assert.deepEqual(check("src/jobs/export.ts", 'import { bar } from "../output/progress.ts";\n'), [
      "1: imports output, which jobs may not",
    ]);
    assert.deepEqual(check("src/errors.ts", 'import { z } from "./runtime/files.ts";\n'), [
      "1: imports runtime, which errors.ts may not",
    ]);
    assert.deepEqual(check("main.ts", 'import { api } from "./src/api/call.ts";\n'), [
      "1: imports api, which main.ts may not",
    ]);
  });

  it("lets one file of another part be named without the rest of it", () => {
    assert.deepEqual(check("src/settings/a.ts", 'import type { C } from "../client/types.ts";\n'), []);
    assert.equal(check("src/settings/a.ts", 'import { send } from "../client/send.ts";\n').length, 1);
  });

  it("keeps the folders of a part in their order, where they have one", () => {
    const from = (path: string, target: string) => check(path, `import type { A } from "${target}";\n`);
    for (const target of ["./fix.ts", "../read/rows.ts", "../read/deep/rows.ts", "../rules.ts"]) {
      assert.deepEqual(from("src/records/map/a.ts", target), [], target);
    }
    assert.deepEqual(from("src/records/map/presets/a.ts", "../recipe.ts"), []);
    assert.deepEqual(from("src/records/map/a.ts", "../check/rules.ts"), [
      "1: imports records/check, which comes after map",
    ]);
    assert.deepEqual(from("src/records/read/a.ts", "../map/a.ts"), ["1: imports records/map, which comes after read"]);
    assert.deepEqual(from("src/records/rules.ts", "./read/a.ts"), ["1: imports records/read, which comes after ."]);
    assert.equal(from("src/records/extra/a.ts", "../read/a.ts").length, 1);
    assert.deepEqual(from("src/jobs/import/a.ts", "../export/a.ts"), []);
  });

  it("sees type imports, re-exports, lazy imports and statements of several lines", () => {
    const forms = [
      'import type { A } from "../api/a.ts";',
      'export { A } from "../api/a.ts";',
      'export * from "../api/a.ts";',
      'import "../api/a.ts";',
      'const { a } = await import("../api/a.ts");',
      'type A = import("../api/a.ts").A;',
      'import {\n  a,\n  b,\n} from "../api/a.ts";',
    ];
    for (const form of forms) assert.equal(check("src/streams/x.ts", form + "\n").length, 1, form);
  });

  it("sees imports wherever they stand, and however they are laid out", () => {
    const forms = [
      'import {\n  a,\n}\nfrom "../api/a.ts";',
      'import x, {\n  a,\n} from "../api/a.ts";',
      'import * as\n  a\n  from "../api/a.ts";',
      'import { b } from "./b.ts"; import { a } from "../api/a.ts";',
      'const a = await import(\n  "../api/a.ts"\n);',
      'export type A = import(\n  "../api/a.ts"\n).A;',
      'const s = `\n/*\n`;\nimport { a } from "../api/a.ts";',
      'import { a } from "/src/api/a.ts";',
    ];
    for (const form of forms) assert.equal(check("src/streams/x.ts", form + "\n").length, 1, form);
  });

  it("refuses imports whose target cannot be read, outside runtime/", () => {
    const forms = ["import(`../api/a.ts`)", "import(path)", 'import("../" + path)', 'require("../api/a.ts")'];
    for (const form of forms) assert.equal(check("src/streams/x.ts", `const a = ${form};\n`).length, 1, form);
    assert.deepEqual(check("src/runtime/x.ts", "const a = await import(path);\n"), []);
  });

  it("overlooks what stands in comments and strings", () => {
    const text = [
      "/**",
      ' * import { a } from "../api/a.ts"; and Deno.exit() or process.pid',
      " */",
      '// import { b } from "../api/b.ts";',
      'const words = "Deno.args, process.env, fetch(url)"; // Bun.file(process.argv)',
      "/* one line */ const processed = items.process.id + prefetch(1) + store.fetch(2);",
      "",
    ].join("\n");
    assert.deepEqual(check("src/streams/x.ts", text), []);
  });

  it("keeps the runtimes' names and modules inside runtime/", () => {
    assert.deepEqual(check("src/jobs/a.ts", "const a = Deno.args;\n"), [
      "1: names the runtime's own name, which only runtime may",
    ]);
    assert.deepEqual(check("src/jobs/a.ts", "\n\nif (typeof Bun === 'object') run();\n"), [
      "3: names the runtime's own name, which only runtime may",
    ]);
    assert.equal(check("src/cli/a.ts", "const a = process.env.HOME;\n").length, 1);
    assert.equal(check("src/cli/a.ts", 'import fs from "node:fs";\n').length, 1);
    assert.equal(check("src/cli/a.ts", 'import { file } from "bun";\n').length, 1);
    assert.equal(check("src/cli/a.ts", 'import fs from "fs";\n').length, 1);
    assert.equal(check("src/cli/a.ts", 'import { rm } from "fs/promises";\n').length, 1);
    assert.equal(check("src/cli/a.ts", "const { env } = process;\n").length, 1);
    assert.equal(check("main.ts", "process.exit(0);\n").length, 1);
    for (const form of ["globalThis.Deno", "globalThis?.Bun", "globalThis.process", "globalThis['Bun']"]) {
      assert.equal(check("src/cli/a.ts", `use(${form});\n`).length, 1, form);
    }
    assert.deepEqual(check("src/cli/a.ts", "globalThis.Date = items.globalThis.process;\n"), []);
  });

  it("knows one fetch only", () => {
    assert.equal(check("src/jobs/a.ts", "const a = await fetch(url);\n").length, 1);
    for (const form of ["const f = fetch;", "globalThis.fetch(url);", "fetch (url);", "use(...[fetch]);"]) {
      assert.equal(check("src/jobs/a.ts", form + "\n").length, 1, form);
    }
    assert.deepEqual(check("src/client/a.ts", "const a = await fetch(url);\n"), []);
  });

  it("wants extensions on relative imports", () => {
    assert.deepEqual(check("src/cli/a.ts", 'import { b } from "./b";\n'), ["1: imports ./b without its extension"]);
  });

  it("refuses source that imports scripts or tests", () => {
    assert.equal(check("src/cli/a.ts", 'import { b } from "../../scripts/b.ts";\n').length, 1);
    assert.equal(check("src/cli/a.ts", 'import { b } from "../../tests/helpers/b.ts";\n').length, 1);
  });

  it("refuses vague names in src/, and names that are not snake_case anywhere", () => {
    assert.equal(check("src/cli/utils/a.ts", "").length, 1);
    assert.equal(check("src/cli/helpers.ts", "").length, 1);
    assert.deepEqual(check("tests/helpers/binary.ts", ""), []);
    assert.deepEqual(check("tests/cli/fooBar_test.ts", ""), ["1: 'fooBar_test' is not in snake_case"]);
    assert.deepEqual(check("src/cli/a-b.ts", ""), ["1: 'a-b' is not in snake_case"]);
  });

  it("refuses a folder that the table does not know", () => {
    assert.equal(check("src/extras/a.ts", "").length, 1);
  });

  it("refuses files of more than 400 lines, and not of 400", () => {
    assert.deepEqual(check("tests/cli/a_test.ts", "\n".repeat(400)), []);
    assert.deepEqual(check("tests/cli/a_test.ts", "\n".repeat(401)), ["401: has 401 lines; the most is 400"]);
  });

  it("names path and line, so that an editor can jump there", () => {
    const violations = checkArrows(new Map([["src/streams/x.ts", '\nimport "../api/a.ts";\n']]));
    assert.equal(printViolations(violations), "src/streams/x.ts:2 imports api, which streams may not");
  });

  it("has a table without circles between folders", () => {
    const visit = (part: string, above: string[]): void => {
      assert.ok(!above.includes(part), `${[...above, part].join(" → ")}`);
      for (const next of MAY_IMPORT[part] ?? []) visit(next.split("/")[0]!, [...above, part]);
    };
    for (const part of Object.keys(MAY_IMPORT)) visit(part, []);
  });
});
