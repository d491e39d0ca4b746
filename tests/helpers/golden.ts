/**
 * Golden files: what a test expects, kept beside the tests, where it can be looked at as it is printed.
 *
 * `UPDATE_GOLDEN=1` rewrites them; look at the difference before committing it.
 */
import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/**
 * Asserts that a text is that of `golden/<name>.txt` beside the test file, whose `import.meta.url` is the
 * first argument. Escape characters are stored as `\\e`, so that the files can be read and compared.
 */
export function assertGolden(testUrl: string, name: string, text: string): void {
  const path = fileURLToPath(new URL(`golden/${name}.txt`, testUrl));
  const visible = text.replaceAll("\x1b", "\\e");
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, visible);
    return;
  }
  assert.ok(existsSync(path), `No golden file ${path}: run the test with UPDATE_GOLDEN=1 and look at what it writes`);
  assert.equal(visible, readFileSync(path, "utf8"));
}
