/**
 * Standard input, output and error by file descriptor.
 *
 * `process.stdout` is avoided on purpose: touching it costs 17 ms of start-up on Bun, and waiting for
 * its `drain` event spins forever when the reader has gone.
 */
import { ClosedPipeError, MpError } from "../errors.ts";
import { writeFault } from "./files/file_faults.ts";

/** A place to write text or bytes to: standard output, standard error, or a test's buffer. */
export interface Output {
  /** Whether a person is likely to read it. */
  readonly isTerminal: boolean;
  /** Width in characters, asked again each time, because a window can be resized. 80 without a terminal. */
  columns(): number;
  /** Whether it was closed when the program began (`>&-`): what is written is lost silently. */
  readonly isClosed?: boolean;
  /** Height in lines; undefined where it is not known. */
  rows?(): number | undefined;
  /** Returns when the bytes have been handed to the system; throws `ClosedPipeError` when nobody reads. */
  write(content: string | Uint8Array): Promise<void>;
}

/** Where input comes from. */
export interface Input {
  readonly isTerminal: boolean;
  /** The bytes, once. */
  stream(): ReadableStream<Uint8Array>;
}

const encoder = new TextEncoder();

export function standardOutput(fd: 1 | 2): Output {
  let tail: Promise<void> = Promise.resolve();
  let isClosed: boolean | undefined;
  return {
    get isTerminal() {
      return isTerminal(fd);
    },
    columns: () => terminalColumns(fd),
    get isClosed() {
      return isClosed ??= wasClosed(fd);
    },
    rows: () => isTerminal(fd) ? new (tty().WriteStream)(fd).rows || undefined : undefined,
    write(content) {
      const bytes = typeof content === "string" ? encoder.encode(content) : content;
      const written = tail.then(() => writeFully(fd, bytes));
      // expected: a pipe that is closed or a disk that is full: whoever wrote is told by the promise that is returned
      tail = written.catch(() => {});
      return written;
    },
  };
}

export function standardInput(): Input {
  return {
    get isTerminal() {
      return isTerminal(0);
    },
    stream() {
      let position: number | null = null;
      try {
        // A regular file needs its own read position on Bun, where a null position restarts at 0.
        if (fs().fstatSync(0).isFile()) position = startOf(0);
      } catch (error) {
        // A closed descriptor: the read below says so.
        if ((error as { code?: string }).code !== "EBADF") throw error;
      }
      return new ReadableStream<Uint8Array>({
        async pull(controller) {
          const buffer = new Uint8Array(256 * 1024);
          const count = await readSome(0, buffer, position);
          if (position !== null) position += count;
          if (count === 0) controller.close();
          else controller.enqueue(buffer.subarray(0, count));
        },
      });
    },
  };
}

/** Asked when it is needed, and of `node:tty` only for a device: loading it takes 2 ms on Bun. */
function isTerminal(fd: number): boolean {
  if (denoStream(fd)?.isTerminal() === false) return false;
  try {
    return fs().fstatSync(fd).isCharacterDevice() && tty().isatty(fd);
  } catch (error) {
    // A closed descriptor is none.
    if ((error as { code?: string }).code === "EBADF") return false;
    throw error;
  }
}

/** As Linux writes the flags of a descriptor that no child inherits. */
const CLOSES_ON_EXEC = 0o2000000;

/**
 * Whether a descriptor was closed when the program began (`>&-`). Bun has then put the null device in its place, where
 * everything would be lost silently. What was inherited cannot close on exec; Linux alone tells whether one does.
 */
function wasClosed(fd: number): boolean {
  try {
    if (!fs().fstatSync(fd).isCharacterDevice()) return false;
    const flags = /^flags:\s*(\d+)/m.exec(fs().readFileSync(`/proc/self/fdinfo/${fd}`, "utf8"))?.[1] ?? "0";
    return (parseInt(flags, 8) & CLOSES_ON_EXEC) !== 0;
  } catch (error) {
    // Other systems have no such file.
    if (["ENOENT", "ENOTDIR", "EACCES", "EBADF"].includes((error as { code?: string }).code ?? "")) return false;
    throw error;
  }
}

