/**
 * A JavaScript interpreter that a script cannot leave: QuickJS, compiled to WebAssembly. It has no network, no files and
 * no timers, and limits of memory and time. Each script gets a runtime of its own, with a heap of its own.
 */
import type { QuickJSContext, QuickJSHandle, QuickJSSyncVariant, QuickJSWASMModule } from "quickjs-emscripten-core";

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
type TextFunction = (text?: string) => string;

/** Beyond this, nobody reads a stack. */
const MOST_STACK_LINES = 10;

export class Interpreter {
  /** To compile the engine takes longer than most scripts. */
  static #engine: Promise<QuickJSWASMModule> | undefined;

  readonly #handles: QuickJSHandle[] = [];
  #usedMs = 0;
  #startedMs = 0;
  #isBroken = false;

  private constructor(private readonly context: QuickJSContext, private readonly limits: ScriptLimits) {
    context.runtime.setMemoryLimit(limits.memoryBytes);
    context.runtime.setInterruptHandler(() => this.#usedMs + performance.now() - this.#startedMs > limits.runMs);
  }

  static async start(limits: ScriptLimits): Promise<Interpreter> {
    const engine = await (Interpreter.#engine ??= loadEngine());
    return new Interpreter(engine.newContext(), limits);
  }

  /**
   * Frees what the script holds. Nothing may be called afterwards. A runtime that stopped in the middle cannot be freed,
   * and its engine cannot be trusted: the next script gets a new one.
   */
  close(): void {
    if (this.#isBroken) {
      Interpreter.#engine = undefined;
      return;
    }
    try {
      for (const handle of this.#handles) if (handle.alive) handle.dispose();
      this.context.dispose();
    } catch (error) {
      Interpreter.#engine = undefined;
      // With this the engine gives up when something is left over.
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    }
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
    return this.#kept(this.context.getProp(object, name));
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
      try {
        const answer = this.call(called, given);
        const answered = this.textOf(answer);
        // There are as many answers as batches: they are not kept to the end.
        answer.dispose();
        return answered;
      } finally {
        if (!this.#isBroken) given.dispose();
      }
    };
  }

  #kept(handle: QuickJSHandle): QuickJSHandle {
    this.#handles.push(handle);
    return handle;
  }

  #run(work: () => ReturnType<QuickJSContext["evalCode"]>): QuickJSHandle {
    this.#startedMs = performance.now();
    try {
      const outcome = work();
      if (outcome.error === undefined) return this.#kept(outcome.value);
      throw this.#errorOf(outcome.error);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      // The stack of the sandbox's own runtime ended before the interpreter's.
      this.#isBroken = true;
      throw uncaught("InternalError", "stack overflow", "");
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
      this.#isBroken = true;
      return new ScriptError(`Query exceeded its memory limit of ${Math.floor(this.limits.memoryBytes / 2 ** 20)} MB`);
    }
    return uncaught(name, message, stack);
  }
}

async function loadEngine(): Promise<QuickJSWASMModule> {
  const [{ newQuickJSWASMModuleFromVariant, newVariant }, { default: variant }, { readAsset }] = await Promise.all([
    import("quickjs-emscripten-core"),
    import("@jitl/quickjs-wasmfile-release-sync"),
    import("../../runtime/asset.ts"),
  ]);
  const wasmModule = await WebAssembly.compile(readAsset("quickjs.wasm.gz"));
  // The package's types describe its CommonJS form.
  const sync = variant as unknown as QuickJSSyncVariant;
  return await newQuickJSWASMModuleFromVariant(newVariant(sync, { wasmModule }));
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
