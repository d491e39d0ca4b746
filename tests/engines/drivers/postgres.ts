/** PostgreSQL on a folder and a socket of its own. */
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { SqlRow } from "../../../src/sql/asking.ts";
import type { Engine } from "../engine.ts";
import { startServer } from "./processes.ts";

const VERSIONS = "/usr/lib/postgresql";
/** Of the columns of a lake. */
const TYPES: Readonly<Record<string, string>> = {
  boolean: "boolean",
  integer: "bigint",
  number: "double precision",
  string: "text",
  json: "jsonb",
  timestamp: "timestamptz",
  decimal: "numeric(38)",
};

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

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

export const POSTGRES: Engine = {
  dialect: "postgres",
  title: "PostgreSQL",
  source: "Debian, `postgresql`",
  install() {
    const programs = findPrograms();
    if (programs === undefined) return { reason: "no PostgreSQL server" };
    const user = serverUser();
    if (user === undefined) return { reason: "no user 'postgres' to run the server as" };
    return {
      async start(parent) {
        const folder = join(parent, "postgres");
        mkdirSync(folder);
        chmodSync(parent, 0o755);
        if (user.uid !== undefined) chownSync(folder, user.uid, user.gid!);
        const run = (program: string, args: readonly string[], input?: string) => {
          const { status, stdout, stderr, error } = spawnSync(join(programs, program), args, {
            ...user,
            cwd: folder,
            input,
            env: { PATH: process.env.PATH, HOME: folder, LC_ALL: "C.UTF-8", PGTZ: "America/New_York" },
            encoding: "utf8",
            maxBuffer: 1e9,
          });
          if (status !== 0) throw error ?? new Error(stderr);
          return stdout;
        };
        const data = join(folder, "data");
        // A language's order of text, as servers usually have it, is not that of Mixpanel.
        run("initdb", ["-D", data, "-U", "mp", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-A", "trust"]);
        const server = startServer(
          [join(programs, "postgres"), "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"],
          { ...user, cwd: folder, env: { PATH: process.env.PATH, HOME: folder, LC_ALL: "C.UTF-8" } },
        );
        const psql = (sql: string) =>
          run("psql", ["-h", folder, "-U", "mp", "-d", "postgres", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"], sql);
        await server.up(() => Promise.resolve().then(() => psql("SELECT 1")));
        return {
          version: psql("SHOW server_version").split(" ")[0]!.trim(),
          load({ name, csv, columns }) {
            const made = columns.map((column) => `${quoted(column.name)} ${TYPES[column.type]}`).join(", ");
            const copy = `\\copy ${name} FROM '${csv}' (FORMAT csv, HEADER true)`;
            psql(`CREATE TABLE ${name} (${made});\n${copy}\nANALYZE ${name};`);
            return Promise.resolve({ from: name });
          },
          rows(statement) {
            const query = statement.trimEnd().replace(/;$/, "");
            const lines = psql(`SELECT json_build_array(row_to_json(mp_row)) FROM (\n${query}\n) mp_row;`);
            return Promise.resolve(
              lines.split("\n").filter(Boolean).map((line) => Object.values(JSON.parse(line)[0]) as SqlRow),
            );
          },
          stop: () => server.stop("SIGINT"),
        };
      },
    };
  },
};
