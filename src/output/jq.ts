/** The `--jq` filter: jq 1.7 in WebAssembly, loaded when it is first asked for. */
import { inputError } from "../errors.ts";
import { endedByInterrupt } from "../runtime/process.ts";

export interface JqOptions {
  /** Whether strings are printed as they are, without quotes. Default true. */
  raw?: boolean;
}

/** The parts of the Emscripten module that are used; see scripts/embed_wasm.ts. */
interface JqModule {
  callMain(args: string[]): number;
  stackSave(): number;
  stackRestore(stack: number): void;
  FS: {
    streams: (unknown | null)[];
    open(path: string, flags: string | number, mode?: number): unknown;
    close(stream: unknown): void;
    writeFile(path: string, content: string): void;
    unlink(path: string): void;
  };
}

/** jq and the two places where its bytes arrive. It runs one program at a time, without waiting in between. */
interface Jq {
  module: JqModule;
  stdout: ByteCollector;
  stderr: ByteCollector;
}

let loading: Promise<Jq> | undefined;

const INPUT_FILE = "input";
/** `open` for writing, as Emscripten numbers the flags: create, truncate, write only. */
const WRITE_FLAGS = 577;
const MANUAL = "See https://jqlang.org/manual for the language";
/** What jq answers when a program doesn't compile. */
const COMPILE_ERROR = 3;

/**
 * Runs a jq program over the JSON values in a text. Each result is a line of compact JSON, strings as they
 * are. Throws an input error with jq's own words when the program doesn't compile, when it fails on a
 * value, or when the text isn't JSON. A call costs about 5 ms, so hand it much at once.
 */
export async function runJq(text: string, program: string, options: JqOptions = {}): Promise<string> {
  const { module, stdout, stderr } = await (loading ??= load());
  const { FS } = module;
  stdout.clear();
  stderr.clear();
  FS.writeFile(INPUT_FILE, text);
  let exitCode: number;
  try {
    const stack = module.stackSave();
    // The space keeps a program such as `-1` from being taken for an option.
    const args = [options.raw === false ? "-c" : "-rc", ` ${program}`, INPUT_FILE];
    exitCode = endedByInterrupt(() => module.callMain(args));
    module.stackRestore(stack);
    reopenStandardStreams(FS);
    FS.unlink(INPUT_FILE);
  } catch (error) {
    // It broke off in the middle, for lack of memory as a rule, and can't be trusted any more.
    loading = undefined;
    throw inputError(`Cannot apply the jq program "${program}": ${error instanceof Error ? error.message : error}`);
  }
  if (exitCode !== 0) throw jqError(exitCode, stderr.text(), program);
  return stdout.text();
}

/**
 * Compiles a program, and runs it on nothing. jq looks for the formats (`@csv`) only when it gets to them.
 *
 * @throws MpError (input) with jq's own words when it doesn't compile or has a format that is none.
 */
export async function compileJq(program: string): Promise<void> {
  await runJq("", program);
  for (const name of formatsIn(program)) {
    const words = (await runJq("null", `try @${name} catch .`)).trim();
    if (!words.endsWith("is not a valid format")) continue;
    throw inputError(`Cannot compile the jq program "${program}": @${words}`, MANUAL);
  }
}

/** What counts within a text of a program: the beginning of what is put in, another escape, the end. */
const IN_TEXT = /\\\(|\\[^]|"/g;
/** What counts elsewhere. */
const IN_CODE = /"|@\w+|#.*|[()]/g;

/** The names of the formats in a program: its texts and comments have none, but what a text puts in by `\()` may. */
function formatsIn(program: string): Set<string> {
  const names = new Set<string>();
  /** For each text that is open, how many brackets are open in what it puts in. */
  const depths: number[] = [];
  let isText = false;
  for (let place = 0;;) {
    const rule: RegExp = isText ? IN_TEXT : IN_CODE;
    rule.lastIndex = place;
    const token: string | undefined = rule.exec(program)?.[0];
    if (token === undefined) return names;
    place = rule.lastIndex;
    const last = depths.length - 1;
    if (token === '"') {
      if (isText) depths.pop();
      else depths.push(0);
      isText = !isText;
    } else if (isText) isText = token !== "\\(";
    else if (token.startsWith("@")) names.add(token.slice(1));
    else if (token === "(" && last >= 0) depths[last]!++;
    else if (token === ")" && last >= 0) {
      isText = depths[last] === 0;
      if (!isText) depths[last]!--;
    }
  }
}

async function load(): Promise<Jq> {
  const [{ createJq }, { readAsset }] = await Promise.all([
    import("./jq.generated.ts"),
    import("../runtime/asset.ts"),
  ]);
  const stdout = new ByteCollector();
  const stderr = new ByteCollector();
  const module = await createJq({
    wasmBinary: readAsset("jq.wasm.gz"),
    onStdoutByte: (byte: number | null) => stdout.add(byte),
    onStderrByte: (byte: number | null) => stderr.add(byte),
  }) as unknown as JqModule;
  return { module, stdout, stderr };
}

/** jq closes its standard streams when it ends; the next run needs them again, and no others left open. */
function reopenStandardStreams(FS: JqModule["FS"]): void {
  for (const stream of FS.streams) {
    if (stream) FS.close(stream);
  }
  FS.streams.length = 0;
  FS.open("/dev/stdin", "r");
  FS.open("/dev/stdout", WRITE_FLAGS, 0);
  FS.open("/dev/stderr", WRITE_FLAGS, 0);
}

function jqError(exitCode: number, stderr: string, program: string): Error {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  if (exitCode === COMPILE_ERROR) {
    // Each error is followed by the program itself, and the last by their number.
    const errors = lines.filter((line) => line.startsWith("jq: error")).map(plainError);
    const place = program.includes("\n") ? " (line $1)" : "";
    const words = errors.join("; ").replace(/ at <top-level>, line (\d+):/g, place)
      .replace(" (Unix shell quoting issues?)", "");
    return inputError(
      `Cannot compile the jq program "${program}": ${words}`,
      MANUAL,
    );
  }
  const words = lines.map(plainError).join("; ") || `it ended with code ${exitCode}`;
  return inputError(
    `Cannot apply the jq program "${program}": ${words}`,
    "Try `--jq .` to see what the program is given",
  );
}

function plainError(line: string): string {
  return line.replace(/^jq: error(?: \(at [^)]*\))?:? ?/, "").replace(/^jq: parse error: /, "the input is not JSON: ");
}

/** Bytes one after another; `null`, with which Emscripten flushes, is none. */
class ByteCollector {
  #bytes = new Uint8Array(64 * 1024);
  #length = 0;

  add(byte: number | null): void {
    if (byte === null) return;
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }

  clear(): void {
    this.#length = 0;
  }

  text(): string {
    return new TextDecoder().decode(this.#bytes.subarray(0, this.#length));
  }
}
