/**
 * Checks that imports point downward, and the other rules of the house that a formatter and a linter don't know.
 *
 *     bun scripts/check_arrows.ts
 */
import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join, posix } from "node:path";
import process from "node:process";
import { circlesOf } from "./import_circles.ts";
import { filesUnder, ROOT } from "./project.ts";
import { importedFile, importsOf, lineAt, readSource } from "./source_text.ts";

/** What the files of each part of src/ may import, besides their own part. A part is a folder, or a file of its own. */
export const MAY_IMPORT: Record<string, readonly string[]> = {
  "main.ts": ["program.ts", "runtime"],
  "program.ts": ["route.ts", "cli", "errors.ts", "version.ts"],
  "route.ts": ["commands", "cli", "streams", "errors.ts", "version.ts"],
  commands: [
    ...[
      "cli",
      "jobs",
      "lake",
      "engines",
      "sql",
      "reports",
      "records",
      "api",
      "client",
      "storage",
      "sandbox",
      "settings",
      "output",
    ],
    ...["mcp", "analytics", "formulas", "expressions", "streams", "runtime", "errors.ts", "version.ts"],
  ],
  cli: [
    "api",
    "client",
    "storage",
    "settings",
    "output",
    "expressions",
    "streams",
    "runtime",
    "errors.ts",
    "version.ts",
  ],
  jobs: [
    ...["engines", "sql", "reports", "records", "api", "client", "storage"],
    ...["expressions", "streams", "runtime", "errors.ts"],
  ],
  // Files answer as the emulator does: it computes what Mixpanel would.
  lake: ["records", "sandbox", "analytics", "streams", "runtime", "errors.ts"],
  // An engine runs statements, whatever they are about. It is reached as Mixpanel is.
  engines: ["client", "settings/environment.ts", "streams", "runtime", "errors.ts"],
  // Rows of an engine become the answer that the emulator would give.
  sql: ["lake", "reports", "sandbox", "analytics", "expressions", "streams", "errors.ts"],
  // A report is data: whoever asks it knows where.
  reports: ["expressions", "streams", "errors.ts"],
  // What may be fed in is known without asking anyone: never api, client or jobs.
  records: ["storage", "expressions", "streams", "runtime", "errors.ts"],
  api: ["client", "expressions", "streams", "errors.ts"],
  // A bucket is reached over HTTP too: its errors and its second tries are the client's.
  storage: ["client", "streams", "runtime", "errors.ts"],
  client: ["streams", "runtime", "errors.ts", "version.ts"],
  // What an account holds is in the client's terms, and storages read variables of their own.
  settings: [
    "client/types.ts",
    "client/credentials.ts",
    "storage/registry.ts",
    "storage/backend.ts",
    "streams/toml.ts",
    "runtime",
    "errors.ts",
  ],
  // What a job reports is said where jobs are; showing it is for the output.
  output: ["jobs/progress.ts", "streams", "runtime", "errors.ts"],
  // A protocol, whatever is offered over it.
  mcp: ["streams"],
  // Never api or client: if the client and the emulator shared code, they would share mistakes.
  sandbox: ["analytics", "formulas", "expressions", "streams", "runtime", "errors.ts"],
  analytics: ["expressions", "streams", "errors.ts"],
  formulas: ["expressions", "streams", "errors.ts"],
  expressions: ["streams", "errors.ts"],
  // Pages of Parquet are compressed by the runtime, beside the thread that makes them, and their memory is used again.
  streams: ["runtime/compression/zstd_sync.ts", "runtime/compression/free_memory.ts", "errors.ts"],
  runtime: ["errors.ts"],
  "errors.ts": [],
  "version.ts": ["../package.json"],
};

/**
 * Parts whose folders come in an order, in which work passes through them: a file imports from its own folder and from those
 * before it. `.` stands for the files directly in the part.
 */
export const ROOMS_IN_ORDER: Record<string, readonly string[]> = {
  records: [".", "read", "map", "check"],
};

/** A name of its own, or one of globalThis; not a property of anything else. */
function globalName(name: string): RegExp {
  const start = /(?:(?<![\w$])(?<!(?<!\.\.)\.)|(?<![.\w$])globalThis\s*\??\.\s*)/;
  return new RegExp(`${start.source}${name}(?![\\w$])`, "g");
}

