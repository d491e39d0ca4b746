import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { mkdirSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import { dirname } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { type OpenOptions, openSource, openSources } from "../../../src/records/read/open_sources.ts";
import { type ReadOptions, readRecords } from "../../../src/records/read/read_records.ts";
import { sha256Hex } from "../../../src/runtime/hash.ts";
import type { Storage } from "../../../src/storage/storage.ts";
import { type ErrorCategory, MpError } from "../../../src/errors.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";

const folder = temporaryFolder();
const noInput = { stream: () => new ReadableStream<Uint8Array>() };

function write(...names: string[]): void {
  for (const name of names) {
    mkdirSync(dirname(folder.path(name)), { recursive: true });
    folder.write(name, name);
  }
}

async function names(paths: string[], options?: OpenOptions): Promise<string[]> {
  const sources = await openSources(paths, noInput, options);
  return sources.map(({ name }) => name.replace(folder.path(""), "").replace(/^\//, ""));
}

describe("a large compressed file", () => {
  // Larger than all that is read ahead, and of texts that hardly get smaller.
  const lines = Array.from(
    { length: 100_000 },
    (_, n) => `{"event":"${sha256Hex(String(n))}","properties":{"n":${n}}}\n`,
  );
  const text = lines.join("");

  for (const [what, packed] of [["gzip", gzipSync(text)], ["zstd", zstdCompressSync(text)]] as const) {
    it(`is read whole: ${what}`, async () => {
      const path = folder.write(`large.${what}`, packed);
      assert.ok(packed.length > 3_000_000);
      let bytes = 0;
      for await (const block of readRecords(await openSources([path], noInput))) {
        if (block.kind === "lines") { for (const line of block.lines) bytes += line.length + 1; }
      }
      assert.equal(bytes, text.length);
    });
  }
});

describe("sources of records", () => {
  it("are the files of a folder and of those in it, sorted, without what is no data", async () => {
    write(
      "f/b.jsonl.gz",
      "f/a.csv",
      "f/date=2026-01-31/part-0",
      "f/date=2026-01-31/x.parquet",
      "f/B.json",
      "f/log.000",
    );
    write("f/.hidden.jsonl", "f/_SUCCESS", "f/c.jsonl.part", "f/notes.md", "f/_tmp/x.jsonl", "f/x.mp-export/y.jsonl");
    symlinkSync(folder.path("f"), folder.path("f/date=2026-01-31/loop"));
    const skipped: string[] = [];
    const found = await names([folder.path("f/")], {
      onSkip: (path, reason) => skipped.push(`${path.replace(`${folder.path("f")}/`, "")}: ${reason}`),
    });
    assert.deepEqual(found, [
      "f/B.json",
      "f/a.csv",
      "f/b.jsonl.gz",
      "f/date=2026-01-31/part-0",
      "f/date=2026-01-31/x.parquet",
      "f/log.000",
    ]);
    assert.deepEqual(skipped.sort(), [
      ".hidden.jsonl: hidden",
      "_SUCCESS: its name begins with _",
      "_tmp: its name begins with _",
      "c.jsonl.part: not finished",
      "date=2026-01-31/loop: a link to a folder that it is in",
      "notes.md: .md is no format that is read",
      "x.mp-export: an export that is not finished",
    ]);
  });

  it("are what a pattern stands for", async () => {
    write("g/a1.csv", "g/a2.csv", "g/b.csv", "g/.a3.csv", "g/deep/a4.csv", "g/deep/er/a5.csv.gz", "g/[x].csv");
    const of = (pattern: string) => names([folder.path(pattern)]);
    assert.deepEqual(await of("g/a*.csv"), ["g/a1.csv", "g/a2.csv"]);
    assert.deepEqual(await of("g/a[12].csv"), ["g/a1.csv", "g/a2.csv"]);
    assert.deepEqual(await of("g/a[!1].csv"), ["g/a2.csv"]);
    assert.deepEqual(await of("g/{a1,b}.csv"), ["g/a1.csv", "g/b.csv"]);
    assert.deepEqual(await of("g/?.csv"), ["g/b.csv"]);
    assert.deepEqual(await of("g/**/a*.csv"), ["g/a1.csv", "g/a2.csv", "g/deep/a4.csv"]);
    assert.deepEqual(await of("g/*/*/*.gz"), ["g/deep/er/a5.csv.gz"]);
    assert.deepEqual(await of("g/d*"), ["g/deep/a4.csv", "g/deep/er/a5.csv.gz"]);
    assert.deepEqual(await of("g/[x].csv"), ["g/[x].csv"], "a file of that name comes before the pattern");
    await assert.rejects(of("g/z*.csv"), /no file matches it/);
  });

  it("are refused when nothing is there", async () => {
    mkdirSync(folder.path("empty"), { recursive: true });
    await assert.rejects(names([folder.path("nothing.jsonl")]), /no such file/);
    await assert.rejects(names([folder.path("empty")]), /there is no file with records in it/);
    await assert.rejects(names(["s3://bucket/x"]), /this command reads files/);
  });

  it("are named with the reason where they cannot be read, and the others are taken", async () => {
    write("u/a.jsonl", "u/deep/b.jsonl", "u/deep/er/c.jsonl");
    symlinkSync(folder.path("nowhere"), folder.path("u/gone.jsonl"));
    symlinkSync(folder.path("u/deep/loop.jsonl"), folder.path("u/deep/loop.jsonl"));
    symlinkSync(folder.path("nowhere"), folder.path("u/.hidden"));
    symlinkSync(folder.path("u"), folder.path("u/deep/up"));
    const local = (path: string) => path.replace(`${folder.path("u")}/`, "");
    const of = async (path: string) => {
      const unreadable: string[] = [];
      const found = await openSources([folder.path(path)], noInput, {
        onUnreadable: ({ source, reason }) => void unreadable.push(`${local(source)}: ${reason}`),
      });
      return { found: found.map(({ name }) => local(name)), unreadable };
    };
    const gone = "gone.jsonl: a link to a file that is not there";
    const loop = "deep/loop.jsonl: its links lead in a circle";
    assert.deepEqual(await of("u"), {
      found: ["a.jsonl", "deep/b.jsonl", "deep/er/c.jsonl"],
      unreadable: [loop, gone],
    });
    assert.deepEqual(await of("u/**/*.jsonl"), await of("u"));
    assert.deepEqual(await of("u/**"), await of("u"));
    assert.deepEqual(await of("u/*.jsonl"), { found: ["a.jsonl"], unreadable: [gone] });
    assert.deepEqual(await of("u/[ad]*"), {
      found: ["a.jsonl", "deep/b.jsonl", "deep/er/c.jsonl"],
      unreadable: [loop, `deep/up/${gone}`],
    });
    assert.deepEqual(await of("u/de?p/b.jsonl"), { found: ["deep/b.jsonl"], unreadable: [] });
    await assert.rejects(of("u/g*.jsonl"), {
      message: `Cannot read "${folder.path("u/gone.jsonl")}": a link to a file that is not there`,
      code: "unreadable_input",
      exitCode: 3,
    });
    await assert.rejects(of("u/{,x}/gone.jsonl"), { code: "no_match" });
    // Where nobody asks to go on, each is named.
    await assert.rejects(openSources([folder.path("u")], noInput), {
      message: `Cannot read 2 sources: "${folder.path("u/deep/loop.jsonl")}": its links lead in a circle; ` +
        `"${folder.path("u/gone.jsonl")}": a link to a file that is not there`,
    });
  });

  it("are named when they vanish before they are read, and the others are read", async () => {
    write("v/a.jsonl", "v/b.jsonl", "v/c.jsonl");
    const sources = await openSources([folder.path("v")], noInput);
    rmSync(folder.path("v/b.jsonl"));
    const reading = async (options: ReadOptions = {}) => {
      const read: string[] = [];
      for await (const { source } of readRecords(sources, options)) read.push(source.name);
      return read;
    };
    const unreadable: unknown[] = [];
    const onUnreadable: ReadOptions["onUnreadable"] = (source, before) => void unreadable.push({ ...source, before });
    assert.deepEqual(await reading({ onUnreadable }), [folder.path("v/a.jsonl"), folder.path("v/c.jsonl")]);
    assert.deepEqual(unreadable, [{ source: folder.path("v/b.jsonl"), reason: "no such file", before: 1 }]);
    await assert.rejects(reading(), {
      message: `Cannot read "${folder.path("v/b.jsonl")}": no such file`,
      exitCode: 3,
    });
    for (const name of ["v/a.jsonl", "v/c.jsonl"]) rmSync(folder.path(name));
    await assert.rejects(reading({ onUnreadable }), /no such file/);
  });

  it("are read once when they are found twice, and twice when they are named twice", async () => {
    write("t/a.jsonl", "t/b.jsonl");
    symlinkSync(folder.path("t/a.jsonl"), folder.path("t/z.jsonl"));
    const skipped: string[] = [];
    const found = await names([folder.path("t/b.jsonl"), folder.path("t")], {
      onSkip: (_path, why) => skipped.push(why),
    });
    assert.deepEqual(found, ["t/b.jsonl", "t/a.jsonl"]);
    assert.deepEqual(skipped, ["named twice", "named twice"]);
    assert.deepEqual(await names([folder.path("t/a.jsonl"), folder.path("t/a.jsonl")]), ["t/a.jsonl", "t/a.jsonl"]);
    assert.deepEqual(await names(["-", "-"]), ["standard input"]);
  });

  it("are one file where one is wanted", async () => {
    write("o/a.csv");
    assert.equal((await openSource(folder.path("o/a.csv"), noInput)).name, folder.path("o/a.csv"));
    assert.equal((await openSource("-", noInput)).name, "standard input");
    await assert.rejects(openSource(folder.path("o"), noInput), /it is a folder/);
    await assert.rejects(openSource(folder.path("o/*.csv"), noInput), /no such file/);
  });

  it("know what they are, and give parts of themselves", async () => {
    write("i/a.jsonl");
    const open = async () => (await openSources([folder.path("i/a.jsonl")], noInput))[0]!;
    const source = await open();
    assert.equal(new TextDecoder().decode(await source.slice!(2, 5)), "a.j");
    assert.equal((await source.slice!(7, 50)).length, 2);
    assert.deepEqual((await open()).identity, source.identity);
    utimesSync(folder.path("i/a.jsonl"), 1, 1);
    assert.notEqual((await open()).identity?.version, source.identity?.version);
    const [input] = await openSources(["-"], noInput);
    assert.deepEqual([input?.identity, input?.slice], [undefined, undefined]);
  });

  it("are objects of a bucket: one, those below a prefix, those that match", async () => {
    const objects = ["data/a.csv", "data/_x.csv", "data/b/c.jsonl.gz", "data/b/", "database.csv", "other/z.csv"];
    const bucket = {
      address: "s3://lake",
      addressOf: (path: string) => `s3://lake/${path}`,
      info: (path: string) =>
        Promise.resolve(objects.includes(path) ? { sizeBytes: path.length, version: "v1" } : undefined),
      async *list(prefix: string) {
        for (const path of objects) if (path.startsWith(prefix)) yield { path, sizeBytes: path.length, version: "v1" };
      },
      async *read(path: string, { start = 0, end = path.length } = {}) {
        yield new TextEncoder().encode(path.slice(start, end));
      },
    } as unknown as Storage;
    const openStorage = (address: string) => {
      assert.equal(address, "s3://lake");
      return Promise.resolve(bucket);
    };
    const of = (address: string) => names([address], { openStorage });
    assert.deepEqual(await of("s3://lake/data/a.csv"), ["s3://lake/data/a.csv"]);
    assert.deepEqual(await of("s3://lake/data"), ["s3://lake/data/a.csv", "s3://lake/data/b/c.jsonl.gz"]);
    assert.deepEqual(await of("s3://lake/data/"), ["s3://lake/data/a.csv", "s3://lake/data/b/c.jsonl.gz"]);
    assert.deepEqual(await of("s3://lake/*/*.csv"), [
      "s3://lake/data/a.csv",
      "s3://lake/data/_x.csv",
      "s3://lake/other/z.csv",
    ]);
    assert.deepEqual(await of("s3://lake/**/*.gz"), ["s3://lake/data/b/c.jsonl.gz"]);
    await assert.rejects(of("s3://lake/nothing"), /Cannot read s3:\/\/lake\/nothing: no such object/);
    const [source] = await openSources(["s3://lake/data/a.csv"], noInput, { openStorage });
    assert.deepEqual(source?.identity, { address: "s3://lake/data/a.csv", sizeBytes: 10, version: "v1" });
    assert.equal(new TextDecoder().decode(await source!.slice!(5, 7)), "a.");
  });

  it("in a bucket are named when they may not be read or were removed, and the others are read", async () => {
    const refusals: Record<string, ErrorCategory> = { "d/a.jsonl": "auth", "d/b.jsonl": "not_found" };
    const bucket = {
      addressOf: (path: string) => `s3://lake/${path}`,
      info: (path: string) => Promise.resolve(path.endsWith("l") ? { sizeBytes: 9, version: "v1" } : undefined),
      async *list() {
        for (const name of ["a", "b", "c"]) yield { path: `d/${name}.jsonl`, sizeBytes: 9, version: "v1" };
      },
      async *read(path: string) {
        const category = refusals[path];
        if (category !== undefined) throw new MpError(`Cannot read s3://lake/${path}: refused`, { category });
        yield new TextEncoder().encode('{"a":1}\n');
      },
    } as unknown as Storage;
    const openStorage = () => Promise.resolve(bucket);
    const unreadable: unknown[] = [];
    const read: string[] = [];
    const onUnreadable = (source: unknown) => void unreadable.push(source);
    const sources = await openSources(["s3://lake/d"], noInput, { openStorage });
    for await (const { source } of readRecords(sources, { onUnreadable })) read.push(source.name);
    assert.deepEqual(read, ["s3://lake/d/c.jsonl"]);
    assert.deepEqual(
      unreadable,
      ["a", "b"].map((name) => ({ source: `s3://lake/d/${name}.jsonl`, reason: "refused" })),
    );
    // One that was named is an error of its own kind.
    const named = await openSources(["s3://lake/d/a.jsonl"], noInput, { openStorage });
    await assert.rejects(readRecords(named, { onUnreadable }).next(), { category: "auth" });
  });
});
