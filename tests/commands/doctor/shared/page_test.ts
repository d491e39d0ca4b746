import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ok, warning } from "../../../../src/commands/doctor/shared/finding.ts";
import { findingsPage } from "../../../../src/commands/doctor/shared/page.ts";

const findings = [
  ok("program", "mp 1.0.0 on linux"),
  warning("state folder", "/nowhere/.local/state/mp: permission denied; no job resumes", "set XDG_STATE_HOME"),
];

describe("a page of findings", () => {
  it("has a line for each, and what fixes it below", () => {
    assert.equal(
      findingsPage(findings, { colour: false, columns: 100 }),
      "✓ program       mp 1.0.0 on linux\n" +
        "! state folder  /nowhere/.local/state/mp: permission denied; no job resumes\n" +
        "                → set XDG_STATE_HOME\n",
    );
  });

  it("goes on below itself where a line would be wider than the terminal", () => {
    const path = ok(
      "config file",
      "/home/ana/.config/mp/config.toml is not there; credentials come from the environment",
    );
    assert.equal(
      findingsPage([path, findings[1]!], { colour: false, columns: 72 }),
      "✓ config file   /home/ana/.config/mp/config.toml is not there;\n" +
        "                credentials come from the environment\n" +
        "! state folder  /nowhere/.local/state/mp: permission denied; no job\n" +
        "                resumes\n" +
        "                → set XDG_STATE_HOME\n",
    );
  });

  it("fits a narrow terminal", () => {
    assert.equal(
      findingsPage(findings, { colour: false, columns: 40 }),
      "✓ program\n    mp 1.0.0 on linux\n! state folder\n    /nowhere/.local/state/mp: permission\n" +
        "    denied; no job resumes\n    → set XDG_STATE_HOME\n",
    );
  });
});
