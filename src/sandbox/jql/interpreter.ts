/**
 * A JavaScript interpreter that a script cannot leave: QuickJS, compiled to WebAssembly. It has no network, no files and
 * no timers, and limits of memory and time. Each script gets an instance of its own.
 */
import type { QuickJSContext, QuickJSHandle } from "quickjs-emscripten-core";

/** A script failed, by its own doing or at a limit. The message has the script's stack, as Mixpanel's has. */
export class ScriptError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ScriptError";
  }
}

export interface ScriptLimits {
  memoryBytes: number;
  /** Time that the script itself takes, not counting what the sandbox does for it. */
  runMs: number;
}

/** A function inside the interpreter that takes a text, or nothing, and gives one. */
export type TextFunction = (text?: string) => string;

/** Beyond this, nobody reads a stack. */
const MOST_STACK_LINES = 10;

export class Interpreter {
  #usedMs = 0;
  #startedMs = 0;

  private constructor(private readonly context: QuickJSContext, private readonly limits: ScriptLimits) {
    context.runtime.setMemoryLimit(limits.memoryBytes);
    context.runtime.setInterruptHandler(() => this.#usedMs + performance.now() - this.#startedMs > limits.runMs);
  }

  static async start(limits: ScriptLimits): Promise<Interpreter> {
    const [{ newQuickJSWASMModuleFromVariant }, { default: variant }] = await Promise.all([
      import("quickjs-emscripten-core"),
      import("@jitl/quickjs-singlefile-browser-release-sync"),
    ]);
    const module = await newQuickJSWASMModuleFromVariant(variant);
    return new Interpreter(module.newContext(), limits);
  }

  /** Defines a global from JSON text. */
  define(name: string, json: string): void {
    const value = this.#run(() => this.context.evalCode(`(${json})`, "params"));
    this.context.setProp(this.context.global, name, value);
  }

  /**
   * Evaluates a script; what it declares stays.
   *
   * @throws ScriptError
   */
  evaluate(script: string, fileName: string): QuickJSHandle {
    return this.#run(() => this.context.evalCode(script, fileName));
  }

  /** Calls a function inside. Throws ScriptError. */
  call(called: QuickJSHandle, ...args: QuickJSHandle[]): QuickJSHandle {
    return this.#run(() => this.context.callFunction(called, this.context.undefined, ...args));
  }

  number(value: number): QuickJSHandle {
    return this.context.newNumber(value);
  }

  property(object: QuickJSHandle, name: string): QuickJSHandle {
    return this.context.getProp(object, name);
  }

  /** Takes the text of a value out, and lets go of the value. */
  takeText(value: QuickJSHandle): string {
    const text = this.context.getString(value);
    value.dispose();
    return text;
  }

  /** A method of an object inside, as a function out here. */
  method(object: QuickJSHandle, name: string): TextFunction {
    const called = this.property(object, name);
    return (text) => {
      if (text === undefined) return this.takeText(this.call(called));
      const given = this.context.newString(text);
      try {
        return this.takeText(this.call(called, given));
      } finally {
        given.dispose();
      }
    };
  }

  #run(work: () => ReturnType<QuickJSContext["evalCode"]>): QuickJSHandle {
    this.#startedMs = performance.now();
    try {
      const outcome = work();
      if (outcome.error === undefined) return outcome.value;
      throw this.#errorOf(outcome.error);
    } catch (error) {
      // Where the runtime's own stack ends before the interpreter's, the instance is not usable any more.
      if (error instanceof RangeError) throw uncaught("InternalError", "stack overflow", "");
      throw error;
    } finally {
      this.#usedMs += performance.now() - this.#startedMs;
    }
  }

  #errorOf(handle: QuickJSHandle): ScriptError {
    const thrown = this.context.dump(handle) as unknown;
    handle.dispose();
    const { name = "Error", message = "", stack = "" } = typeof thrown === "object" && thrown !== null
      ? thrown as { name?: string; message?: string; stack?: string }
      : { message: String(thrown) };
    if (message === "interrupted") {
      return new ScriptError(`Query exceeded its time limit of ${this.limits.runMs / 1000} seconds`);
    }
    if (message === "out of memory") {
      return new ScriptError(`Query exceeded its memory limit of ${Math.floor(this.limits.memoryBytes / 2 ** 20)} MB`);
    }
    return uncaught(name, message, stack);
  }
}

function uncaught(name: string, message: string, stack: string): ScriptError {
  const lines = stack.split("\n").filter((line) =>
    line.trim() !== "" && !line.includes("sandbox:") && !line.includes("native")
  );
  const shown = lines.slice(0, MOST_STACK_LINES).join("\n");
  return new ScriptError(
    `Uncaught exception ${name}: ${message}\n\nStack trace:\n${name}: ${message}${shown === "" ? "" : `\n${shown}`}`,
  );
}
