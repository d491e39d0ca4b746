import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import process from "node:process";
import { describe, it } from "node:test";
import { BUN, ROOT } from "../../scripts/project.ts";
import { counted } from "../../scripts/usage.ts";

const SCRIPTS = ["tests/kill/run_every_moment.ts", "scripts/test_dates.ts", "scripts/mutate.ts"];

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(BUN, args, { cwd: ROOT, env: process.env, encoding: "utf8" });
  return { code: status, stdout, stderr };
}

describe("a script with flags", () => {
  for (const script of SCRIPTS) {
    it(`says how it is used: ${script}`, () => {
      const { code, stdout, stderr } = run(script, "--help");
      assert.deepEqual([code, stderr], [0, ""]);
      assert.match(stdout, /^Usage: npm run test:\w+ -- \[/);
    });

    it(`refuses a flag that is not there, with the usage and no stack trace: ${script}`, () => {
      const { code, stdout, stderr } = run(script, "--nosuch");
      assert.deepEqual([code, stdout], [3, ""]);
      assert.match(stderr, /^Cannot read the arguments: Unknown option '--nosuch'.*\nhint: see --help\n\nUsage: /);
      assert.doesNotMatch(stderr, /^ +at /m);
    });
  }

  it("refuses a job that is not there, and names those that are", () => {
    const { code, stdout, stderr } = run("tests/kill/run_every_moment.ts", "--only", "nosuch");
    assert.deepEqual([code, stdout], [3, ""]);
    assert.match(stderr, /^Cannot kill 'nosuch': no such job\nhint: they are .*export to a file, /);
  });
});

describe("a count", () => {
  it("has a noun in its number", () => {
    assert.deepEqual([0, 1, 2].map((count) => counted(count, "moment")), ["0 moments", "1 moment", "2 moments"]);
  });
});
