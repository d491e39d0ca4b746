import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { allTests, clockTests } from "../../../scripts/dates/clock_tests.ts";

/** A repository's tests, as few words. */
function found(files: Record<string, string>): string[] {
  return clockTests(new Map(Object.entries(files)));
}

describe("the tests that look at the clock", () => {
  it("are those that read it themselves or by what they import", () => {
    assert.deepEqual(
      found({
        "tests/a_test.ts": "const now = Date.now();\n",
        "tests/b_test.ts": 'import { lab } from "./lab.ts";\n',
        "tests/c_test.ts": 'import { quiet } from "./quiet.ts";\n',
        "tests/lab.ts": 'import { clock } from "./clock.ts";\n',
        "tests/clock.ts": "export const clock = () => new Date();\n",
        "tests/quiet.ts": "export const quiet = new Date(0);\n",
      }),
      ["tests/a_test.ts", "tests/b_test.ts"],
    );
  });

  it("are not those that only speak of it", () => {
    assert.deepEqual(found({ "tests/a_test.ts": "// Date.now() is not asked\nconst day = 'today';\n" }), []);
  });

  it("are those of the binary in which the day matters", () => {
    assert.deepEqual(
      found({
        "tests/end_to_end/a_test.ts": 'mp("export events --from yesterday");\n',
        "tests/end_to_end/b_test.ts": 'mp("--version");\n',
      }),
      ["tests/end_to_end/a_test.ts"],
    );
  });

  it("are without those that a faked clock does not reach, as are all tests", () => {
    const files = { "tests/end_to_end/fresh_root_test.ts": "Date.now();\n", "tests/a_test.ts": "" };
    assert.deepEqual(found(files), []);
    assert.deepEqual(allTests(new Map(Object.entries(files))), ["tests/a_test.ts"]);
  });
});
