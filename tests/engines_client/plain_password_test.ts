import assert from "node:assert/strict";
import { it } from "node:test";
import { engineAddress } from "../../src/engines/engine_address.ts";
import { plainPasswordNote } from "../../src/engines/plain_password.ts";

const note = (address: string, env: Record<string, string>) => plainPasswordNote(engineAddress(address), env);

it("a password that goes to another machine unencrypted is told of", () => {
  const env = { MP_CLICKHOUSE_PASSWORD: "s3cret-word" };
  const said = note("clickhouse://db.example/a.b", env);
  assert.match(said ?? "", /MP_CLICKHOUSE_PASSWORD goes to db\.example:8123 unencrypted/);
  assert.doesNotMatch(said ?? "", /s3cret/);
  for (const address of ["clickhouse://127.0.0.1/a.b", "clickhouse://db.example/a.b?secure", "duckdb:a.db?t"]) {
    assert.equal(note(address, env), undefined, address);
  }
  assert.equal(note("clickhouse://db.example/a.b", {}), undefined);
  assert.equal(note("trino://db.example/a.b.c", env), undefined);
});
