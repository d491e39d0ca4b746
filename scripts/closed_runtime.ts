/**
 * Bun's runtime without the switches that it takes from the environment.
 *
 * People set variables such as `BUN_OPTIONS` or `NODE_TLS_REJECT_UNAUTHORIZED` for programs of their own. A compiled
 * program would obey them: load another's code, become `bun` itself, print credentials, leave certificates unchecked.
 * Bun has no flag against that, so their names are taken out of its runtime before a program is put into it: the first
 * byte of each becomes zero, and no variable has such a name. For macOS, Bun signs what it then makes; where it does
 * not, `ad_hoc_signature.ts` does.
 */

/** Names that are closed wherever the runtime keeps them; of those that begin with `BUN_`, all that stand alone are. */
export const CLOSED_NAMES = [
  // They load or become another program.
  "BUN_BE_BUN",
  "BUN_OPTIONS",
  "BUN_INSPECT", // and with it BUN_INSPECT_PRELOAD and others that go on from here
  "NODE_CHANNEL_FD",
  // They print or send what the program does.
  "BUN_CONFIG_VERBOSE_FETCH",
  "BUN_CRASH_REPORT_URL",
  "BUN_ENABLE_CRASH_REPORTING",
  // It trusts everybody.
  "NODE_TLS_REJECT_UNAUTHORIZED",
] as const;

/**
 * Options of the JavaScript engine that load code, write files or open a port; variables such as `BUN_JSC_configFile` set
 * them. The prefix is compared by machine code, and cannot be taken out: to their names Bun then says that there is no
 * such option, and ends.
 */
export const CLOSED_OPTIONS = [
  "functionOverrides",
  "configFile",
  "diskCachePath",
  "dumpJITMemoryPath",
  "enableWasmDebugger",
  "fuzzerPredictionsFile",
  "samplingProfilerPath",
] as const;

/** What the engine has before some of the names of its options. */
const OPTION_PREFIX = "JSC_";

/** Where a name may begin. In one pass over text: a search of bytes for each name takes Deno half a minute a runtime. */
const CANDIDATE = new RegExp(
  ["BUN_", ...CLOSED_NAMES.filter((name) => !name.startsWith("BUN_")), ...CLOSED_OPTIONS].join("|"),
  "g",
);

/** Before a name, in Bun's own JavaScript and in sentences, where it is a word and no variable is looked up by it. */
const BEFORE_WORDS = " .\"'`$([";

/** Closes the names in a runtime's bytes, in place. Returns which were closed, and how often each. */
export function closeNames(runtime: Uint8Array): Map<string, number> {
  const closed = new Map<string, number>();
  const text = Buffer.from(runtime.buffer, runtime.byteOffset, runtime.byteLength).toString("latin1");
  for (const { index } of text.matchAll(CANDIDATE)) {
    const name = nameAt(text, index);
    if (name === undefined || (index > 0 && BEFORE_WORDS.includes(text[index - 1]!))) continue;
    runtime[index] = 0;
    closed.set(name, (closed.get(name) ?? 0) + 1);
  }
  return closed;
}

/** Where the runtime still has names that it would look up. */
export function openNames(runtime: Uint8Array): string[] {
  return [...closeNames(new Uint8Array(runtime)).keys()].sort();
}

/** The name to close that begins here; undefined for what is part of something else. */
function nameAt(text: string, start: number): string | undefined {
  return CLOSED_NAMES.find((name) => text.startsWith(name, start)) ??
    CLOSED_OPTIONS.find((name) => text.startsWith(`${name}\0`, start) && isLoneOption(text, start)) ??
    loneName(text, start);
}

/** The name that stands between two zeros, as strings of C do. */
function loneName(text: string, start: number): string | undefined {
  if (text[start - 1] !== "\0") return undefined;
  LONE_NAME.lastIndex = start;
  return LONE_NAME.exec(text)?.[0];
}

const LONE_NAME = /BUN_[A-Z0-9_]+(?=\0)/y;

/** Whether the name of an option is a string of C, or the end of one that has the prefix. */
function isLoneOption(text: string, start: number): boolean {
  return text[start - 1] === "\0" || text.startsWith(OPTION_PREFIX, start - OPTION_PREFIX.length);
}
