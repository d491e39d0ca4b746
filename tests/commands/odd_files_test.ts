import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import process from "node:process";
import { before, describe, it } from "node:test";
import { itUnless } from "../helpers/needs.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { runProgram } from "../helpers/world.ts";
import { unexpectedError, writeFault } from "../../src/runtime/files/file_faults.ts";

const folder = temporaryFolder();
const isWindows = process.platform === "win32" && "not on Windows";
const at = (name: string) => folder.path(name);

before(() => {
  if (isWindows) return;
  execFileSync("mkfifo", [at("pipe")]);
  symlinkSync("b", at("a"));
  symlinkSync("a", at("b"));
  folder.write("file", "");
  mkdirSync(at("folder"));
});

/** Commands that read or write a file, which nobody answers: each ends before it sends anything. */
const USES: Readonly<Record<string, (path: string) => { argv: string[]; env?: Record<string, string> }>> = {
  "the config file": (path) => ({ argv: ["account", "list"], env: { MP_CONFIG_PATH: path } }),
  "the config file, to change it": (path) => ({
    argv: ["account", "add", "x", "--project", "1", "--username", "u", "--secret-env", "V"],
    env: { MP_CONFIG_PATH: path, V: "v" },
  }),
  "a certificate": (path) => ({ argv: ["cohorts", "list"], env: { SSL_CERT_FILE: path } }),
  "a body": (path) => ({ argv: ["annotations", "create", "--data", `@${path}`] }),
  "properties": (path) => ({ argv: ["track", "E", "--distinct-id", "u", "--properties", `@${path}`] }),
  "a script": (path) => ({ argv: ["query", "jql", path] }),
  "schemas": (path) => ({ argv: ["lexicon", "upload", path] }),
  "definitions of flags": (path) => ({ argv: ["flags", "evaluate", "u", "--local", "--definitions", path] }),
};
const INPUTS: typeof USES = {
  ...USES,
  "records": (path) => ({ argv: ["import", path] }),
  "a table": (path) => ({ argv: ["lookup-tables", "replace", "t", path, "-y"] }),
  "ids": (path) => ({ argv: ["gdpr", "delete", "--file", path, "-y"] }),
};
const OUTPUTS: typeof USES = {
  "an answer": (path) => ({ argv: ["cohorts", "list", "-o", path] }),
  "events": (path) => ({ argv: ["export", "events", "--last", "1d", "-o", path] }),
  "profiles": (path) => ({ argv: ["export", "profiles", "-o", path] }),
  "rejected events": (path) => ({ argv: ["import", at("file"), "--rejects", path] }),
  "a secret": (path) => ({ argv: ["projects", "create", "x", "--secret-file", path] }),
};

async function said(use: { argv: string[]; env?: Record<string, string> }) {
  const env = {
    // Nobody listens there.
    MP_API_BASE_URL: "http://127.0.0.1:1",
    MP_USERNAME: "ana",
    MP_SECRET: "ana-hush",
    MP_TOKEN: "t",
    MP_PROJECT_ID: "1",
    HOME: at("home"),
    ...use.env,
  };
  return await runProgram(use.argv, { env });
}

describe("a file that cannot be used is refused in words", () => {
  for (const [what, use] of Object.entries(USES)) {
    itUnless(isWindows, `as ${what}: a named pipe, which would wait forever`, async () => {
      const { code, stderr } = await said(use(at("pipe")));
      assert.equal(code, 3, stderr);
      assert.match(stderr, /pipe.*: (it is a named pipe, and no file|it is no regular file)\n/);
    });
    itUnless(isWindows, `as ${what}: a device, which may never end`, async () => {
      const { code, stderr } = await said(use("/dev/zero"));
      assert.equal(code, 3, stderr);
      assert.match(stderr, /zero.*: (it is a device, and no file|it is no regular file)\n/);
    });
  }
  for (const [what, use] of Object.entries({ ...INPUTS, ...OUTPUTS })) {
    itUnless(isWindows, `as ${what}: links in a circle, files that are no folders, names without end`, async () => {
      for (
        const [path, words] of [
          [at("a"), /links lead in a circle/],
          [at("file/x"), /no such (file|folder)|a file is in its place|no file with records/],
          [at("x".repeat(300)), /the name is too long/],
          [at("folder"), /it is a folder|no file with records|is the file that is read|the file exists/],
        ] as const
      ) {
        if (what === "the config file" && path === at("file/x")) continue;
        const { code, stderr } = await said(use(path));
        // A folder can be exported to.
        if (code === 7 && path === at("folder")) continue;
        assert.equal(code, what.includes("change") && code === 1 ? 1 : 3, `${path}: ${stderr}`);
        assert.match(stderr, words);
        assert.doesNotMatch(stderr, /\bE[A-Z]{3,}\b|fault of mp/);
      }
    });
  }

  it("whatever the system says of it", () => {
    for (const code of ["EROFS", "EMFILE", "ENOSPC", "ETXTBSY", "EIO", "ENXIO", "EBUSY", "ELOOP", "EFBIG"]) {
      assert.doesNotMatch(writeFault(Object.assign(new Error(code), { code })), /E[A-Z]{3}/);
    }
    const unknown = Object.assign(new Error("EODD: odd, open '/x/y'"), { code: "EODD", path: "/x/y" });
    const { message, category } = unexpectedError(unknown);
    assert.deepEqual([message, category], ['Cannot use "/x/y": the system refuses it (EODD)', "failure"]);
  });

  itUnless(isWindows || (process.getuid?.() === 0 && "everything may be read"), "one that others own", async () => {
    chmodSync(folder.write("closed", ""), 0);
    const { stderr } = await said(USES["a script"]!(at("closed")));
    assert.match(stderr, /permission denied/);
  });
});
