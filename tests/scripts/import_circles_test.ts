import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkArrows } from "../../scripts/check_arrows.ts";
import { circlesOf } from "../../scripts/import_circles.ts";

describe("circles of imports", () => {
  it("are found among values, types and lazy imports, once each, by their shortest way", () => {
    const files = new Map([
      ["src/api/a.ts", 'import { b } from "./b.ts";\nimport type { D } from "./far/d.ts";'],
      ["src/api/b.ts", 'import { z } from "zod";\nexport type { C } from "./c.ts";'],
      ["src/api/c.ts", 'const a = () => import("./a.ts");'],
      ["src/api/far/d.ts", 'import { c } from "../c.ts";'],
      ["src/api/own.ts", 'import type { Own } from "./own.ts";'],
      ["src/api/user.ts", 'import { a } from "./a.ts";'],
    ]);
    assert.deepEqual(circlesOf(files), [["src/api/a.ts", "src/api/b.ts", "src/api/c.ts"], ["src/api/own.ts"]]);
  });

  it("are found whatever the layout of the imports", () => {
    const files = new Map([
      ["src/api/a.ts", 'import x, {\n  b,\n}\nfrom "./b.ts";'],
      ["src/api/b.ts", 'const s = `/*`; const a = () =>\n  import(\n    "./a.ts"\n  );'],
    ]);
    assert.deepEqual(circlesOf(files), [["src/api/a.ts", "src/api/b.ts"]]);
  });

  it("are not seen in comments, in packages and in files that are not there", () => {
    const files = new Map([
      ["src/api/a.ts", 'import { b } from "./b.ts";\nimport { gone } from "./gone.ts";'],
      ["src/api/b.ts", '// import { a } from "./a.ts";\nimport { a } from "a";'],
    ]);
    assert.deepEqual(circlesOf(files), []);
  });

  it("break the rules of the house", () => {
    const files = new Map([
      ["src/api/a.ts", 'import { b } from "./b.ts";\n'],
      ["src/api/b.ts", 'import type { A } from "./a.ts";\n'],
    ]);
    assert.deepEqual(checkArrows(files), [
      {
        path: "src/api/a.ts",
        line: 1,
        message: "is in a circle of imports: src/api/a.ts → src/api/b.ts → src/api/a.ts",
      },
    ]);
  });
});
