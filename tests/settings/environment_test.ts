import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { readVariable, VARIABLES } from "../../src/settings/environment.ts";

/** Where variables are declared, and so named without being read. */
const isDeclaration = (file: string): boolean => /(^settings[/\\]environment|[/\\]backend)\.ts$/.test(file);

/** The names of variables that a source text reads. */
function variablesIn(text: string, isDeclaration: boolean): Set<string> {
  if (isDeclaration) return new Set();
  const found = new Set<string>();
  const take = (pattern: RegExp) => [...text.matchAll(pattern)].forEach(([, name]) => found.add(name!));
  take(/\benv(?:ironment)?\.([A-Z][A-Z0-9_]*|[a-z]+_proxy)\b/g);
  take(/\benv\[\s*"(\w+)"/g);
  take(/readVariable\([^,()]*,\s*"(\w+)"/g);
  take(/\bsecret\(\s*"[^"]*",\s*"(\w+)"/g);
  // Names that only a variable can have, wherever they stand.
  take(
    /["'`]((?:AWS|AZURE|GS|GOOGLE|CLOUDSDK|GCE|STORAGE|XDG|HTTPS?|ALL|NO|SSL|NODE)_[A-Z0-9_]*[A-Z0-9]|(?:LOCAL)?APPDATA)["'`]/g,
  );
  take(/\b(MP_[A-Z][A-Z_]*[A-Z])\b/g);
  for (const [, names = ""] of text.matchAll(/\{([^{}=;]*)\}\s*=\s*(?:\w+\.)?env(?:ironment)?\b/g)) {
    for (const [name] of names.matchAll(/\b[A-Z][A-Z0-9_]*\b/g)) found.add(name);
  }
  return found;
}

describe("the registry of environment variables", () => {
  it("lists every variable that the source reads, and no other", () => {
    const known = new Set<string>(VARIABLES.map((one) => one.name));
    const source = new URL("../../src/", import.meta.url);
    const files = readdirSync(source, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".generated.ts"));
    const read = new Map<string, string>();
    for (const name of files) {
      const text = readFileSync(new URL(name, source), "utf8");
      for (const variable of variablesIn(text, isDeclaration(name))) read.set(variable, name);
    }
    assert.ok(files.length > 10);
    assert.deepEqual([...read].filter(([variable]) => !known.has(variable)), []);
    assert.deepEqual([...known].filter((variable) => !read.has(variable)), []);
  });

  it("is held against every way to read one", () => {
    const text = `
      const { ONE_A: one, TWO_B } = env;  const { THREE_C } = context.env;
      env.FOUR_D; env["FIVE_E"]; process.env.SIX_F; readVariable(env, "SEVEN_G"); value("AWS_EIGHT_H"); "MP_NINE_I"
      ["AZURE_TEN_J"].find((variable) => env[variable]); env[name]; other.ELEVEN_K; const { TWELVE_L } = settings;
      env.no_proxy; secret("Snowflake: password", "THIRTEEN_M").optional()`;
    assert.deepEqual([...variablesIn(text, false)].sort(), [
      ...["AWS_EIGHT_H", "AZURE_TEN_J", "FIVE_E", "FOUR_D", "MP_NINE_I", "ONE_A", "SEVEN_G", "SIX_F"],
      ...["THIRTEEN_M", "THREE_C", "TWO_B", "no_proxy"],
    ]);
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
