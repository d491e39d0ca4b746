/** PostgreSQL on a folder and a socket of its own. */
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { DUCKDB_CLI, installPackages } from "../../helpers/python_packages.ts";
import type { SqlRow } from "../../../src/sql/asking.ts";
import { describedColumns, type Engine } from "../engine.ts";
import { startServer } from "./processes.ts";

const VERSIONS = "/usr/lib/postgresql";
function findPrograms(): string | undefined {
  if (!existsSync(VERSIONS)) return undefined;
  return readdirSync(VERSIONS).toSorted().reverse().map((version) => join(VERSIONS, version, "bin"))
    .find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "psql")));
}

/** The server refuses to be root; Debian's packages come with a user for it. */
function serverUser(): { uid?: number; gid?: number } | undefined {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(spawnSync("id", [flag, "postgres"], { encoding: "utf8" }).stdout?.trim() || NaN);
  const user = { uid: id("-u"), gid: id("-g") };
  return Number.isNaN(user.uid) ? undefined : user;
}

export const POSTGRES: Engine = {
  dialect: "postgres",
  title: "PostgreSQL",
  source: "Debian, `postgresql`",
  install() {
    const programs = findPrograms();
    if (programs === undefined) return { reason: "no PostgreSQL server" };
    const user = serverUser();
    if (user === undefined) return { reason: "no user 'postgres' to run the server as" };
    const reader = installPackages(DUCKDB_CLI);
    if ("reason" in reader) return reader;
    const path = `${dirname(reader.python)}:${process.env.PATH}`;
    return {
      async start(parent) {
        const folder = join(parent, "postgres");
        mkdirSync(folder);
        chmodSync(parent, 0o755);
        if (user.uid !== undefined) chownSync(folder, user.uid, user.gid!);
        const run = (program: string, args: readonly string[], as: typeof user, input?: string) => {
          const { status, stdout, stderr, error } = spawnSync(join(programs, program), args, {
            ...as,
            cwd: folder,
            input,
            env: { PATH: path, HOME: folder, LC_ALL: "C.UTF-8", PGTZ: "America/New_York" },
            encoding: "utf8",
            maxBuffer: 1e9,
          });
          if (status !== 0) throw error ?? new Error(stderr);
          return stdout;
        };
        const data = join(folder, "data");
        // A language's order of text, as servers usually have it, is not that of Mixpanel.
        run("initdb", ["-D", data, "-U", "mp", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-A", "trust"], user);
        const server = startServer(
          [join(programs, "postgres"), "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"],
          { ...user, cwd: folder, env: { PATH: process.env.PATH, HOME: folder, LC_ALL: "C.UTF-8" } },
        );
        const psql = (sql: string) =>
          run(
            "psql",
            ["-h", folder, "-U", "mp", "-d", "postgres", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"],
            {},
            sql,
          );
        await server.up(() => Promise.resolve().then(() => psql("SELECT 1")));
        const rows = (statement: string) => {
          const query = statement.trimEnd().replace(/;$/, "");
          const lines = psql(`SELECT json_build_array(row_to_json(mp_row)) FROM (\n${query}\n) mp_row;`);
          return Promise.resolve(
            lines.split("\n").filter(Boolean).map((line) => Object.values(JSON.parse(line)[0]) as SqlRow),
          );
        };
        return {
          version: psql("SHOW server_version").split(" ")[0]!.trim(),
          async load(lake) {
            psql((await lake.ddl({ engine: "postgres" })).join(";\n"));
            const described = await rows(
              `SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '${lake.name}' ` +
                "ORDER BY ordinal_position",
            );
            const columns = describedColumns(described).map(({ name, type }) => ({
              name,
              type: type.replace("double precision", "double"),
            }));
            return { from: lake.name, columns };
          },
          rows,
          stop: () => server.stop("SIGINT"),
        };
      },
    };
  },
};
