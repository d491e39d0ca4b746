/** A script in its thread, as the sandbox sees it. */
import { startThread, type Thread, whenIdle } from "../../runtime/worker.ts";
import { timeLimit } from "./interpreter.ts";
import { type ScriptAnswer, ScriptError, type ScriptLimits, type ScriptMessage } from "./script.ts";

/** Scripts that run at the same time; others wait for one to end. */
const MOST_AT_ONCE = 4;
/** What a thread may need to start, and to notice its limit by itself. */
const GRACE_MS = 5000;

/** An idle thread is ended after a while; until then it saves the next script the time to load the engine. */
const IDLE_MS = 30_000;

let running = 0;
let idle: { thread: Thread; cancelEnd: () => void } | undefined;
const waiting: (() => void)[] = [];

/** Runs what asks a script, in a thread that ends with it. */
export async function withScript<T>(
  limits: ScriptLimits,
  work: (ask: (message: ScriptMessage) => Promise<string>) => Promise<T>,
): Promise<T> {
  if (running >= MOST_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running++;
  const thread = takeIdle() ?? startThread("src/sandbox/jql/thread.ts");
  let leftMs = limits.runMs + GRACE_MS;
  const ask = async (message: ScriptMessage) => {
    const startedMs = performance.now();
    try {
      return await answered(thread, message, leftMs, limits);
    } finally {
      leftMs -= performance.now() - startedMs;
    }
  };
  let isWhole = false;
  try {
    const result = await work(ask);
    isWhole = true;
    return result;
  } finally {
    // The memory of a script that failed may be large, and its engine in no good state.
    if (isWhole) keepIdle(thread);
    else thread.stop();
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}

function takeIdle(): Thread | undefined {
  const taken = idle;
  idle = undefined;
  taken?.cancelEnd();
  return taken?.thread;
}

function keepIdle(thread: Thread): void {
  takeIdle()?.stop();
  idle = { thread, cancelEnd: whenIdle(() => takeIdle()?.stop(), IDLE_MS) };
}

/** A function of the engine itself, such as a regular expression, is deaf to its limits: the thread is stopped then. */
async function answered(
  thread: Thread,
  message: ScriptMessage,
  leftMs: number,
  limits: ScriptLimits,
): Promise<string> {
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    thread.stop();
  }, leftMs);
  try {
    const answer = await thread.ask(message) as ScriptAnswer;
    if (answer.kind === "text") return answer.text;
    throw answer.kind === "script_error" ? new ScriptError(answer.message) : new Error(answer.message);
  } catch (error) {
    throw isLate ? timeLimit(limits) : error;
  } finally {
    clearTimeout(timer);
  }
}
