/** The main module of a thread that works with zlib, where the runtime's own handles hold up the thread they are used on. */
import { answerMessages } from "../worker.ts";
import { openHandle, type ZlibHandle, type ZlibMode } from "./zlib_handle.ts";

/** One step, and what is needed before it. */
export interface ZlibMessage {
  /** Starts over with another handle. */
  open?: { mode: ZlibMode; level: number };
  /** Makes the handle start over. */
  isReset: boolean;
  /** Steps whose output is not wanted, after which this handle is where another one was. Their input comes first. */
  past: readonly PastStep[];
  /** Memory that both threads see; undefined when it is that of the step before. */
  memory?: { input: SharedArrayBuffer; output: SharedArrayBuffer };
  inputBytes: number;
  isEnd: boolean;
  outputBytes: number;
}

export interface PastStep {
  inputBytes: number;
  outputBytes: number;
}

/** What came of a step; as in a `ZlibHandle`. */
export interface ZlibAnswer {
  inputLeft: number;
  outputLeft: number;
  fault?: "cut" | "damaged";
}

let handle: ZlibHandle | undefined;
let input: Uint8Array = new Uint8Array(0), output: Uint8Array = new Uint8Array(0);

answerMessages(async (message): Promise<ZlibAnswer> => {
  const { open, isReset, past, memory, inputBytes, isEnd, outputBytes } = message as ZlibMessage;
  if (memory !== undefined) {
    input = new Uint8Array(memory.input);
    output = new Uint8Array(memory.output);
  }
  if (open !== undefined) {
    handle?.close();
    handle = await openHandle(open.mode, open.level);
  } else if (isReset) {
    handle?.reset();
  }
  const zlib = handle as ZlibHandle;
  let at = 0;
  const step = (bytes: number, hasEnd: boolean, room: number) =>
    zlib.stepAtOnce(input, at, at += bytes, hasEnd, output.subarray(0, room));
  for (const { inputBytes, outputBytes } of past) step(inputBytes, false, outputBytes);
  step(inputBytes, isEnd, outputBytes);
  const { inputLeft, outputLeft, fault } = zlib;
  return { inputLeft, outputLeft, fault };
});
