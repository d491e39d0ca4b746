/**
 * Drives zlib itself, below its streams: they take more than twice as long, and copy everything once more.
 *
 * Both runtimes carry the handle that Node's streams are made of, though none documents it. So it is tried on a few
 * bytes before it is trusted, and whoever uses it has a way through the public streams beside it.
 */
import { settlesWithin } from "../clock.ts";

type Zlib = typeof import("node:zlib");

/** What a handle does, as `node:zlib` numbers it. */
export type ZlibMode = "gzip" | "gunzip";

/** One step of work; afterwards the fields say what came of it. */
export interface ZlibHandle {
  /** Bytes of the input that the last step has left. */
  inputLeft: number;
  /** Bytes of the output that the last step has not filled. */
  outputLeft: number;
  /** What is wrong with the data: it ends before its own end mark, or it is not what it should be. */
  fault?: "cut" | "damaged";
  /**
   * Works on the input from `start` to `end` until it is used up or the output is full. With `isEnd` the data ends
   * there. Where it works on another thread, neither array may be touched until it returns.
   */
  step(input: Uint8Array, start: number, end: number, isEnd: boolean, output: Uint8Array): Promise<void> | void;
  /** The same on this thread. */
  stepAtOnce(input: Uint8Array, start: number, end: number, isEnd: boolean, output: Uint8Array): void;
  /** Whether `step` works on another thread. */
  readonly isInBackground: boolean;
  /** Makes it start over, which is far cheaper than another handle. Nothing may be under way. */
  reset(): void;
  /** Frees its memory. Nothing may be under way. */
  close(): void;
}

interface NativeHandle {
  constructor: new (mode: number) => NativeHandle;
  onerror(message: string, errno: number): void;
  init(
    windowBits: number,
    level: number,
    memLevel: number,
    strategy: number,
    state: Uint32Array,
    onDone: () => void,
    dictionary: undefined,
  ): void;
  write(...step: NativeStep): void;
  writeSync(...step: NativeStep): void;
  reset(): void;
  close(): void;
}

type NativeStep = [
  flush: number,
  input: Uint8Array,
  inputStart: number,
  inputBytes: number,
  output: Uint8Array,
  outputStart: number,
  outputBytes: number,
];

/** What `createGunzip()` has inside. */
interface WithHandle {
  _handle: NativeHandle;
  _writeState: Uint32Array;
}

const WINDOW_BITS = 15;
const MEMORY_LEVEL = 8;
const DEFAULT_STRATEGY = 0;
/** A trial takes less than a millisecond, unless the machine is very busy. */
const TRIAL_MS = 1000;

type Opener = (mode: ZlibMode, level: number) => ZlibHandle;

let opener: Promise<Opener | undefined> | undefined;

/** A handle of this thread, or undefined where the runtime has none that works. `level` is of interest for `gzip` alone. */
export async function openHandle(mode: ZlibMode, level: number): Promise<ZlibHandle | undefined> {
  opener ??= import("node:zlib").then(firstThatWorks);
  return (await opener)?.(mode, level);
}

async function firstThatWorks(zlib: Zlib): Promise<Opener | undefined> {
  for (const make of [ownHandles, innerHandles]) {
    try {
      const open = make(zlib);
      // A runtime could have handles that never say when they are done.
      const test = works(open);
      if (await settlesWithin(test, TRIAL_MS) && await test) return open;
    } catch (error) {
      // This runtime's handles are others: something of theirs is missing, or takes other arguments.
      if (!(error instanceof Error)) throw error;
    }
  }
  return undefined;
}

/** Handles of our own, whose work is done on another thread: as Node and Bun have them. */
function ownHandles(zlib: Zlib): Opener {
  const stream = zlib.createGunzip();
  const Native = (stream as unknown as WithHandle)._handle.constructor;
  stream.close();
  return (mode, level) => {
    const native = new Native(mode === "gzip" ? zlib.constants.GZIP : zlib.constants.GUNZIP);
    const state = new Uint32Array(2);
    let settle = () => {};
    const handle = handleOver(zlib, native, state, true, (...step) =>
      new Promise<void>((resolve) => {
        settle = resolve;
        native.write(...step);
      }), () => settle());
    native.init(WINDOW_BITS, level, MEMORY_LEVEL, DEFAULT_STRATEGY, state, () => settle(), undefined);
    return handle;
  };
}

/** The handles of streams, whose work is done at once: those of Deno have no other way. */
function innerHandles(zlib: Zlib): Opener {
  return (mode, level) => {
    const stream = mode === "gzip" ? zlib.createGzip({ level }) : zlib.createGunzip();
    const { _handle: native, _writeState: state } = stream as unknown as WithHandle;
    return handleOver(zlib, native, state, false, (...step) => void native.writeSync(...step), () => {});
  };
}

function handleOver(
  { constants }: Zlib,
  native: NativeHandle,
  state: Uint32Array,
  isInBackground: boolean,
  run: (...step: NativeStep) => Promise<void> | void,
  onFault: () => void,
): ZlibHandle {
  const flushOf = (isEnd: boolean) => isEnd ? constants.Z_FINISH : constants.Z_NO_FLUSH;
  const note = () => {
    handle.outputLeft = state[0] as number;
    handle.inputLeft = state[1] as number;
  };
  const handle: ZlibHandle = {
    inputLeft: 0,
    outputLeft: 0,
    isInBackground,
    stepAtOnce(input, start, end, isEnd, output) {
      native.writeSync(flushOf(isEnd), input, start, end - start, output, 0, output.length);
      note();
    },
    step(input, start, end, isEnd, output) {
      const flush = flushOf(isEnd);
      const done = run(flush, input, start, end - start, output, 0, output.length);
      return done === undefined ? note() : done.then(note);
    },
    reset: () => native.reset(),
    close: () => native.close(),
  };
  native.onerror = (_message, errno) => {
    handle.fault = errno === constants.Z_BUF_ERROR ? "cut" : "damaged";
    onFault();
  };
  return handle;
}

/** Whether a handle packs and unpacks a few bytes, and sees that the last of them is missing. */
async function works(open: Opener): Promise<boolean> {
  const plain = new TextEncoder().encode("data ".repeat(20));
  const packed = new Uint8Array(256), unpacked = new Uint8Array(256);
  const packer = open("gzip", 1);
  await packer.step(plain, 0, plain.length, true, unpacked);
  packer.reset();
  await packer.step(plain, 0, plain.length, true, packed);
  const packedBytes = packed.length - packer.outputLeft;
  const isPacked = packer.fault === undefined && packer.inputLeft === 0 && packedBytes > 20 && packedBytes < 100;
  packer.close();
  if (!isPacked) return false;
  for (const missing of [0, 1]) {
    const unpacker = open("gunzip", 1);
    await unpacker.step(packed, 0, packedBytes - missing, true, unpacked);
    const { fault, inputLeft, outputLeft } = unpacker;
    unpacker.close();
    if (fault !== (missing > 0 ? "cut" : undefined)) return false;
    if (missing > 0) continue;
    if (inputLeft !== 0 || unpacked.length - outputLeft !== plain.length) return false;
    if (plain.some((byte, index) => unpacked[index] !== byte)) return false;
  }
  return true;
}
