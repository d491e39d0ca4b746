/** The main module of a thread that works with zlib, where the runtime's own handles hold up the thread they are used on. */
import { answerMessages } from "../worker.ts";
import { openHandle, type ZlibHandle, type ZlibMode } from "./zlib_handle.ts";

/** One step of one of the thread's handles, and what is needed before it. */
export interface ZlibMessage {
  /** The handle's number. */
  handle: number;
  /** Opens it, the first time. */
  open?: { mode: ZlibMode; level: number };
  /** Makes it start over. */
  isReset: boolean;
  /** Handles that nobody uses any more. */
  closed: readonly number[];
  /** Steps whose output is not wanted, after which this handle is where another one was. Their input comes first. */
  past: readonly PastStep[];
  /** Memory that both threads see; undefined when it is that of the message before. */
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

const handles = new Map<number, ZlibHandle>();
let input: Uint8Array = new Uint8Array(0), output: Uint8Array = new Uint8Array(0);

answerMessages(async (message): Promise<ZlibAnswer> => {
  const { handle: number, open, isReset, closed, past, memory, inputBytes, isEnd, outputBytes } =
    message as ZlibMessage;
  if (memory !== undefined) {
    input = new Uint8Array(memory.input);
    output = new Uint8Array(memory.output);
  }
  for (const other of closed) {
    handles.get(other)?.close();
    handles.delete(other);
  }
  // It is the one that has been tried on the thread that asks.
  if (open !== undefined) handles.set(number, await openHandle(open.mode, open.level) as ZlibHandle);
  const handle = handles.get(number) as ZlibHandle;
  if (isReset) handle.reset();
  let at = 0;
  const step = (bytes: number, hasEnd: boolean, room: number) =>
    handle.stepAtOnce(input, at, at += bytes, hasEnd, output.subarray(0, room));
  for (const { inputBytes, outputBytes } of past) step(inputBytes, false, outputBytes);
  step(inputBytes, isEnd, outputBytes);
  const { inputLeft, outputLeft, fault } = handle;
  return { inputLeft, outputLeft, fault };
});
