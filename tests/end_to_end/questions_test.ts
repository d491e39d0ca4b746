/** Questions on a terminal, which a small program in Python makes. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { after, before, describe } from "node:test";
import { BINARY, runBinary } from "../helpers/binary.ts";
import { itUnless } from "../helpers/needs.ts";
import { startStubServer, type StubServer } from "../helpers/stub_server.ts";

const SCRIPT = fileURLToPath(new URL("./on_terminal.py", import.meta.url));
const hasPython = process.platform !== "win32" &&
  spawnSync("python3", ["-c", "import pty, os; os.waitstatus_to_exitcode"]).status === 0;
const missing = !hasPython && "needs Python 3.9 and a terminal";

describe("a question on a terminal", () => {
  let server: StubServer;
  before(async () => {
    server = await startStubServer();
  });
  after(() => server.finish());

  const ask = (args: string[], keys: string, [rows, columns]: readonly [number, number] = [24, 80]) =>
    runBinary([SCRIPT, String(rows), String(columns), keys, BINARY, ...args], {
      program: "python3",
      env: { MP_API_BASE_URL: server.url, MP_TOKEN: "token", MP_PROJECT_ID: "1" },
    });

  for (const [name, keys] of [["Ctrl-D", "04"], ["Ctrl-C", "03"], ["Escape", "1b"], ["Enter, which means no", "0d"]]) {
    itUnless(missing, `ends with ${name}, and nothing is done`, async () => {
      const { code, stdout } = await ask(["profiles", "delete", "u-1"], keys!);
      assert.equal(code, 130, stdout);
      assert.match(stdout, /Nothing was changed/);
      assert.equal(server.requests.length, 0);
    });
  }

  itUnless(missing, "ends with Ctrl-D where something is to be typed", async () => {
    const { code, stdout } = await ask(["account", "add", "work", "--username", "ana"], "04");
    assert.equal(code, 130, stdout);
  });

  itUnless(missing, "shows names of projects, in which nothing can be obeyed", async () => {
    const name = "\x1b]52;c;ZXZpbA==\x07\x9b31m\u061c\u202e\u2066" + String.fromCodePoint(0xe0041);
    const projects = { 1: { id: 1, name }, 2: { id: 2, name } };
    server.on("GET", "/api/app/me", { json: { status: "ok", results: { organizations: {}, projects } } });
    const { stdout } = await ask(["login", "work", "--username", "ana", "--secret-command", "echo of-ana-1"], "03");
    assert.match(stdout, /Which project\?[^]*␛\]52;c;ZXZpbA==␇�31m/);
    // deno-lint-ignore no-control-regex -- control characters are the subject
    assert.doesNotMatch(stdout, /\x1b\]|[\x07\x9b\u061c\u202e\u2066]|\udb40\udc41/);
  });

  itUnless(missing, "looks on a terminal without a size as on one of 80 × 24", async () => {
    const [sized, unsized] = await Promise.all(
      ([[24, 80], [0, 0]] as const).map((size) => ask(["profiles", "delete", "u-1"], "04", size)),
    );
    assert.equal(unsized!.stdout, sized!.stdout);
  });
});
