/** Trino: a server whose tables are folders of files. */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SqlRow } from "../../../src/sql/asking.ts";
import { installTrino } from "../../helpers/registries.ts";
import { describedColumns, type Engine } from "../engine.ts";
import { findJava } from "./java.ts";
import { freePort, startServer } from "./processes.ts";

const CATALOG = `connector.name=hive
hive.metastore=file
hive.metastore.catalog.dir=local:///metastore
hive.security=allow-all
hive.parquet.time-zone=UTC
hive.non-managed-table-writes-enabled=true
fs.native-local.enabled=true
`;
interface Page {
  nextUri?: string;
  data?: SqlRow[];
  error?: { message: string };
}

export const TRINO: Engine = {
  dialect: "trino",
  title: "Trino",
  source: "Maven Central, `io.trino:trino-server-core`",
  install() {
    const java = findJava(24, 99);
    if (java === undefined) return { reason: "no Java 24 or newer" };
    const installed = installTrino();
    if ("reason" in installed) return installed;
    return {
      async start(parent) {
        const folder = join(parent, "trino");
        const files = join(folder, "files");
        const catalogs = join(folder, "catalogs");
        for (const path of [files, catalogs]) mkdirSync(path, { recursive: true });
        const port = await freePort();
        const url = `http://127.0.0.1:${port}`;
        writeFileSync(join(catalogs, "hive.properties"), `${CATALOG}local.location=${files}\n`);
        writeFileSync(
          join(folder, "config.properties"),
          Object.entries({
            "coordinator": "true",
            "node-scheduler.include-coordinator": "true",
            "http-server.http.port": port,
            "discovery.uri": url,
            "catalog.management": "static",
            "query.max-memory": "400MB",
            "query.max-memory-per-node": "400MB",
            "memory.heap-headroom-per-node": "200MB",
          }).map(([name, value]) => `${name}=${value}\n`).join(""),
        );
        const settings = {
          "config": join(folder, "config.properties"),
          "node.environment": "test",
          "node.bind-ip": "127.0.0.1",
          "node.internal-address": "127.0.0.1",
          "node.data-dir": join(folder, "data"),
          "plugin.dir": installed.plugins,
          "catalog.config-dir": catalogs,
        };
        const server = startServer([
          join(java, "bin", "java"),
          // A server's zone is seldom UTC.
          ...[
            "-Duser.timezone=America/New_York",
            "-Xmx1g",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--add-modules",
            "jdk.incubator.vector",
          ],
          ...Object.entries(settings).map(([name, value]) => `-D${name}=${value}`),
          ...["-cp", installed.classPath, "io.trino.server.TrinoServer"],
        ], { cwd: folder });
        const rows = async (statement: string) => {
          // A user's zone is seldom UTC.
          const headers = { "x-trino-user": "mp", "x-trino-time-zone": "America/New_York" };
          const found: SqlRow[] = [];
          let next: string | undefined = `${url}/v1/statement`;
          for (let body: string | undefined = statement; next !== undefined; body = undefined) {
            const answer: Response = await fetch(next, { method: body === undefined ? "GET" : "POST", body, headers });
            if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
            const { data = [], error, nextUri } = await answer.json() as Page;
            if (error !== undefined) throw new Error(error.message);
            for (const row of data) found.push(row);
            next = nextUri;
          }
          return found;
        };
        await server.up(() => rows("SELECT 1"));
        await rows("CREATE SCHEMA hive.lakes WITH (location = 'local:///lakes')");
        const [[version]] = await rows("SELECT version()") as [[string]];
        return {
          version,
          async load(lake) {
            cpSync(lake.folder, join(files, lake.name), { recursive: true });
            const table = `hive.lakes.${lake.name}`;
            const location = `local:///${lake.name}`;
            for (const statement of await lake.ddl({ engine: "trino", table, location })) await rows(statement);
            return { from: table, columns: describedColumns(await rows(`DESCRIBE ${table}`)) };
          },
          rows,
          source: ({ from }) => Promise.resolve({ address: `trino://127.0.0.1:${port}/${from}` }),
          stop: () => server.stop(),
        };
      },
    };
  },
};
