/**
 * What mp says to a server of ClickHouse, and what it makes of the answers: with Debian's, whose version is too old for the
 * statements of questions.
 */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { it } from "node:test";
import { MpError } from "../../src/errors.ts";
import { never, opened } from "../engines_client/engine_lab.ts";
import { describeUnless } from "../helpers/needs.ts";
import { installClickHouseServer } from "../helpers/registries.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { freePort, startServer } from "./drivers/processes.ts";

const PASSWORD = "of a test";
const LOGIN = { MP_CLICKHOUSE_USER: "default", MP_CLICKHOUSE_PASSWORD: PASSWORD };

const folder = temporaryFolder();
const installed = installClickHouseServer();

const tags = (values: Record<string, string | number>) =>
  Object.entries(values).map(([name, value]) => `<${name}>${value}</${name}>`).join("");

async function startClickHouse() {
  if ("reason" in installed) throw new Error(installed.reason);
  const home = folder.path("server");
  mkdirSync(home);
  const [port, tcpPort] = [await freePort(), await freePort()];
  const settings = {
    logger: "<level>warning</level><console>1</console>",
    http_port: port,
    tcp_port: tcpPort,
    listen_host: "127.0.0.1",
    path: `${home}/`,
    tmp_path: `${home}/tmp/`,
    users_config: join(home, "users.xml"),
    default_profile: "default",
    default_database: "default",
    mark_cache_size: 100_000_000,
  };
  writeFileSync(join(home, "config.xml"), `<yandex>${tags(settings)}</yandex>`);
  const user = tags({ password: PASSWORD, networks: "<ip>127.0.0.1</ip>", profile: "default", quota: "default" });
  const users = tags({ profiles: "<default/>", users: `<default>${user}</default>`, quotas: "<default/>" });
  writeFileSync(join(home, "users.xml"), `<yandex>${users}</yandex>`);
  const server = startServer([installed.program, `--config-file=${join(home, "config.xml")}`], {
    cwd: home,
    env: { ...process.env, LD_LIBRARY_PATH: installed.libraries },
  });
  await server.up(() => fetch(`http://127.0.0.1:${port}/ping`));
  return { port, stop: () => server.stop() };
}

describeUnless("reason" in installed && installed.reason, "a server of ClickHouse", () => {
  it("is asked, and its refusals are understood", { timeout: 600_000 }, async () => {
    const { port, stop } = await startClickHouse();
    const at = (table: string) => `clickhouse://127.0.0.1:${port}/default.${table}`;
    const send = async (statement: string) => {
      const headers = { "x-clickhouse-user": "default", "x-clickhouse-key": PASSWORD };
      const answer = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: statement, headers });
      assert.equal(answer.status, 200, await answer.text());
    };
    const refused = async (work: Promise<unknown>) => {
      try {
        await work;
      } catch (error) {
        if (error instanceof MpError) return [error.category, error.message];
        throw error;
      }
      throw new Error("it was not refused");
    };
    try {
      await send(
        "CREATE TABLE t (event String, n UInt64, x Nullable(Float64), d DateTime('UTC')) ENGINE = MergeTree " +
          "PARTITION BY toDate(d) ORDER BY event",
      );
      await send(
        "INSERT INTO t VALUES ('Käufe\\n', 18446744073709551615, NULL, '2026-11-23 12:00:00'), ('b', 1, 0.1, '2026-01-01 00:00:00')",
      );
      const { engine, secrets } = await opened(at("t"), "`default`.`t`", LOGIN);
      assert.deepEqual(secrets, [PASSWORD]);
      assert.deepEqual((await engine.columns(never)).map(({ name, type }) => [name, type]), [
        ["event", "String"],
        ["n", "UInt64"],
        ["x", "Nullable(Float64)"],
        ["d", "DateTime('UTC')"],
      ]);
      const rows = await engine.rows("SELECT event, n, x, toString(d) FROM t ORDER BY n", never);
      assert.deepEqual(rows, [
        ["b", 1, 0.1, "2026-01-01 00:00:00"],
        ["Käufe\n", 18446744073709551615n, null, "2026-11-23 12:00:00"],
      ]);

      const [category, message] = await refused(engine.rows("SELECT * FROM `default`.`nope`", never));
      assert.equal(category, "not_found");
      assert.match(message!, /there is no such table \(60: .*nope/);
      assert.equal((await refused(engine.rows("SELECT", never)))[0], "failure");
      const stranger = await opened(at("t"), "t", { ...LOGIN, MP_CLICKHOUSE_PASSWORD: "wrong" });
      const [why, said] = await refused(stranger.engine.rows("SELECT 1", never));
      assert.equal(why, "auth");
      assert.doesNotMatch(said!, /wrong"|of a test/);

      const stopping = new AbortController();
      setTimeout(() => stopping.abort(), 500);
      const endless = "SELECT count() FROM system.numbers WHERE NOT ignore(sipHash64(number))";
      await assert.rejects(engine.rows(endless, stopping.signal));
      const running = () =>
        engine.rows(
          "SELECT count() FROM system.processes WHERE query LIKE '%sipHash64%' AND query NOT LIKE '%LIKE%'",
          never,
        );
      const limit = Date.now() + 20_000;
      while (Number((await running())[0]![0]) > 0) assert.ok(Date.now() < limit, "the statement goes on in the server");
    } finally {
      await stop();
    }
  });
});
