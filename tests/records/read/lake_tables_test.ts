/** Tables of a lakehouse, as their protocols say that they lie in folders. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, it } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import { parquetWriteBuffer } from "hyparquet-writer";
import { openSources } from "../../../src/records/read/open_sources.ts";
import { readRecords } from "../../../src/records/read/read_records.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";
import { openBucketLab } from "./bucket_lab.ts";

const folder = temporaryFolder();

const file = (...ids: number[]) =>
  new Uint8Array(parquetWriteBuffer({ columnData: [{ name: "id", data: ids, type: "INT32" }] }));

function put(path: string, bytes: Uint8Array | string): void {
  const whole = folder.path(path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, bytes);
}

const commitName = (version: number) => `_delta_log/${String(version).padStart(20, "0")}.json`;
const lines = (...actions: unknown[]) => actions.map((action) => `${JSON.stringify(action)}\n`).join("");
const add = (path: string, partitionValues: Record<string, string | null> = {}, more = {}) => ({
  add: { path, partitionValues, size: 1, modificationTime: 1, dataChange: true, ...more },
});
const remove = (path: string) => ({ remove: { path, deletionTimestamp: 2, dataChange: true } });
const protocol = (minReaderVersion: number, readerFeatures?: string[]) => ({
  protocol: { minReaderVersion, minWriterVersion: 2, readerFeatures },
});
const metaData = (fields: [string, unknown][], configuration: Record<string, string> = {}) => ({
  metaData: {
    id: "t",
    format: { provider: "parquet", options: {} },
    schemaString: JSON.stringify({
      type: "struct",
      fields: fields.map(([name, type]) => ({ name, type, nullable: true, metadata: {} })),
    }),
    partitionColumns: [],
    configuration,
  },
});

/** A table of three rows in whose folder lie eight. */
function table(name: string): string {
  put(`${name}/old.parquet`, file(1, 2, 3, 4, 5));
  put(`${name}/new.parquet`, file(6, 7, 8));
  put(`${name}/${commitName(0)}`, lines(protocol(1), metaData([["id", "integer"]]), add("old.parquet")));
  put(`${name}/${commitName(1)}`, lines(remove("old.parquet"), add("new.parquet")));
  return folder.path(name);
}

async function read(...paths: string[]): Promise<{ values: Record<string, unknown>[]; skipped: string[] }> {
  const skipped: string[] = [];
  const sources = await openSources(paths, { stream: () => new ReadableStream() }, {
    onSkip: (path, reason) => void skipped.push(`${path}: ${reason}`),
  });
  const values: Record<string, unknown>[] = [];
  for await (const block of readRecords(sources)) {
    assert.ok(block.kind === "values");
    values.push(...block.values as Record<string, unknown>[]);
  }
  return { values, skipped };
}

const ids = async (...paths: string[]) => (await read(...paths)).values.map(({ id }) => id);

