/** What is typed is shown as harmless as what a server sends: a name may have been copied from anywhere. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";

/** Sets the clipboard, in the 7-bit and the 8-bit form; then marks of direction and tags. */
const EVIL = `\x1b]52;c;ZXZpbA==\x07\x9d52;c;ZXZpbA==\x9c\u061c\u200e\u200f\u202e\u2066\u2069${
  String.fromCodePoint(0xe0041)
}`;
// deno-lint-ignore no-control-regex -- control characters are the subject
const HARMFUL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\udb40[\udc00-\udc7f]/;

describe("typed arguments", () => {
  let lab: ProgramLab;
  before(() => {
    lab = openProgramLab();
  });
  after(() => lab.stop());

  const lines: string[][] = [
    [EVIL],
    ["help", EVIL],
    ["query", EVIL],
    ["query", "segmentation", EVIL, "--from", EVIL],
    ["query", "events", EVIL, "--last", "2d", `--${EVIL}`],
    ["query", "events", EVIL, "--last", "2d", "-f", EVIL],
    ["export", "events", "--last", "2d", "-o", `/dev/null/${EVIL}`],
    ["import", `/nowhere/${EVIL}`],
    ["expr", "check", `properties["${EVIL}`],
    ["api", "GET", `/${EVIL}`],
    ["profiles", "delete", EVIL],
    ["profiles", "set", EVIL, "plan=pro", "--dry-run"],
    ["track", EVIL, "--dry-run"],
    ["account", "show", EVIL],
    ["projects", "list", "-a", EVIL],
    ["lookup-tables", "replace", EVIL, EVIL],
  ];
  for (const [index, argv] of lines.entries()) {
    it(`are harmless when they are shown: ${argv.join(" ").replaceAll(EVIL, "EVIL")} (${index})`, async () => {
      for (const flags of [["-v"], ["-v", "-f", "json"], ["-v", "--progress", "json"]]) {
        if (flags.includes("--progress") && !/^(export|import)$/.test(argv[0]!)) continue;
        const { stdout, stderr } = await lab.mp([...argv, ...flags], {
          env: { NO_COLOR: "1" },
          terminal: true,
          stdin: "",
        });
        assert.doesNotMatch(stdout, HARMFUL);
        assert.doesNotMatch(stderr, HARMFUL);
      }
    });
  }

  it("are harmless where variables hold them", async () => {
    const env = { MP_USERNAME: EVIL, MP_PROJECT_ID: EVIL, NO_COLOR: "1" };
    for (const argv of [["projects", "list", "-v"], ["whoami"], ["whoami", "-f", "json"]]) {
      const { stdout, stderr } = await lab.mp(argv, { env, terminal: true, stdin: "" });
      assert.doesNotMatch(stdout + stderr, HARMFUL);
    }
  });
});
