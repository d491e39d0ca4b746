import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { runProgram } from "../helpers/world.ts";
import { itUnless } from "../helpers/needs.ts";

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "mp-completion-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

describe("mp __complete", () => {
  it("answers with values and descriptions, and says when a file would do", async () => {
    const { code, stdout } = await runProgram(["__complete", "--", "query", "segm"]);
    assert.equal(code, 0);
    assert.match(stdout, /^segmentation\tcount one event/);
    assert.equal((await runProgram(["__complete", "--", "events", "list", "-o", ""])).stdout, ":files\n");
    assert.match((await runProgram(["__complete", "--new", "--", "gdpr"])).stdout, /^retrieve\t/);
  });

  it("offers topics and guides of the help", async () => {
    const all = (await runProgram(["__complete", "--", "help", ""])).stdout;
    for (const name of ["query", "quotas", "commands", "topics", "guides"]) {
      assert.match(all, new RegExp(`^${name}\t.`, "m"));
    }
    const guides = (await runProgram(["__complete", "--", "help", "guides", ""])).stdout;
    const files = readdirSync("docs/guides").filter((name) => name.endsWith(".md")).map((name) => name.slice(0, -3));
    assert.deepEqual(guides.trimEnd().split("\n").map((line) => line.split("\t")[0]), files.sort());
    assert.ok(all.includes(guides));
  });

  it("is silent about lines that make no sense", async () => {
    for (const words of [["nothing", ""], ["events", "list", "--what="], ["query", "nothing", "--x", ""], []]) {
      const { code, stderr } = await runProgram(["__complete", "--", ...words]);
      assert.deepEqual([code, stderr], [0, ""]);
    }
  });

  it("offers the names of accounts", async () => {
    const config = join(folder, "config.toml");
    writeFileSync(config, '[accounts.home]\nusername = "a"\n[accounts.work]\nusername = "b"\n', { mode: 0o600 });
    const { stdout } = await runProgram(["__complete", "--", "-a", "w"], { env: { MP_CONFIG_PATH: config } });
    assert.equal(stdout, "work\t\n");
  });
});

describe("mp completion", () => {
  it("prints a script for each shell, and refuses others", async () => {
    for (const shell of ["bash", "zsh", "fish", "powershell"]) {
      const { code, stdout } = await runProgram(["completion", shell]);
      assert.equal(code, 0);
      assert.match(stdout, /__complete/);
    }
    assert.equal((await runProgram(["completion", "tcsh"])).code, 3);
  });

  itUnless(spawnSync("bash", ["-c", "true"]).status !== 0 && "no bash", "gives bash a script that works", async () => {
    const script = join(folder, "mp.bash");
    writeFileSync(script, (await runProgram(["completion", "bash"])).stdout);
    // It answers with the words it was asked about, so that the test sees how they came.
    const program = join(folder, "mp");
    writeFileSync(program, `#!/bin/sh\nshift 2\nprintf '%s\\n' "$ANSWER"\nprintf '<%s>' "$@" > "${folder}/words"\n`);
    chmodSync(program, 0o755);
    writeFileSync(join(folder, "a file.txt"), "");
    const ask = (words: string[], answer: string) => {
      const line = `source "${script}"; COMP_WORDS=(mp ${words.map((one) => `'${one}'`).join(" ")})
        COMP_CWORD=${words.length}; _mp_complete "${program}"; printf '%s|' "\${COMPREPLY[@]}"; cat "${folder}/words"`;
      const result = spawnSync("bash", ["--norc", "-c", line], {
        cwd: folder,
        env: { ANSWER: answer },
        encoding: "utf8",
      });
      assert.equal(result.stderr, "");
      return result.stdout;
    };
    assert.equal(ask(["que"], "query\tcount events"), "query|<que>");
    assert.equal(ask(["events", ""], "names\tx\ntop\ty"), "names|top|<events><>");
    assert.equal(
      ask(["x", "--format", "=", "js"], "--format=json\t\n--format=jsonl\t"),
      "json|jsonl|<x><--format><=><js>",
    );
    assert.equal(ask(["import", "a"], ":files"), "a file.txt|<import><a>");
  });
});
