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

/** Before a name, in Bun's own JavaScript and in sentences, where it is a word and no variable is looked up by it. */
const BEFORE_WORDS = new Set([..." .\"'`$(["].map((character) => character.charCodeAt(0)));

/** Closes the names in a runtime's bytes, in place. Returns which were closed, and how often each. */
export function closeNames(runtime: Uint8Array): Map<string, number> {
  const closed = new Map<string, number>();
  const places: [place: number, name: string][] = [
    ...CLOSED_NAMES.flatMap((name) => placesOf(runtime, name).map((place): [number, string] => [place, name])),
    ...CLOSED_OPTIONS.flatMap((name) =>
      placesOf(runtime, name).filter((place) => isLoneOption(runtime, place, name))
        .map((place): [number, string] => [place, name])
    ),
    ...placesOf(runtime, "BUN_").flatMap((place): [number, string][] => {
      const name = loneName(runtime, place);
      return name === undefined ? [] : [[place, name]];
    }),
  ];
  for (const [place, name] of places) {
    if (runtime[place] === 0 || BEFORE_WORDS.has(runtime[place - 1] ?? 0)) continue;
    runtime[place] = 0;
    closed.set(name, (closed.get(name) ?? 0) + 1);
  }
  return closed;
}

/** Where the runtime still has names that it would look up. */
export function openNames(runtime: Uint8Array): string[] {
  return [...closeNames(new Uint8Array(runtime)).keys()].sort();
}

/** The name that stands between two zeros, as strings of C do; undefined for what is part of something longer. */
function loneName(bytes: Uint8Array, start: number): string | undefined {
  if (bytes[start - 1] !== 0) return undefined;
  let end = start;
  while (isOfName(bytes[end] ?? 0)) end++;
  return bytes[end] === 0 && end - start > 4 ? new TextDecoder().decode(bytes.subarray(start, end)) : undefined;
}

/** Whether a name is a string of C, or the end of one that has the prefix. */
function isLoneOption(bytes: Uint8Array, start: number, name: string): boolean {
  if (bytes[start + name.length] !== 0) return false;
  const before = new TextDecoder().decode(bytes.subarray(Math.max(0, start - OPTION_PREFIX.length), start));
  return bytes[start - 1] === 0 || before === OPTION_PREFIX;
}

function isOfName(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x5f;
}

function placesOf(bytes: Uint8Array, text: string): number[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const places: number[] = [];
  for (let at = buffer.indexOf(text); at !== -1; at = buffer.indexOf(text, at + text.length)) places.push(at);
  return places;
}
