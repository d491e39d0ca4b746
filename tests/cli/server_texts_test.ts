/** Whoever can send events or name a project writes what others see on their terminals. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { openStubbed } from "../commands/stubbed.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { NOW_MS } from "../helpers/world.ts";

/** Sets the clipboard, in the 7-bit and the 8-bit form; then marks of direction and tags. */
const EVIL = `E\x1b]52;c;ZXZpbA==\x07\x9d52;c;ZXZpbA==\x9c\u061c\u200e\u200f\u202e\u2066\u2069${
  String.fromCodePoint(0xe0041, 0xe007f)
}`;
// deno-lint-ignore no-control-regex -- control characters are the subject
const HARMFUL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\udb40[\udc00-\udc7f]/;
const ON_TERMINAL = { env: { NO_COLOR: "1" }, terminal: true } as const;

describe("what people have sent", () => {
  let lab: ProgramLab;
  before(async () => {
    lab = openProgramLab();
    const properties = { token: SANDBOX.token, distinct_id: EVIL, time: NOW_MS - 60_000, plan: EVIL, [EVIL]: 1 };
    const evil = `--properties=${JSON.stringify(properties)}`;
    assert.equal((await lab.mp(["track", EVIL, evil])).code, 0);
    assert.equal((await lab.mp(["profiles", "set", EVIL, `$name=${EVIL}`, `${EVIL}=${EVIL}`])).code, 0);
    assert.equal((await lab.mp(["projects", "create", EVIL])).code, 0);
    assert.equal((await lab.mp(["annotations", "create", EVIL, "--date", "2026-11-22"])).code, 0);
  });
  after(() => lab.stop());

  const lines: string[][] = [
    ["query", "events", EVIL, "--last", "2d"],
    ["query", "segmentation", EVIL, "--last", "2d", "--on", 'properties["plan"]'],
    ["query", "properties", EVIL, "plan", "--last", "2d"],
    ["query", "activity", EVIL, "--last", "2d"],
    ["events", "list"],
    ["events", "top"],
    ["profiles", "list"],
    ["export", "events", "--last", "2d"],
    ["export", "profiles"],
    ["projects", "list"],
    ["annotations", "list", "--last", "7d"],
  ];
  for (const argv of lines) {
    it(`is harmless when it is shown: ${argv.join(" ").replaceAll(EVIL, "EVIL")}`, async () => {
      let shown = 0;
      for (const format of [undefined, "table", "chart", "json", "jsonl", "csv", "tsv"]) {
        const flags = format === undefined ? ["-v"] : ["-v", "-f", format];
        const { stdout, stderr } = await lab.mp([...argv, ...flags], ON_TERMINAL);
        assert.doesNotMatch(stdout, HARMFUL, flags.join(" "));
        assert.doesNotMatch(stderr, HARMFUL, flags.join(" "));
        if (stdout.includes("52;c;ZXZpbA==")) shown++;
      }
      assert.ok(shown > 2, `${shown}`);
    });
  }
});

describe("what a server says of a request", () => {
  it("is harmless when it is shown", async () => {
    const error = { error: EVIL, error_code: EVIL, details: { message: EVIL, parameter: EVIL }, request_id: EVIL };
    const bodies = [JSON.stringify(error), EVIL, `<html><title>${EVIL}</title></html>`];
    for (const status of [200, 400, 401, 403, 404, 422]) {
      for (const body of bodies) {
        for (const flags of [["-v"], ["-v", "-f", "json"]]) {
          const { server, mp } = await openStubbed();
          server.on("GET", "/api/app/me", { status, body });
          const { stdout, stderr } = await mp(["api", "GET", "/api/app/me", ...flags], ON_TERMINAL);
          assert.match(stdout + stderr, /52;c;ZXZpbA==|mp: |"error"/);
          assert.doesNotMatch(stdout + stderr, HARMFUL, `${status} ${body}`);
          await server.finish();
        }
      }
    }
  });
});
