import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { itUnless } from "../helpers/needs.ts";

const folder = temporaryFolder();
const child = fileURLToPath(new URL("streams_child.ts", import.meta.url));
const isDeno = "Deno" in globalThis;
const words = [process.execPath, ...isDeno ? ["run", "-A", "--no-check"] : [], child];
const PROGRAM = words.map((word) => `'${word}'`).join(" ");
const env = { PATH: process.env.PATH, HOME: process.env.HOME };

/** Runs a line of shell in which PROGRAM stands for the child. */
async function shell(line: string, more: Record<string, string> = {}): Promise<{ stdout: string; stderr: string }> {
  return await promisify(execFile)("sh", ["-c", line.replaceAll("PROGRAM", PROGRAM)], {
    env: { ...env, ...more },
    maxBuffer: 1 << 26,
  });
}

const bytes = new Uint8Array(1_500_000).map((_, index) => (index * 7919) % 256);
const hash = createHash("sha256").update(bytes).digest("hex");
const input = folder.write("input", bytes);

describe("standard input and output", () => {
  it("pass every byte on, from a file and from a pipe, to a file and to a pipe", async () => {
    const output = folder.path("output");
    const copies = [
      await shell(`PROGRAM copy <'${input}' >'${output}'; sha256sum <'${output}'`),
      await shell(`PROGRAM copy <'${input}' | sha256sum`),
      await shell(`cat '${input}' | PROGRAM copy | sha256sum`),
      await shell(`(head -c 1000 '${input}'; sleep 0.05; tail -c +1001 '${input}') | PROGRAM copy | sha256sum`),
    ];
    for (const { stdout, stderr } of copies) {
      assert.equal(stdout.slice(0, 64), hash);
      assert.equal(stderr, "1500000 bytes\n");
    }
    assert.equal(readFileSync(output).length, bytes.length);
  });

  it("append to a file nothing but what is written, however long", async () => {
    for (const length of [1, 1000, 1024, 1025, 2300, 4096, 4097, 100_000]) {
      const text = folder.write(`text-${length}`, new TextEncoder().encode("a".repeat(length)));
      const output = folder.write(`appended-${length}`, new TextEncoder().encode("before\n"));
      await shell(`PROGRAM copy <'${text}' >>'${output}' 2>>'${output}'`);
      assert.equal(readFileSync(output, "utf8"), `before\n${"a".repeat(length)}${length} bytes\n`, `${length}`);
    }
  });

  itUnless(
    process.platform !== "linux" && "only on Linux",
    "go on where the shell has stopped reading a file",
    async () => {
      const lines = folder.write("lines", new TextEncoder().encode("header\none\ntwo\n"));
      assert.equal((await shell(`{ read -r header; PROGRAM copy; } <'${lines}'`)).stdout, "one\ntwo\n");
    },
  );

  itUnless(!existsSync("/dev/full") && "no /dev/full", "say that the disk is full", async () => {
    const { stderr } = await shell("PROGRAM flood >/dev/full || true");
    assert.match(stderr, /Cannot write to standard output: the disk is full/);
  });

  it("may be empty or closed", async () => {
    assert.equal((await shell("PROGRAM copy </dev/null")).stderr, "0 bytes\n");
  });

  it("keep the order of writes that nobody waits for", async () => {
    const { stdout } = await shell("PROGRAM order | cat");
    assert.equal(stdout, Array.from({ length: 200 }, (_, index) => `${index}\n`.repeat(50)).join(""));
  });

  it("say when the reader has gone", async () => {
    const { stdout, stderr } = await shell("PROGRAM flood | head -c 10");
    assert.deepEqual([stdout, stderr], ["x".repeat(10), "closed\n"]);
  });

  it("wait for a slow reader of a pipe that does not block", async () => {
    // Node's own pipes are sockets; a child that writes faster than it is read has to wait.
    const running = spawn(words[0]!, [...words.slice(1), "order"], { env, stdio: ["ignore", "pipe", "ignore"] });
    let length = 0;
    for await (const chunk of running.stdout) length += (chunk as Uint8Array).length;
    assert.equal(length, (10 * 2 + 90 * 3 + 100 * 4) * 50);
  });

  it("know that they are no terminal, and take the width from COLUMNS", async () => {
    const asTold = async (more: Record<string, string>) =>
      JSON.parse((await shell("PROGRAM facts </dev/null | cat", more)).stderr.toString());
    assert.deepEqual(await asTold({}), [[false, false, false], 80]);
    assert.deepEqual(await asTold({ COLUMNS: "123" }), [[false, false, false], 123]);
    for (const COLUMNS of ["0", "-1", "wide"]) assert.deepEqual((await asTold({ COLUMNS }))[1], 80);
  });
});

describe("this program as a child of itself", () => {
  it("gets its arguments, its environment and its folder, and its exit code is known", async () => {
    const { stdout } = await shell("PROGRAM self one 'two words'");
    assert.equal(stdout, '{"rest":["one","two words"],"cwd":"/","greeting":"hello"}\nended with 7\n');
  });

  it("is ended at once when the work was interrupted before", async () => {
    const { stdout } = await shell("PROGRAM self aborted");
    assert.match(stdout, /^ended with [1-9]\d*\n$/);
  });
});
