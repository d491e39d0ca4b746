import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { engineAddress, isEngineAddress } from "../../src/engines/engine_address.ts";
import { MpError } from "../../src/errors.ts";

const read = (text: string) => {
  const { engine, origin, file, table } = engineAddress(text);
  return [engine, origin ?? file, table];
};

describe("the address of a table in an engine", () => {
  const cases: readonly (readonly [text: string, parts: unknown[]])[] = [
    ["clickhouse://localhost/events", ["clickhouse", "http://localhost:8123", ["events"]]],
    ["clickhouse://db.example:9123/lake.events", ["clickhouse", "http://db.example:9123", ["lake", "events"]]],
    ["ClickHouse://localhost/a.b", ["clickhouse", "http://localhost:8123", ["a", "b"]]],
    ["clickhouse://db.example/a.b?secure", ["clickhouse", "https://db.example:8443", ["a", "b"]]],
    ["clickhouse://db.example/a.b?secure=true", ["clickhouse", "https://db.example:8443", ["a", "b"]]],
    ["clickhouse://db.example/a.b?secure=false", ["clickhouse", "http://db.example:8123", ["a", "b"]]],
    ["clickhouse://db.example:443/a.b", ["clickhouse", "https://db.example:443", ["a", "b"]]],
    ["clickhouse://db.example:8443/a.b", ["clickhouse", "https://db.example:8443", ["a", "b"]]],
    ["clickhouse://[::1]:8123/a.b", ["clickhouse", "http://[::1]:8123", ["a", "b"]]],
    ["clickhouse://localhost/a.my%2Etable%20%22x", ["clickhouse", "http://localhost:8123", ["a", 'my.table "x']]],
    ["trino://localhost/hive.lake.events", ["trino", "http://localhost:8080", ["hive", "lake", "events"]]],
    ["trino://t.example/c.s.t?SSL=true", ["trino", "https://t.example:8443", ["c", "s", "t"]]],
    ["duckdb:file.db?events", ["duckdb", "file.db", ["events"]]],
    ["duckdb:a?b/file.db?main.events", ["duckdb", "a?b/file.db", ["main", "events"]]],
    ["duckdb:C:\\data\\file.db?events", ["duckdb", "C:\\data\\file.db", ["events"]]],
  ];
  for (const [text, parts] of cases) it(text, () => assert.deepEqual(read(text), parts));

  it("is not a path, and not the address of a bucket", () => {
    for (const text of ["lake/", "s3://bucket/lake", "clickhouse", "duckdb.db", "./trino://x"]) {
      assert.equal(isEngineAddress(text), false, text);
    }
  });

  const refused: readonly (readonly [text: string, message: RegExp])[] = [
    ["clickhouse://localhost", /names no table/],
    ["clickhouse:///a.b", /names no host/],
    ["clickhouse://localhost/a.b.c", /no whole name of a table/],
    ["clickhouse://localhost/a..b", /no name of a table/],
    ["clickhouse://localhost/a/b", /no name of a table/],
    ["trino://localhost/events", /no whole name of a table/],
    ["trino://local host/a.b.c", /names no host/],
    ["duckdb:file.db", /names no table/],
    ["duckdb:file.db?", /names no table/],
    ["duckdb:?events", /names no file/],
    ["clickhouse://localhost/a.b?user=x", /"user" is not known/],
    ["clickhouse://localhost/a.b#password=x", /"clickhouse:\/\/localhost\/a\.b": a # would end it/],
    ["trino://localhost/a.b.c#1", /a # would end it/],
  ];
  for (const [text, message] of refused) {
    it(`refuses ${text}`, () =>
      void assert.throws(() => engineAddress(text), (error: MpError) => {
        assert.equal(error.category, "input");
        assert.match(error.message, message);
        assert.ok(error.hint);
        return true;
      }));
  }

  it("refuses secrets, and does not repeat them", () => {
    const texts = ["clickhouse://ana:s3cret@h/a.b", "trino://s3cret@h/a.b.c", "clickhouse://h/a.b?password=s3cret"];
    for (const text of texts) {
      assert.throws(() => engineAddress(text), (error: MpError) => {
        assert.ok(error instanceof MpError);
        assert.doesNotMatch(`${error.message} ${error.hint}`, /s3cret/);
        return true;
      });
    }
  });
});