/** Names that belong to one runtime, and the parts, or folders of parts, that may use them. */
const RESERVED = [
  { pattern: globalName("(?:Deno|Bun)"), what: "the runtime's own name", parts: ["runtime"] },
  { pattern: globalName("process"), what: "process", parts: ["runtime"] },
  // The sandbox's page runs in a browser.
  { pattern: globalName("fetch"), what: "fetch", parts: ["client", "runtime", "sandbox/watch/page"] },
  { pattern: globalName("require"), what: "require", parts: ["runtime"] },
  { pattern: /(?<![.\w$])globalThis\s*(?:\?\.)?\s*\[/g, what: "a computed name of globalThis", parts: ["runtime"] },
] as const;

const VAGUE_NAMES = ["utils", "util", "helpers", "helper", "misc", "common"];
const LONGEST_FILE_LINES = 400;

/** A broken rule, and where. */
export interface Violation {
  path: string;
  /** Counted from 1. */
  line: number;
  message: string;
}

/** Checks files, given as path → text; paths are relative to the repository and use `/`. */
export function checkArrows(files: ReadonlyMap<string, string>): Violation[] {
  const sources = new Map([...files].filter(([path]) => path === "main.ts" || path.startsWith("src/")));
  return [
    ...[...files].flatMap(([path, text]) => checkFile(path, text)),
    ...[...sources].flatMap(([path, text]) => checkSource(path, text)),
    ...circlesOf(sources).map(([path = "", ...others]) => ({
      path,
      line: 1,
      message: `is in a circle of imports: ${[path, ...others, path].join(" → ")}`,
    })),
  ];
}

function checkFile(path: string, text: string): Violation[] {
  const found: Violation[] = [];
  const lines = text.replace(/\n$/, "").split("\n").length;
  if (lines > LONGEST_FILE_LINES) {
    found.push({ path, line: lines, message: `has ${lines} lines; the most is ${LONGEST_FILE_LINES}` });
  }
  for (const name of path.split("/").slice(0, -1).concat(posix.basename(path).split(".")[0]!)) {
    if (!/^\.?[a-z0-9]+(_[a-z0-9]+)*$/.test(name)) {
      found.push({ path, line: 1, message: `'${name}' is not in snake_case` });
    }
    if (path.startsWith("src/") && VAGUE_NAMES.includes(name)) {
      found.push({ path, line: 1, message: `'${name}' says nothing; name it after what it does` });
    }
  }
  return found;
}

function checkSource(path: string, text: string): Violation[] {
  const found: Violation[] = [];
  const part = partOf(path);
  const allowed = MAY_IMPORT[part];
  if (allowed === undefined) {
    return [{ path, line: 1, message: `'${part}' is not a part of the house; see MAY_IMPORT` }];
  }
  const source = readSource(text);
  const report = (at: number, message: string) => found.push({ path, line: lineAt(text, at), message });
  for (const { from, target } of importsOf(source)) {
    const problem = checkImport(path, part, allowed, target);
    if (problem !== undefined) report(from, problem);
  }
  for (const { pattern, what, parts } of RESERVED) {
    if (parts.some((allowed) => allowed === part || path.startsWith(`src/${allowed}/`))) continue;
    for (const { index } of source.bare.matchAll(pattern)) {
      report(index, `names ${what}, which only ${parts.join(" and ")} may`);
    }
  }
  return found;
}

function checkImport(
  path: string,
  part: string,
  allowed: readonly string[],
  target: string | undefined,
): string | undefined {
  if (target === undefined) return part === "runtime" ? undefined : "computes what it imports, which only runtime may";
  if (/^(\/|[\w+.-]+:|bun$)/.test(target) || builtinModules.includes(target)) {
    return part === "runtime" && target.startsWith("node:") ? undefined : `imports ${target}, which only runtime may`;
  }
  const resolved = importedFile(path, target);
  if (resolved === undefined) return undefined;
  if (!/\.(ts|json)$/.test(target)) return `imports ${target} without its extension`;
  const other = partOf(resolved);
  const inSource = resolved.replace(/^src\//, "");
  const names = [other, inSource, resolved === inSource ? `../${resolved}` : ""];
  if (other === part && resolved.startsWith("src/")) return checkOrder(part, path, resolved);
  return names.some((name) => allowed.includes(name)) ? undefined : `imports ${other}, which ${part} may not`;
}

function checkOrder(part: string, path: string, target: string): string | undefined {
  const rooms = ROOMS_IN_ORDER[part];
  if (rooms === undefined) return undefined;
  const [own, other] = [roomOf(path), roomOf(target)];
  const unknown = [own, other].find((room) => !rooms.includes(room));
  if (unknown !== undefined) return `${part}/${unknown} has no place in the order ${rooms.join(" → ")}`;
  return rooms.indexOf(other) > rooms.indexOf(own) ? `imports ${part}/${other}, which comes after ${own}` : undefined;
}

/** The folder of a file in its part, or `.`. */
function roomOf(path: string): string {
  const [, , room, ...rest] = path.split("/");
  return rest.length === 0 ? "." : room!;
}

/** The part that a file belongs to: its folder in src/, or its own name directly in src/ or outside. */
function partOf(path: string): string {
  return path.startsWith("src/") ? path.split("/")[1]! : path;
}

/** All files that the rules are about, read from the disk. */
export function readHouse(): Map<string, string> {
  const paths = ["src", "tests", "scripts"].flatMap((folder) => filesUnder(folder))
    .filter((path) => /\.(ts|mjs)$/.test(path) && !path.endsWith(".generated.ts"));
  return new Map(["main.ts", ...paths].map((path) => [path, readFileSync(join(ROOT, path), "utf8")]));
}

/** Violations as lines that an editor can jump to. */
export function printViolations(violations: Violation[]): string {
  return violations.map(({ path, line, message }) => `${path}:${line} ${message}`).join("\n");
}

if (import.meta.main) {
  const violations = checkArrows(readHouse());
  if (violations.length > 0) console.error(printViolations(violations));
  process.exitCode = violations.length > 0 ? 1 : 0;
}
