import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { MpError } from "../../src/errors.ts";
import { localStorage } from "../../src/storage/files/local.ts";
import { lockOutput } from "../../src/storage/lock.ts";
import type { Storage } from "../../src/storage/storage.ts";

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "mp-lock-"));
  try {
    await test(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function refused(lock: Promise<unknown>, message: string): Promise<void> {
  await assert.rejects(lock, (error) => {
    assert.ok(error instanceof MpError);
    assert.deepEqual([error.message, error.code], [message, "output_locked"]);
    return true;
  });
}

describe("lockOutput", () => {
  it("refuses a second writer of a folder at once, until the first has released it", () =>
    inFolder(async (folder) => {
      const state = join(folder, "state");
      const storage = localStorage(join(folder, "out"));
      const lock = await lockOutput(storage, state);
      await refused(
        lockOutput(localStorage(join(folder, "out/")), state),
        `Cannot write ${folder}/out: another mp is writing it`,
      );
      await (await lockOutput(localStorage(join(folder, "other")), state)).release();
      await lock.release();
      await (await lockOutput(storage, state)).release();
      assert.deepEqual(readdirSync(join(folder, "out")), [".mp.lock"]);
    }));

  it("replaces a damaged lock and names it", () =>
    inFolder(async (folder) => {
      const file = join(folder, ".mp.lock");
      writeFileSync(file, "garbage, and no database".repeat(50));
      const notes: string[] = [];
      const lock = await lockOutput(localStorage(folder), folder, { note: (line) => notes.push(line) });
      assert.deepEqual(notes, [`The lock ${file} was damaged; it was replaced`]);
      await refused(lockOutput(localStorage(folder), folder), `Cannot write ${folder}: another mp is writing it`);
      await lock.release();
    }));

  it("does without where no state can be kept", () =>
    inFolder(async (folder) => {
      const storage = localStorage(folder);
      for (const state of ["/dev/null/state", "/proc/self/state"]) {
        const [one, other] = [
          await lockOutput(storage, state, { path: "a.jsonl" }),
          await lockOutput(storage, state, { path: "a.jsonl" }),
        ];
        await one.release();
        await other.release();
      }
      assert.deepEqual(readdirSync(folder), []);
    }));

  it("locks a single file without leaving anything beside it", () =>
    inFolder(async (folder) => {
      const state = join(folder, "state");
      const storage = localStorage(folder);
      const lock = await lockOutput(storage, state, { path: "a.jsonl" });
      await refused(
        lockOutput(localStorage(`${folder}/.`), state, { path: "a.jsonl" }),
        `Cannot write ${folder}/a.jsonl: another mp is writing it`,
      );
      await (await lockOutput(storage, state, { path: "b.jsonl" })).release();
      await lock.release();
      assert.deepEqual(readdirSync(folder), ["state"]);
    }));

  it("locks a prefix of a bucket by its address", () =>
    inFolder(async (folder) => {
      const bucket = (address: string) => ({ address, addressOf: (path: string) => `${address}/${path}` }) as Storage;
      const lock = await lockOutput(bucket("s3://bucket/out"), folder);
      await refused(
        lockOutput(bucket("s3://bucket/out"), folder),
        "Cannot write s3://bucket/out: another mp is writing it",
      );
      await (await lockOutput(bucket("s3://bucket/other"), folder)).release();
      await (await lockOutput(bucket("s3://bucket"), folder, { path: "out/x" })).release();
      await lock.release();
    }));

  it("is free when the process that held it was killed", () =>
    inFolder(async (folder) => {
      const program = fileURLToPath(new URL("hold_lock.ts", import.meta.url));
      const isDeno = "Deno" in globalThis;
      const child = spawn(execPath, [...(isDeno ? ["run", "-A", "--no-check"] : []), program, folder], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const ended = new Promise((resolve) => child.once("exit", resolve));
      await new Promise((resolve) => child.stdout.once("data", resolve));
      await refused(lockOutput(localStorage(folder), folder), `Cannot write ${folder}: another mp is writing it`);
      child.kill("SIGKILL");
      await ended;
      await (await lockOutput(localStorage(folder), folder)).release();
    }));
});