/** Loaded when it is asked for: on Deno that takes 15 ms, which what is written to a pipe does without. */
function fs(): typeof import("node:fs") {
  return process.getBuiltinModule("node:fs") as typeof import("node:fs");
}

function tty(): typeof import("node:tty") {
  return process.getBuiltinModule("node:tty") as typeof import("node:tty");
}

/** How far a descriptor has been read by whoever had it before, where the system tells (Linux); else 0. */
function startOf(fd: number): number {
  try {
    return Number(/^pos:\s*(\d+)/m.exec(fs().readFileSync(`/proc/self/fdinfo/${fd}`, "utf8"))?.[1] ?? 0);
  } catch (error) {
    // Other systems have no such file.
    if (["ENOENT", "ENOTDIR", "EACCES"].includes((error as { code?: string }).code ?? "")) return 0;
    throw error;
  }
}

function terminalColumns(fd: number): number {
  if (isTerminal(fd)) {
    const width = new (tty().WriteStream)(fd).columns;
    if (width > 0) return width;
  }
  const declared = Number(process.env.COLUMNS);
  return Number.isInteger(declared) && declared > 0 ? declared : 80;
}

/** Writes all bytes to a descriptor. Throws `ClosedPipeError` when nobody reads, else MpError. */
export async function writeFully(fd: number, bytes: Uint8Array): Promise<void> {
  let offset = 0;
  while (offset < bytes.length) {
    try {
      offset += await writeSome(fd, bytes, offset);
    } catch (error) {
      const code = (error as { code?: string }).code;
      if (code === "EPIPE") throw new ClosedPipeError();
      if (code !== "EAGAIN") throw cannotWrite(fd, error);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}

function cannotWrite(fd: number, cause: unknown): MpError {
  const name = ["standard input", "standard output", "standard error"][fd] ?? `descriptor ${fd}`;
  return new MpError(`Cannot write to ${name}: ${writeFault(cause)}`, {
    category: "failure",
    code: "unwritable_output",
    cause,
  });
}

declare const Bun: {
  stdout: unknown;
  stderr: unknown;
  write(file: unknown, bytes: Uint8Array): Promise<number>;
} | undefined;

interface DenoStream {
  isTerminal(): boolean;
  write?(bytes: Uint8Array): Promise<number>;
}

declare const Deno: { stdin: DenoStream; stdout: DenoStream; stderr: DenoStream } | undefined;

/** One of Deno's own three streams; undefined for other descriptors, and on other runtimes. */
function denoStream(fd: number): DenoStream | undefined {
  return typeof Deno === "object" ? [Deno.stdin, Deno.stdout, Deno.stderr][fd] : undefined;
}

/** What is at most this long is written by Bun on the spot: a thread of its own for it takes half a millisecond. */
const SHORT_BYTES = 4096;

function writeSome(fd: number, bytes: Uint8Array, offset: number): Promise<number> {
  if (bytes.length - offset <= SHORT_BYTES && typeof Bun === "object" && (fd === 1 || fd === 2) && !isRegular(fd)) {
    return Bun.write(fd === 1 ? Bun.stdout : Bun.stderr, bytes.subarray(offset));
  }
  // Deno's `node:fs` would write on the thread that runs everything else.
  const own = denoStream(fd);
  if (own?.write !== undefined) return own.write(bytes.subarray(offset));
  return new Promise((resolve, reject) => {
    fs().write(
      fd,
      bytes,
      offset,
      bytes.length - offset,
      null,
      (error, count) => error ? reject(error) : resolve(count),
    );
  });
}

/** Bun makes room in a file before it writes to it, which leaves zeros in one that is opened for appending. */
function isRegular(fd: number): boolean {
  try {
    return fs().fstatSync(fd).isFile();
  } catch (error) {
    // A closed descriptor: the write says so.
    if ((error as { code?: string }).code === "EBADF") return true;
    throw error;
  }
}

async function readSome(fd: number, buffer: Uint8Array, position: number | null): Promise<number> {
  for (;;) {
    try {
      return await new Promise<number>((resolve, reject) => {
        fs().read(
          fd,
          buffer,
          0,
          buffer.length,
          position,
          (error, count) => error ? reject(error) : resolve(count),
        );
      });
    } catch (error) {
      const code = (error as { code?: string }).code;
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
