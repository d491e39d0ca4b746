import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkErrors } from "../../scripts/check_errors.ts";

/** The lines of a file at which errors are swallowed. */
function swallowed(...lines: string[]): number[] {
  return checkErrors(new Map([["src/jobs/a.ts", lines.join("\n")]])).map(({ line }) => line);
}

describe("the check for swallowed errors", () => {
  it("finds handlers that do not look at their error", () => {
    assert.deepEqual(swallowed("try { a(); } catch {}"), [1]);
    assert.deepEqual(swallowed("try {", "  a();", "} catch {", "  return undefined;", "}"), [3]);
    assert.deepEqual(swallowed("try {", "  a();", "} catch (error) {", "  return [];", "}", "log(error);"), [3]);
    assert.deepEqual(swallowed("await a().catch(() => {});"), [1]);
    assert.deepEqual(swallowed("await a().catch(async () => await b());"), [1]);
    assert.deepEqual(swallowed("const x = await a(", "  b,", ").catch((error) => undefined);", "use(error);"), [3]);
    assert.deepEqual(swallowed("a.catch((_error: unknown) => 0)", "a.catch(error => 0)"), [1, 2]);
  });

  it("is content with handlers that look", () => {
    assert.deepEqual(swallowed("try { a(); } catch (error) { if (!isMissing(error)) throw error; }"), []);
    assert.deepEqual(swallowed("await a().catch((cause) => {", "  throw inputError(text, cause);", "});"), []);
    assert.deepEqual(swallowed("await a().catch(passMissing);", "a.catch(error => b(error))"), []);
    assert.deepEqual(swallowed("map.catch = 1; // catch {", "/* catch { */ const retch = { };"), []);
  });

  it("is content with handlers that say what they expect", () => {
    assert.deepEqual(swallowed("} catch { // expected: ENOENT, since the file need not be there", "}"), []);
    assert.deepEqual(swallowed("// expected: SyntaxError, the text is no JSON", "a().catch(() => {});"), []);
    assert.deepEqual(swallowed("} catch {", "  // expected: SyntaxError, the text is no JSON", "}"), []);
    assert.deepEqual(swallowed("// expected: this one", "", "", "a().catch(() => {});"), [4]);
    assert.deepEqual(swallowed("} catch { // whatever", "}"), [1]);
  });

  it("looks at what is shipped only", () => {
    assert.deepEqual(checkErrors(new Map([["tests/a_test.ts", "a().catch(() => {});"]])), []);
  });
});
