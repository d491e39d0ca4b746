/** Addresses of the web page, asked of the emulator as they are pasted, and made with --link. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ProgramLab } from "../helpers/program_lab.ts";
import { openQueryLab, PROJECT_ID } from "./query_lab.ts";

let lab: ProgramLab;
before(() => void (lab = openQueryLab()));
after(() => lab.stop());

const query = (...line: string[]) => lab.mp(["query", ...line, "--no-pacing"]);
const link = async (...line: string[]) => (await query(...line, "--link")).stdout.trim();
const LAST = ["--last", "3d"];

describe("mp query ADDRESS", () => {
  for (
    const [kind, line] of [
      ["insights", ["insights", "--event", "Sign Up", "--by", "country", ...LAST]],
      ["a funnel", ["funnel", "Sign Up", "Purchase", "--within", "7d", ...LAST]],
      ["retention", ["retention", "Sign Up", "Purchase", "--unit", "day", ...LAST]],
      ["flows", ["flows", "--from", "Sign Up", "--steps", "2", ...LAST]],
    ] as const
  ) {
    it(`asks the same about ${kind} as the command that made the link`, async () => {
      const address = await link(...line);
      assert.match(address, /\/project\/1000001\/app\/(insights|flows)#[\w-]{12}$/);
      const [own, pasted] = [await query(...line, "-f", "table"), await query(address, "-f", "table")];
      assert.equal(pasted.code, 0, pasted.stderr);
      assert.equal(pasted.stdout, own.stdout);
    });
  }

  it("asks about other days, and prints what it asks", async () => {
    const address = await link("insights", "--event", "Sign Up", ...LAST);
    const { stdout } = await query(address, "--from", "2026-11-21", "--to", "2026-11-21", "-f", "table");
    assert.match(stdout, /2026-11-21 +2/);
    assert.doesNotMatch(stdout, /2026-11-22/);
    const params = JSON.parse((await query(address, "--last", "2w", "--print-params")).stdout);
    assert.deepEqual(params.sections.time[0].window, { unit: "week", value: 2 });
  });

  it("prints the web page's own CSV with -f csv", async () => {
    const address = await link("insights", "--event", "Sign Up", ...LAST);
    const { stdout } = await query(address, "-f", "csv");
    const sent = JSON.parse(lab.requests.at(-1)!.text);
    assert.equal(sent.format, "csv");
    assert.match(stdout, /Sign Up/);
  });

  it("asks in the project and the region of the address, and refuses others that are typed", async () => {
    const address = `https://eu.mixpanel.com/project/${PROJECT_ID}/app/insights#report/1`;
    const project = await query(address, "--project", "5");
    assert.equal(project.code, 3);
    assert.match(project.stderr, /names project 1000001/);
    const region = await query(address, "--region", "us");
    assert.match(region.stderr, /names region eu/);
  });

  it("refuses the address of another host", async () => {
    const { code, stderr } = await query(`https://example.com/project/${PROJECT_ID}/app/insights#report/1`);
    assert.equal(code, 3);
    assert.match(stderr, /example\.com: it is none of Mixpanel's hosts/);
  });
});

describe("--link", () => {
  it("needs no request for what is saved", async () => {
    const before = lab.requests.length;
    assert.match(await link("insights", "9001"), /\/app\/insights#report\/9001$/);
    assert.match(await link("funnel", "7001"), /\/app\/funnels#view\/7001$/);
    assert.equal(lab.requests.length, before);
  });
});
