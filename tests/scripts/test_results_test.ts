import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  bunFailedFiles,
  bunFailures,
  denoFailedFiles,
  denoFailures,
  parseBunOutput,
  parseDenoJunit,
} from "../../scripts/test_results.ts";

const BUN_MIXED = `bun test v1.4.5 (a7733435c)

tests/b_test.ts:

# Unhandled error between tests
error: Cannot find module './nothing.ts' from 'tests/b_test.ts'

tests/a_test.ts:
(pass) outer > passes one [0.86ms]
 7 pass
AssertionError: 1 !== 2
(fail) outer > fails on purpose [0.79ms]
(skip) outer > skipped one [no zsh]

 3 pass
 1 skip
 2 fail
 1 error
Ran 6 tests across 2 files. [17.00ms]
`;

const testcase = (name: string, body = "") =>
  `<testcase name="${name}" classname="c" time="0.1">\n${body}</testcase>\n`;
const junit = (...cases: string[]) =>
  `<?xml version="1.0"?>\n<testsuites><testsuite name="./a_test.ts">\n${cases.join("")}</testsuite></testsuites>\n`;

describe("reading what bun test printed", () => {
  it("takes the counts of the summary, not of what tests print", () => {
    assert.deepEqual(parseBunOutput(BUN_MIXED, 1), {
      passed: 3,
      failed: 2,
      skipped: ["outer > skipped one [no zsh]"],
    });
  });

  it("reads a clean run, in colour too", () => {
    const output = "\x1b[32m 1204 pass\x1b[0m\n\x1b[2m 0 fail\x1b[0m\nRan 1204 tests across 40 files. [3.00s]\n";
    assert.deepEqual(parseBunOutput(output, 0), { passed: 1204, failed: 0, skipped: [] });
  });

  it("counts a crash as a failure", () => {
    assert.deepEqual(parseBunOutput("panic: out of memory\n", 132), { passed: 0, failed: 1, skipped: [] });
    assert.deepEqual(parseBunOutput(" 5 pass\n 0 fail\n", 1), { passed: 5, failed: 1, skipped: [] });
  });

  it("counts a run without tests as a failure", () => {
    assert.equal(parseBunOutput(" 0 pass\n 0 fail\n", 0).failed, 1);
  });

  it("takes the time that a test took for no part of its name", () => {
    const output = "(skip) one [no zsh] [0.06ms]\n(todo) two\n 1 pass\n 1 skip\n 1 todo\n";
    assert.deepEqual(parseBunOutput(output, 0).skipped, ["one [no zsh]", "two"]);
  });

  it("takes what is listed again in the summary for the same tests", () => {
    const output = "(skip) one [no zsh]\n(pass) two\n\n1 tests skipped:\n(skip) one [no zsh]\n\n 1 pass\n 1 skip\n";
    assert.deepEqual(parseBunOutput(output, 0).skipped, ["one [no zsh]"]);
  });

  it("counts a run in which everything is skipped as no failure", () => {
    assert.equal(parseBunOutput("(skip) one [no qemu]\n 0 pass\n 1 skip\n 0 fail\n", 0).failed, 0);
  });

  it("shows what failed and leaves out what passed", () => {
    const shown = bunFailures(BUN_MIXED);
    assert.match(shown, /\(fail\) outer > fails on purpose/);
    assert.match(shown, /Cannot find module/);
    assert.doesNotMatch(shown, /passes one|skipped one/);
  });

  it("names the files in which something failed, and not the last one for the list at the end", () => {
    assert.deepEqual(bunFailedFiles(BUN_MIXED), ["tests/a_test.ts"]);
    const output =
      "tests/a_test.ts:\n(fail) one [1ms]\n\ntests/b_test.ts:\n\n1 tests failed:\n(fail) one [1ms]\n\n 1 fail\n";
    assert.deepEqual(bunFailedFiles(output), ["tests/a_test.ts"]);
  });
});

describe("reading what deno test wrote", () => {
  it("names the files in which something failed", () => {
    const suite = (name: string, failures: number) =>
      `<testsuite name="${name}" tests="1" disabled="0" errors="0" failures="${failures}"></testsuite>`;
    const xml = suite("./tests/a_test.ts", 1) + suite("./tests/b_test.ts", 0) + suite("ext:deno_node/testing.ts", 3);
    assert.deepEqual(denoFailedFiles(xml), ["tests/a_test.ts"]);
    assert.deepEqual(denoFailedFiles(undefined), []);
  });

  it("counts tests, not the suites around them", () => {
    const xml = junit(
      testcase("outer", '<failure message="1 test step failed">1 test step failed.</failure>'),
      testcase("top level"),
      testcase("outer &gt; passes"),
      testcase("outer &gt; fails", '<failure message="Uncaught Error: 1 &lt; 2">at a.ts</failure>'),
      testcase("outer &gt; inner"),
      testcase("outer &gt; inner &gt; deep"),
      testcase("outer &gt; skipped [no &quot;zsh&quot;]", "<skipped/>\n"),
    );
    assert.deepEqual(parseDenoJunit(xml, 1), {
      passed: 3,
      failed: 1,
      skipped: ['outer > skipped [no "zsh"]'],
    });
  });

  it("counts a suite that failed in a hook", () => {
    const xml = junit(
      testcase("suite", '<failure message="Uncaught Error: no port">at b.ts</failure>'),
      testcase("suite &gt; one"),
    );
    assert.deepEqual(parseDenoJunit(xml, 1), { passed: 1, failed: 1, skipped: [] });
  });

  it("reads self-closing cases and names with entities", () => {
    const xml = junit('<testcase name="a &quot;b&quot; &lt;c&gt;" time="0"/>\n', testcase("d"));
    assert.deepEqual(parseDenoJunit(xml, 0), { passed: 2, failed: 0, skipped: [] });
  });

  it("counts a run that could not start as a failure", () => {
    assert.deepEqual(parseDenoJunit(undefined, 1), { passed: 0, failed: 1, skipped: [] });
    assert.deepEqual(parseDenoJunit(junit(testcase("leaks")), 1), { passed: 1, failed: 1, skipped: [] });
  });

  it("shows the errors, or everything when no test ran", () => {
    assert.equal(denoFailures("a ... ok\n\n ERRORS \n\nouter ... fails\n").startsWith("ERRORS"), true);
    assert.equal(denoFailures('error: Module not found "x.ts"\n'), 'error: Module not found "x.ts"');
  });
});
