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

  it("finds them in every form of handler", () => {
    const forms = [
      "a.then(b, () => {});",
      "a.then<B, C>(undefined, () => 0);",
      "a.catch<void>(() => {});",
      "a?.catch(function () {});",
      "a.catch(async function (error) {});",
      "a\n  .catch(\n    () => {},\n  );",
      'a.on("error", () => {});',
      "a.once('error', function () {});",
      "try { a(); } catch ({ code }) {}",
      "try { a(); } catch ({ code: one, message: other }) { code; }",
      "pipeline(a, b, () => {});",
      "try { a(); } finally { if (b) { return 1; } }",
      "await Promise.allSettled(all);",
      "if (a) await Promise.allSettled(all);",
    ];
    for (const form of forms) assert.equal(swallowed(form).length, 1, form);
  });

  it("does not take for a look what is none", () => {
    const forms = [
      "catch (e) { e; }",
      "catch (e) { void e; }",
      'catch (e) { log("e"); }',
      "catch (e) { log(`e`); /* e */ }",
      "catch (e) { a.e = 1; }",
      "catch { later(() => { throw 1; }); }",
      "catch { later(function () { throw 1; }); }",
      "catch { log('{'); }\nthrow 1;",
    ];
    for (const form of forms) assert.equal(swallowed(`try { a(); } ${form}`).length, 1, form);
    assert.equal(swallowed("a.catch((e) => { e; });").length, 1);
  });

  it("is content with handlers that look", () => {
    assert.deepEqual(swallowed("try { a(); } catch (error) { if (!isMissing(error)) throw error; }"), []);
    assert.deepEqual(swallowed("await a().catch((cause) => {", "  throw inputError(text, cause);", "});"), []);
    assert.deepEqual(swallowed("await a().catch(passMissing);", "a.catch(error => b(error))"), []);
    const forms = [
      "a.then(b, (error) => c(error));",
      "a.then(b);",
      "a.then(b, c);",
      "a.then(\n  (b) => use(b, () => {}),\n);",
      'a.on("error", (error) => b(error));',
      'a.on("end", () => {});',
      "try { a(); } catch ({ code }) { if (code !== 1) throw b; }",
      "try { a(); } catch ({ code: own }) { log(`${own}`); }",
      "try { a(); } catch (e) { log(...e); }",
      "try { a(); } catch (error) { return { error }; }",
      "await pipeline(a, b);",
      "try { a(); } finally { b.map(() => { return 1; }); }",
      "for (const one of await Promise.allSettled(all)) use(one);",
      "const all = await Promise.allSettled(some);",
      "await Promise.allSettled(some).then(use);",
      "const x = () => Promise.allSettled(some);",
    ];
    for (const form of forms) assert.deepEqual(swallowed(form), [], form);
    assert.deepEqual(swallowed("map.catch = 1; // catch {", "/* catch { */ const retch = { };"), []);
  });

  it("is content with handlers that say what they expect", () => {
    assert.deepEqual(swallowed("} catch { // expected: ENOENT, since the file need not be there", "}"), []);
    assert.deepEqual(swallowed("// expected: SyntaxError, the text is no JSON", "a().catch(() => {});"), []);
    assert.deepEqual(swallowed("} catch {", "  // expected: SyntaxError, the text is no JSON", "}"), []);
    assert.deepEqual(swallowed("// expected: ENOENT, it may be gone", "", "", "a().catch(() => {});"), [4]);
    assert.deepEqual(swallowed("a.then(", "  b,", "  () => 0, // expected: ENOENT, since it may be gone", ");"), []);
    assert.deepEqual(swallowed("// expected: any fault of the reader,", "// who has left", "a.catch(() => {});"), []);
    assert.deepEqual(swallowed("} catch { // whatever", "}"), [1]);
  });

  it("wants the error and the reason, next to the handler that they belong to", () => {
    assert.deepEqual(swallowed("} catch { // expected: x", "}"), [1]);
    assert.deepEqual(swallowed("} catch { // expected: ENOENT", "}"), [1]);
    assert.deepEqual(swallowed("} catch { // expected: ENOENT, since", "  b();", "}"), [1]);
    assert.deepEqual(swallowed("} catch { b(); } // expected: ENOENT, it may be gone", "a.catch(() => {});"), [2]);
    assert.deepEqual(swallowed("} catch {", "} // expected: ENOENT, it may be gone"), [1]);
    assert.deepEqual(swallowed('} catch { log("// expected: ENOENT, it may be gone");', "}"), [1]);
  });

  it("looks at what is shipped only", () => {
    assert.deepEqual(checkErrors(new Map([["tests/a_test.ts", "a().catch(() => {});"]])), []);
  });
});
