/** The main module of a thread that works with zlib, where the runtime's own handles hold up the thread they are used on. */
import { answerMessages } from "../worker.ts";
import { openHandle, type ZlibHandle } from "./zlib_handle.ts";
import {
  FAULTS,
  Shared,
  SHARED_NUMBERS,
  ThreadState,
  type ZlibAnswer,
  type ZlibMessage,
  type ZlibStart,
} from "./zlib_message.ts";

/** So long it waits for the next step, before it looks at its messages again. */
const LONGEST_WAIT_MS = 1000;

const handles = new Map<number, ZlibHandle>();
let input: Uint8Array = new Uint8Array(0), output: Uint8Array = new Uint8Array(0);
let shared: Int32Array = new Int32Array(SHARED_NUMBERS);
let received = 0;

answerMessages(
  (message) => {
    received++;
    if (!("shared" in (message as ZlibStart))) return stepOfMessage(message as ZlibMessage);
    shared = new Int32Array((message as ZlibStart).shared);
    return Promise.resolve(undefined);
  },
  () => [],
  doSharedSteps,
);

async function stepOfMessage(message: ZlibMessage): Promise<ZlibAnswer> {
  const { handle: number, open, isReset, closed, past, memory, inputBytes, isEnd, outputBytes } = message;
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
}

/** Does the steps that are asked for in shared memory, until there is a message or nothing to do for a while. */
function doSharedSteps(): void {
  Atomics.store(shared, Shared.state, ThreadState.waitsForStep);
  for (;;) {
    const hasMessage = Atomics.load(shared, Shared.sent) !== received;
    if (!hasMessage) Atomics.wait(shared, Shared.state, ThreadState.waitsForStep, LONGEST_WAIT_MS);
    // Undone if a step has been asked for meanwhile.
    Atomics.compareExchange(shared, Shared.state, ThreadState.waitsForStep, ThreadState.readsMessages);
    if (Atomics.load(shared, Shared.state) !== ThreadState.works) return;
    sharedStep();
    Atomics.store(shared, Shared.state, ThreadState.waitsForStep);
    Atomics.notify(shared, Shared.state);
  }
}

function sharedStep(): void {
  const handle = handles.get(shared[Shared.handle] as number) as ZlibHandle;
  const room = output.subarray(0, shared[Shared.outputBytes]);
  handle.stepAtOnce(input, 0, shared[Shared.inputBytes] as number, shared[Shared.isEnd] === 1, room);
  shared[Shared.inputLeft] = handle.inputLeft;
  shared[Shared.outputLeft] = handle.outputLeft;
  shared[Shared.fault] = FAULTS.indexOf(handle.fault);
}
