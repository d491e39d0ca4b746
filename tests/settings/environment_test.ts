import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { readVariable, VARIABLES } from "../../src/settings/environment.ts";

describe("the registry of environment variables", () => {
  it("lists every MP_ variable that the source names", () => {
    const known = new Set<string>(VARIABLES.map((one) => one.name));
    const source = new URL("../../src/", import.meta.url);
    const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
    const unknown = files.flatMap((name) =>
      [...readFileSync(new URL(name, source), "utf8").matchAll(/\bMP_[A-Z][A-Z_]*[A-Z]\b/g)]
        .map(([variable]) => variable).filter((variable) => !known.has(variable))
        .map((variable) => `${name}: ${variable}`)
    );
    assert.ok(files.length > 10);
    assert.deepEqual(unknown, []);
  });

  it("has each name once, with a meaning of one line", () => {
    assert.equal(new Set(VARIABLES.map((one) => one.name)).size, VARIABLES.length);
    for (const { meaning } of VARIABLES) assert.match(meaning, /^[A-Z].*[^.]$/);
  });

  it("takes an empty variable for an unset one", () => {
    assert.equal(readVariable({ MP_REGION: "  " }, "MP_REGION"), undefined);
    assert.equal(readVariable({ MP_REGION: " eu\n" }, "MP_REGION"), "eu");
  });
});
