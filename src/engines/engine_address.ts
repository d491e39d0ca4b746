/** Addresses of tables in engines: `clickhouse://host/db.table`, `trino://host/catalog.schema.table`, `duckdb:file.db?table`. */
import { inputError, type MpError } from "../errors.ts";

export type AddressedEngine = "clickhouse" | "trino" | "duckdb";

export interface EngineAddress {
  engine: AddressedEngine;
  /** As it was typed: there is no secret in it. */
  shown: string;
  /** Of an engine that is reached over HTTP: `http://host:port`. */
  origin?: string;
  /** Of DuckDB: the path of its file. */
  file?: string;
  /** The parts of the table's name, the table last. */
  table: readonly string[];
}

interface AddressKind {
  example: string;
  /** The port where the address has none. */
  port: number;
  /** How many parts the name of a table may have. */
  least: number;
  most: number;
  /** Where user and password come from. */
  variables: string;
}

const SERVERS: Readonly<Record<Exclude<AddressedEngine, "duckdb">, AddressKind>> = {
  clickhouse: {
    example: "clickhouse://localhost:8123/db.table",
    port: 8123,
    least: 1,
    most: 2,
    variables: "MP_CLICKHOUSE_USER and MP_CLICKHOUSE_PASSWORD",
  },
  trino: {
    example: "trino://localhost:8080/catalog.schema.table",
    port: 8080,
    least: 3,
    most: 3,
    variables: "MP_TRINO_USER and MP_TRINO_PASSWORD",
  },
};

const DUCKDB_EXAMPLE = "duckdb:file.db?table";

/** Ports that speak HTTPS, whatever the rest of the address says. */
const SECURE_PORT = 8443;

/** Addresses of engines as help names them. */
export const ENGINE_ADDRESSES = "clickhouse://HOST/DB.TABLE, trino://HOST/CATALOG.SCHEMA.TABLE or duckdb:FILE?TABLE";

const SCHEME = /^(clickhouse|trino):\/\/|^(duckdb):/i;

/** Whether a path is the address of a table in an engine. */
export const isEngineAddress = (text: string): boolean => SCHEME.test(text);

/** @throws MpError (input) for an address that names no table, or that has a password in it. */
export function engineAddress(text: string): EngineAddress {
  const [, server, file] = SCHEME.exec(text) ?? [];
  if (server !== undefined) return serverAddress(text, server.toLowerCase() as keyof typeof SERVERS);
  if (file !== undefined) return fileAddress(text);
  throw inputError(
    `Cannot use ${JSON.stringify(text)}: it is no address of a table in an engine`,
    `write ${ENGINE_ADDRESSES}`,
    "bad_address",
  );
}

function serverAddress(text: string, engine: keyof typeof SERVERS): EngineAddress {
  const kind = SERVERS[engine];
  const [, authority = "", path = "", query = ""] = /^[a-z]+:\/\/([^/?#]*)\/?([^?#]*)(?:\?([^#]*))?/i.exec(text) ?? [];
  if (authority.includes("@")) throw passwordInside(engine, kind);
  // What follows is not shown: it may be a password.
  if (text.includes("#")) {
    throw badAddress(text.replace(/#.*$/s, ""), "a # would end it", `${kind.example}, with %23 for #`);
  }
  const parsed = URL.parse(`http://${authority}`);
  if (authority === "" || parsed === null || parsed.pathname !== "/") {
    throw badAddress(text, "it names no host", kind.example);
  }
  const explicit = /:(\d+)$/.exec(authority)?.[1];
  const isSecure = securityOf(text, query, kind) || explicit === "443" || explicit === String(SECURE_PORT);
  const port = explicit ?? (isSecure ? SECURE_PORT : kind.port);
  const table = tableParts(text, path, kind.example);
  if (table.length < kind.least || table.length > kind.most) {
    throw badAddress(text, path === "" ? "it names no table" : "that is no whole name of a table", kind.example);
  }
  return { engine, shown: text, origin: `${isSecure ? "https" : "http"}://${parsed.hostname}:${port}`, table };
}

/** Of the parameters that addresses of such engines have elsewhere, one is known. */
function securityOf(text: string, query: string, { example }: AddressKind): boolean {
  const parameters = [...new URLSearchParams(query)];
  const other = parameters.find(([name]) => !/^(?:secure|tls|ssl)$/i.test(name));
  if (other !== undefined) {
    // The value is not shown: it may be a password.
    throw inputError(
      `Cannot use ${JSON.stringify(text.replace(/\?.*$/s, ""))}: its parameter ${
        JSON.stringify(other[0])
      } is not known`,
      `?secure asks for HTTPS, and everything else is a variable; write it as ${example}`,
      "bad_address",
    );
  }
  return parameters.some(([, value]) => !/^(?:false|0|no)$/i.test(value));
}

function fileAddress(text: string): EngineAddress {
  const rest = text.slice("duckdb:".length);
  const mark = rest.lastIndexOf("?");
  const file = mark < 0 ? rest : rest.slice(0, mark);
  if (file === "") throw badAddress(text, "it names no file", DUCKDB_EXAMPLE);
  if (mark < 0 || mark === rest.length - 1) throw badAddress(text, "it names no table", DUCKDB_EXAMPLE);
  const table = tableParts(text, rest.slice(mark + 1), DUCKDB_EXAMPLE);
  if (table.length > 2) throw badAddress(text, "that is no name of a table", DUCKDB_EXAMPLE);
  return { engine: "duckdb", shown: text, file, table };
}

/** A point in a name itself is written `%2E`. */
function tableParts(text: string, path: string, example: string): string[] {
  const parts = path.replace(/\/$/, "").split(".").map((part) => decoded(part));
  if (path !== "" && parts.some((part) => part === undefined || part === "" || /[\0/]/.test(part))) {
    throw badAddress(text, "that is no name of a table", example);
  }
  return path === "" ? [] : parts as string[];
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    // expected: URIError, for percent signs that stand for themselves
    return undefined;
  }
}

function badAddress(text: string, why: string, example: string): MpError {
  return inputError(`Cannot use ${JSON.stringify(text)}: ${why}`, `write it as ${example}`, "bad_address");
}

function passwordInside(engine: string, { example, variables }: AddressKind): MpError {
  return inputError(
    `Cannot use this ${engine}:// address: a user or password is in it, which shells and lists of processes show`,
    `set ${variables}, and write it as ${example}`,
    "secret_in_address",
  );
}
