/** The main module of a script's thread: what it computes holds up nobody else, and it can be ended at any moment. */
import { answerMessages } from "../../runtime/worker.ts";
import { Interpreter } from "./interpreter.ts";
import { type ScriptAnswer, ScriptError, type ScriptMessage, type ScriptStart } from "./script.ts";

type TextFunction = (text?: string) => string;
let running: { push: TextFunction; end: TextFunction };

answerMessages(async (message): Promise<ScriptAnswer> => {
  try {
    return { kind: "text", text: await answerTo(message as ScriptMessage) };
  } catch (error) {
    if (error instanceof ScriptError) return { kind: "script_error", message: error.message };
    return { kind: "fault", message: error instanceof Error ? error.message : String(error) };
  }
});

async function answerTo(message: ScriptMessage): Promise<string> {
  if (message.kind === "push") return running.push(message.items);
  return message.kind === "end" ? running.end() : await start(message);
}

async function start({ script, params, nowMs, limits }: ScriptStart): Promise<string> {
  const interpreter = await Interpreter.start(limits);
  const { PRELUDE } = await import("./prelude.generated.ts");
  const prelude = interpreter.evaluateModule(PRELUDE, "sandbox:prelude");
  const engine = interpreter.call(interpreter.property(prelude, "start"), interpreter.number(nowMs));
  interpreter.restartClock();
  interpreter.define("params", params);
  interpreter.evaluate(script, "script");
  // A constant is a main() too, and no property of the global object.
  const main = interpreter.evaluate("typeof main === 'undefined' ? undefined : main", "script");
  const plan = interpreter.textOf(interpreter.call(interpreter.property(engine, "plan"), main));
  const isPair = (JSON.parse(plan) as { kind: string }).kind === "join";
  running = {
    push: interpreter.method(engine, isPair ? "pushPairs" : "push"),
    end: interpreter.method(engine, "end"),
  };
  return plan;
}
