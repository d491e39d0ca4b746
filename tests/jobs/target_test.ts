import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { fileTarget } from "../../src/jobs/target.ts";

const folder = mkdtempSync(join(tmpdir(), "mp-target-"));
after(() => rmSync(folder, { recursive: true, force: true }));

async function* pieces(...all: (Uint8Array | Error)[]): AsyncGenerator<Uint8Array> {
  for (const piece of all) {
    if (piece instanceof Error) throw piece;
    yield await Promise.resolve(piece);
  }
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(new TextEncoder().encode(text));
}

describe("an export to what is no plain file", () => {
  it("goes through a link to its file, and leaves the link", async () => {
    const [file, link] = [join(folder, "file.jsonl"), join(folder, "link.jsonl")];
    writeFileSync(file, "old\n");
    symlinkSync(file, link);
    await (await fileTarget(link)).take(bytes("new\n"));
    assert.ok(lstatSync(link).isSymbolicLink());
    assert.equal(readFileSync(file, "utf8"), "new\n");
  });

  it("goes into a named pipe, and leaves the pipe", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const reader = spawn("cat", [pipe], { stdio: ["ignore", "pipe", "inherit"] });
    const chunks: Uint8Array[] = [];
    reader.stdout.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    const ended = new Promise((resolve) => reader.on("close", resolve));
    await (await fileTarget(pipe)).take(bytes("events\n"));
    await ended;
    assert.equal(new TextDecoder().decode(chunks[0]), "events\n");
    assert.ok(statSync(pipe).isFIFO());
  });
});

describe("an output whose name ends in .gz", () => {
  it("is compressed, and only once", async () => {
    const path = join(folder, "result.json.gz");
    await (await fileTarget(path)).take(bytes("plain"));
    const compressed = readFileSync(path);
    assert.equal(gunzipSync(compressed).toString(), "plain");
    await (await fileTarget(path)).take(pieces(compressed.subarray(0, 1), compressed.subarray(1)));
    assert.deepEqual(readFileSync(path), compressed);
  });
});

describe("an output that fails", () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield* bytes("half");
    throw new Error("cut");
  }

  it("leaves nothing, and a file that was there as it was", async () => {
    const path = join(folder, "failed", "out.jsonl");
    mkdirSync(join(folder, "failed"));
    writeFileSync(path, "old\n");
    const target = await fileTarget(path);
    await assert.rejects(target.take(broken()), { message: "cut" });
    assert.deepEqual(readdirSync(join(folder, "failed")), ["out.jsonl"]);
    assert.equal(readFileSync(path, "utf8"), "old\n");
    assert.equal(target.leftover?.(), undefined);
  });

  it("keeps what came as .part where that is wanted, and says so", async () => {
    const path = join(folder, "kept.jsonl");
    const target = await fileTarget(path, { keepsPart: true });
    await assert.rejects(target.take(broken()), { message: "cut" });
    assert.equal(readFileSync(`${path}.part`, "utf8"), "half");
    assert.match(
      target.leftover?.() ?? "",
      /^what came before is in ".*kept\.jsonl\.part"; ".*kept\.jsonl" is as it was$/,
    );
  });

  it("goes with the next one to the same path, when its process was killed", async () => {
    const path = join(folder, "killed", "out.jsonl");
    mkdirSync(join(folder, "killed"));
    // No system gives so high a number to a process.
    writeFileSync(`${path}.999999999.0123abcd.part`, "half");
    await (await fileTarget(path)).take(bytes("whole\n"));
    assert.deepEqual(readdirSync(join(folder, "killed")), ["out.jsonl"]);
  });

  it("keeps nothing where nothing came", async () => {
    const path = join(folder, "nothing.jsonl");
    const target = await fileTarget(path, { keepsPart: true });
    await assert.rejects(target.take(pieces(new Error("refused"))), { message: "refused" });
    assert.equal(target.leftover?.(), undefined);
    assert.deepEqual(readdirSync(folder).filter((name) => name.startsWith("nothing")), []);
  });
});

describe("two exports to one path", () => {
  it("do not disturb each other: the one that ends last has it", async () => {
    const path = join(folder, "twice.jsonl");
    const [first, second] = [await fileTarget(path), await fileTarget(path)];
    await first.take(bytes("first\n"));
    assert.equal(readFileSync(path, "utf8"), "first\n");
    await second.take(bytes("second\n"));
    assert.equal(readFileSync(path, "utf8"), "second\n");
  });

  it("leave a link called like a partial file alone", async () => {
    const [path, other] = [join(folder, "linked.jsonl"), join(folder, "other.txt")];
    writeFileSync(other, "mine\n");
    symlinkSync(other, `${path}.part`);
    await (await fileTarget(path)).take(bytes("new\n"));
    assert.equal(readFileSync(other, "utf8"), "mine\n");
    assert.equal(readFileSync(path, "utf8"), "new\n");
  });
});
