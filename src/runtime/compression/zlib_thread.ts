/** The main module of a thread that works with zlib, where the runtime's own handles hold up the thread they are used on. */
import { answerMessages } from "../worker.ts";
import { openHandle, type ZlibHandle } from "./zlib_handle.ts";
import { ARE_YOU_THERE, type ZlibAnswer, type ZlibMessage } from "./zlib_message.ts";

const handles = new Map<number, ZlibHandle>();
let input: Uint8Array = new Uint8Array(0), output: Uint8Array = new Uint8Array(0);

answerMessages(async (message): Promise<ZlibAnswer | undefined> => {
  if (message === ARE_YOU_THERE) return undefined;
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
  for (const { inputBytes, isEnd, outputBytes } of past) step(inputBytes, isEnd, outputBytes);
  step(inputBytes, isEnd, outputBytes);
  const { inputLeft, outputLeft, fault } = handle;
  return { inputLeft, outputLeft, fault };
});
