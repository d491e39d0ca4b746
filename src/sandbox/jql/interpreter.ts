/**
 * A JavaScript interpreter that a script cannot leave: QuickJS, compiled to WebAssembly. It has no network, no files and
 * no timers, and limits of memory and time. Each script gets an engine of its own, whose memory cannot grow beyond the
 * limit, whatever the engine itself counts.
 */
import type { QuickJSContext, QuickJSHandle, QuickJSSyncVariant } from "quickjs-emscripten-core";
import { ScriptError, type ScriptLimits } from "./script.ts";

/** A function inside the interpreter that takes a text, or nothing, and gives one. */
type TextFunction = (text?: string) => string;

/** Beyond this, nobody reads a stack. */
const MOST_STACK_LINES = 10;
const WASM_PAGE_BYTES = 65_536;
/** What the engine begins with: its own data and stack. */
const ENGINE_BYTES = 16 * 1024 * 1024;

export class Interpreter {
  /** To compile the engine takes longer than most scripts. */
  static #module: Promise<WebAssembly.Module> | undefined;

  #usedMs = 0;
  #startedMs = 0;

  private constructor(private readonly context: QuickJSContext, private readonly limits: ScriptLimits) {
    context.runtime.setMemoryLimit(limits.memoryBytes);
    context.runtime.setInterruptHandler(() => this.#usedMs + performance.now() - this.#startedMs > limits.runMs);
  }

  static async start(limits: ScriptLimits): Promise<Interpreter> {
    const [{ newQuickJSWASMModuleFromVariant, newVariant }, { default: variant }, { readAsset }] = await Promise.all([
      import("quickjs-emscripten-core"),
      import("@jitl/quickjs-wasmfile-release-sync"),
      import("../../runtime/asset.ts"),
    ]);
    const wasmModule = await (Interpreter.#module ??= WebAssembly.compile(readAsset("quickjs.wasm.gz")));
    const wasmMemory = new WebAssembly.Memory({
      initial: ENGINE_BYTES / WASM_PAGE_BYTES,
      maximum: Math.ceil((ENGINE_BYTES + limits.memoryBytes) / WASM_PAGE_BYTES),
    });
    // The package's types describe its CommonJS form.
    const sync = variant as unknown as QuickJSSyncVariant;
    const engine = await newQuickJSWASMModuleFromVariant(newVariant(sync, { wasmModule, wasmMemory }));
    return new Interpreter(engine.newContext(), limits);
  }

  /** From here on counts what the script itself takes. */
  restartClock(): void {
    this.#usedMs = 0;
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

  /**
   * Evaluates a module, and returns what it exports.
   *
   * @throws ScriptError
   */
  evaluateModule(text: string, fileName: string): QuickJSHandle {
    return this.#run(() => this.context.evalCode(text, fileName, { type: "module" }));
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

  textOf(value: QuickJSHandle): string {
    return this.context.getString(value);
  }

  /** A method of an object inside, as a function out here. */
  method(object: QuickJSHandle, name: string): TextFunction {
    const called = this.property(object, name);
    return (text) => {
      if (text === undefined) return this.textOf(this.call(called));
      const given = this.context.newString(text);
      const answer = this.call(called, given);
      const answered = this.textOf(answer);
      // There are as many texts and answers as batches: they are not kept to the end.
      given.dispose();
      answer.dispose();
      return answered;
    };
  }

  #run(work: () => ReturnType<QuickJSContext["evalCode"]>): QuickJSHandle {
    this.#startedMs = performance.now();
    try {
      const outcome = work();
      if (outcome.error === undefined) return outcome.value;
      throw this.#errorOf(outcome.error);
    } catch (error) {
      // The stack of this runtime ended before the interpreter's.
      if (error instanceof RangeError) throw uncaught("InternalError", "stack overflow", "");
      // The engine asked for memory in a place where it cannot do without.
      if (error instanceof WebAssembly.RuntimeError) throw this.#outOfMemory();
      throw error;
    } finally {
      this.#usedMs += performance.now() - this.#startedMs;
    }
  }

  #errorOf(handle: QuickJSHandle): ScriptError {
    const thrown = this.context.dump(handle) as unknown;
    const { name = "Error", message = "", stack = "" } = typeof thrown === "object" && thrown !== null
      ? thrown as { name?: string; message?: string; stack?: string }
      : { message: String(thrown) };
    if (message === "interrupted") return timeLimit(this.limits);
    return message === "out of memory" ? this.#outOfMemory() : uncaught(name, message, stack);
  }

  #outOfMemory(): ScriptError {
    return new ScriptError(`Query exceeded its memory limit of ${Math.floor(this.limits.memoryBytes / 2 ** 20)} MB`);
  }
}

export function timeLimit({ runMs }: ScriptLimits): ScriptError {
  return new ScriptError(`Query exceeded its time limit of ${runMs / 1000} seconds`);
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