describe("a Delta table", () => {
  it("has the rows that its log says, however it is named", async () => {
    const path = table("lake/plain");
    const ways = [
      [path],
      [`${path}/`],
      [folder.path("lake")],
      [`${path}/*.parquet`],
      [`${folder.path("lake")}/**`],
      [`${path}/new.parquet`, `${path}/old.parquet`],
    ];
    for (const way of ways) assert.deepEqual(await ids(...way), [6, 7, 8], way.join(" "));
    assert.deepEqual((await read(path)).skipped, []);
    assert.ok(
      (await read(`${path}/*.parquet`)).skipped.includes(`1 file of ${path}: not in the Delta table any more`),
    );
    await assert.rejects(read(`${path}/old.parquet`), {
      category: "input",
      message: /not in the Delta table any more$/,
    });
  });

  it("has the values of its partition columns, with their types", async () => {
    put("parts/_day=1/a b.parquet", file(1));
    put("parts/none/b.parquet", file(2));
    const fields: [string, string][] = [
      ["id", "integer"],
      ["_day", "date"],
      ["n", "long"],
      ["amount", "decimal(20,2)"],
      ["ok", "boolean"],
      ["code", "string"],
      ["ratio", "double"],
      ["at", "timestamp"],
    ];
    const none = Object.fromEntries(fields.slice(1).map(([name], index) => [name, index % 2 ? null : ""]));
    put(
      `parts/${commitName(0)}`,
      lines(
        metaData(fields),
        add("_day=1/a%20b.parquet", {
          _day: "2026-11-01",
          n: "9007199254740993",
          amount: "1.50",
          ok: "false",
          code: "007",
          ratio: "0.5",
          at: "2026-01-01 02:03:04.005000",
        }),
        add("none/b.parquet", none),
      ),
    );
    assert.deepEqual((await read(folder.path("parts"))).values, [
      {
        id: 1,
        _day: "2026-11-01",
        n: 9007199254740993n,
        amount: 1.5,
        ok: false,
        code: "007",
        ratio: 0.5,
        at: "2026-01-01T02:03:04.005000",
      },
      { id: 2 },
    ]);
    assert.deepEqual(await ids(folder.path("parts/_day=1")), [1]);
  });

  it("has its bytes as hexadecimal, also in a file where all could be texts", async () => {
    const bytes = (...texts: string[]) =>
      new Uint8Array(parquetWriteBuffer({
        columnData: [{
          name: "raw",
          data: texts.map((text) => Uint8Array.from(text, (one) => one.charCodeAt(0))),
          type: "BYTE_ARRAY",
        }],
      }));
    put("bytes/a.parquet", bytes("ab"));
    put("bytes/b.parquet", bytes("\x00\xff"));
    put(`bytes/${commitName(0)}`, lines(metaData([["raw", "binary"]]), add("a.parquet"), add("b.parquet")));
    assert.deepEqual((await read(folder.path("bytes"))).values, [{ raw: "6162" }, { raw: "00ff" }]);
  });

  it("may begin with a checkpoint, in one file or in several, and with commits that are gone", async () => {
    const connection = await (await DuckDBInstance.create()).connect();
    const row = (path: string | null, removed: string | null, version: string) =>
      `select case when ${sql(path)} is null then null else {'path': ${
        sql(path)
      }, 'partitionValues': map {'p': '1'}, 'deletionVector': null::struct(storageType varchar)} end as add,
       case when ${sql(removed)} is null then null else {'path': ${sql(removed)}} end as remove,
       ${version} as protocol, null::struct(schemaString varchar) as "metaData"`;
    const sql = (text: string | null) => text === null ? "null::varchar" : `'${text}'`;
    const none = "null::struct(minReaderVersion int, readerFeatures varchar[])";
    const write = async (path: string, ...rows: string[]) => {
      put(path, "");
      await connection.run(`copy (${rows.join(" union all ")}) to '${folder.path(path)}' (format parquet)`);
    };
    for (const name of ["whole", "split"]) {
      put(`${name}/a.parquet`, file(1));
      put(`${name}/b.parquet`, file(2));
      put(`${name}/c.parquet`, file(3));
      const at = `${name}/_delta_log/${"10".padStart(20, "0")}.checkpoint`;
      const rows = [
        row(null, null, "{'minReaderVersion': 1, 'readerFeatures': null::varchar[]}"),
        row("a.parquet", null, none),
        row("b.parquet", null, none),
        row(null, "x.parquet", none),
      ];
      if (name === "whole") await write(`${at}.parquet`, ...rows);
      else {
        await write(`${at}.0000000001.0000000002.parquet`, ...rows.slice(0, 2));
        await write(`${at}.0000000002.0000000002.parquet`, ...rows.slice(2));
      }
      put(`${name}/${commitName(10)}`, lines(add("x.parquet")));
      put(`${name}/${commitName(11)}`, lines(remove("a.parquet"), add("c.parquet")));
      assert.deepEqual((await read(folder.path(name))).values, [{ id: 2, p: "1" }, { id: 3 }], name);
    }
    connection.closeSync();
  });

  it("is refused in words when its files alone do not tell its rows, or its log is not whole", async () => {
    const vector = { deletionVector: { storageType: "u", pathOrInlineDv: "x", sizeInBytes: 1, cardinality: 1 } };
    const faults: [string, RegExp, string][] = [
      [
        "vectors",
        /some of its rows are deleted by deletion vectors$/,
        lines(protocol(3, ["deletionVectors"]), add("a", {}, vector)),
      ],
      [
        "mapped",
        /its columns have other names in its files$/,
        lines(metaData([], { "delta.columnMapping.mode": "name" })),
      ],
      ["feature", /it needs catalogManaged$/, lines(protocol(3, ["timestampNtz", "catalogManaged"]))],
      ["version", /it needs version 4 of the protocol$/, lines(protocol(4))],
      ["clone", /its file s3:\/\/other\/a\.parquet is in another place$/, lines(add("s3://other/a.parquet"))],
      ["json", /has a line that is not JSON$/, '{"add":{"path"\n'],
      ["shape", /has an entry that is not understood$/, '{"protocol":{"readerFeatures":5}}\n{"add":7}\n'],
      ["gone", /gone\.parquet: it belongs to a Delta table, and is not there$/, lines(add("gone.parquet"))],
    ];
    for (const [name, message, commit] of faults) {
      put(`${name}/a.parquet`, file(1));
      put(`${name}/${commitName(0)}`, commit);
      await assert.rejects(read(folder.path(name)), { category: "input", message }, name);
      if (name !== "gone") await assert.rejects(read(`${folder.path(name)}/*.parquet`), { message }, name);
    }
    const path = table("gap");
    put(`gap/${commitName(3)}`, lines(add("x.parquet")));
    await assert.rejects(read(path), { message: /the log has no version 2, but version 3$/ });
    rmSync(folder.path(`gap/${commitName(0)}`));
    await assert.rejects(read(path), { message: /the log has no version 0, but version 3$/ });
  });
});

describe("tables of other kinds", () => {
  it("are refused with the words to use instead, however they are named", async () => {
    put("ice/data/a.parquet", file(1));
    put("ice/metadata/v1.metadata.json", '{"format-version":2}');
    put("rest/data/p=1/a.parquet", file(1));
    for (
      const version of ["00001-2b4b4a3c-0f2b-4d0c-8f0e-6a2a3b1c9d10", "00010-0b4b4a3c-0f2b-4d0c-8f0e-6a2a3b1c9d10"]
    ) {
      put(`rest/metadata/${version}.metadata.json`, "{}");
    }
    put("ice/metadata/snap-1-1-a.avro", "Obj");
    put("ice/metadata/version-hint.text", "1");
    put("hudi/p=1/a.parquet", file(1));
    put("hudi/.hoodie/hoodie.properties", "x=1");
    for (const name of ["ice", "rest", "hudi"]) {
      const path = folder.path(name);
      for (const way of [path, `${path}/**/*.parquet`, `${path}/**`]) {
        await assert.rejects(read(way), {
          category: "input",
          code: "table_refused",
          message: new RegExp(`${name}: it is (?:an Iceberg|a Hudi) table, and its (?:metadata|timeline)`),
          hint: {
            ice:
              /iceberg_scan\('.*\/ice\/metadata\/v1\.metadata\.json'\)\) to 'table.parquet'" && mp import table\.parquet/,
            rest: /iceberg_scan\('.*\/rest\/metadata\/00010-0b[^/]*\.metadata\.json'\)\) to 'table\.parquet'"/,
            hudi: /write\.parquet\("NEW"\)$/,
          }[name]!,
        }, way);
      }
    }
    const files = [
      "ice/data/a.parquet",
      "ice/data",
      "ice/metadata",
      "ice/metadata/*",
      "ice/metadata/v1.metadata.json",
      "ice/metadata/snap-1-1-a.avro",
      "ice/metadata/version-hint.text",
      "hudi/p=1",
      "hudi/.hoodie/hoodie.properties",
    ];
    for (const name of files) {
      await assert.rejects(read(folder.path(name)), { code: "table_refused" }, name);
    }
  });

  it("are called with with a command that takes an apostrophe in the path", async () => {
    put("o'ice/metadata/v1.metadata.json", "{}");
    await assert.rejects(read(folder.path("o'ice")), { hint: /iceberg_scan\('.*\/o''ice\/metadata/ });
  });

  it("are not seen where a folder only has a similar name", async () => {
    put("other/metadata/notes.json", '{"id":1}');
    put("other/a.parquet", file(2));
    assert.deepEqual(await ids(`${folder.path("other")}/*.parquet`), [2]);
  });
});

describe("a Delta table in a bucket", () => {
  it("has the rows that its log says", async () => {
    const bucket = await openBucketLab();
    try {
      const path = table("stored");
      for (const name of ["old.parquet", "new.parquet", commitName(0), commitName(1)]) {
        await bucket.put(`lake/stored/${name}`, readFileSync(`${path}/${name}`));
      }
      await bucket.put("ice/data/a.parquet", file(1));
      await bucket.put("ice/metadata/v1.metadata.json", "{}");
      const readAt = async (address: string) => {
        const sources = await openSources([address], { stream: () => new ReadableStream() }, {
          openStorage: bucket.open,
        });
        const values: unknown[] = [];
        for await (const block of readRecords(sources)) if (block.kind === "values") values.push(...block.values);
        return values;
      };
      for (
        const way of [
          "lake/stored",
          "lake/stored/",
          "lake",
          "lake/stored/*.parquet",
          "lake/**",
          "lake/stored/new.parquet",
        ]
      ) {
        assert.deepEqual(await readAt(`s3://bucket/${way}`), [{ id: 6 }, { id: 7 }, { id: 8 }], way);
      }
      await assert.rejects(readAt("s3://bucket/lake/stored/old.parquet"), {
        message: /not in the Delta table any more$/,
      });
      for (const way of ["ice", "ice/**", "ice/data/a.parquet", "ice/data/"]) {
        await assert.rejects(readAt(`s3://bucket/${way}`), {
          code: "table_refused",
          hint: /iceberg_scan\('s3:\/\/bucket\/ice\/metadata\/v1\.metadata\.json'\)/,
        }, way);
      }
    } finally {
      await bucket.stop();
    }
  });
});
