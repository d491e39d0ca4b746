/** Things that go wrong with real servers, to be asked for: section by section, what clients have met in the wild. */
import { isObject } from "../streams/json/is_object.ts";
import { Refusal } from "./refusal.ts";

/** How a request goes wrong. */
export type Fault =
  & {
    /** The path that it strikes, such as `/api/2.0/export`; with a `*` at the end, all that begin so. Default: `/*`. */
    path?: string;
    /** Default: every method. */
    method?: string;
    /** How many requests it strikes before it is over. Default: 1. */
    times?: number;
    /** How many requests it lets through first. Default: 0. */
    skip?: number;
  }
  & (
    /** Another answer than the real one. `body` is text, or a value for JSON. */
    | { kind: "answer"; status: number; headers?: Record<string, string>; body?: unknown }
    /** 429 in the shape of the endpoint. Without `retryAfterSeconds` it carries no header that says when to come back. */
    | { kind: "rate_limit"; retryAfterSeconds?: number }
    /** After so many lines the body ends with this line, which is not a record. Default: `terminated early`. */
    | { kind: "last_words"; afterLines?: number; text?: string }
    /** After so many lines the body ends in the middle of the next one. */
    | { kind: "half_line"; afterLines?: number }
    /** The body ends after so many bytes on the wire, as if it were complete: gzip without its trailer. */
    | { kind: "cut"; afterBytes: number }
    /** The connection breaks after so many bytes on the wire. */
    | { kind: "reset"; afterBytes?: number }
    /** The answer comes late, and so does each part of its body. */
    | { kind: "slow"; delayMs: number }
  );

const KINDS: readonly Fault["kind"][] = ["answer", "rate_limit", "last_words", "half_line", "cut", "reset", "slow"];

interface Entry {
  fault: Fault;
  skip: number;
  times: number;
}

/** The faults that are switched on. */
export class Faults {
  #entries: Entry[] = [];

  constructor(faults: readonly Fault[]) {
    for (const fault of faults) this.add(fault);
  }

  add(fault: Fault): void {
    this.#entries.push({ fault, skip: fault.skip ?? 0, times: fault.times ?? 1 });
  }

  clear(): void {
    this.#entries = [];
  }

  /** Faults that have not struck as often as they should. */
  pending(): Fault[] {
    return this.#entries.map(({ fault, skip, times }) => ({ ...fault, skip, times }));
  }

  /** The fault that strikes this request, if any. One strikes at a time, in the order in which they were added. */
  strike(method: string, pathname: string): Fault | undefined {
    for (const entry of this.#entries) {
      const { path = "/*", method: wanted = method } = entry.fault;
      const isMeant = path.endsWith("*") ? pathname.startsWith(path.slice(0, -1)) : pathname === path;
      if (!isMeant || wanted !== method) continue;
      if (entry.skip > 0) {
        entry.skip--;
        continue;
      }
      entry.times--;
      if (entry.times <= 0) this.#entries = this.#entries.filter((one) => one !== entry);
      return entry.fault;
    }
    return undefined;
  }
}

/** A fault from JSON. Throws Refusal 400 for anything else. */
export function faultOf(value: unknown): Fault {
  if (!isObject(value) || !KINDS.includes(value.kind as Fault["kind"])) {
    throw new Refusal(400, `a fault is an object whose kind is one of ${KINDS.join(", ")}`);
  }
  const needed = value.kind === "answer" ? "status" : value.kind === "cut" ? "afterBytes" : undefined;
  const numbers = ["status", "afterBytes", "afterLines", "times", "skip", "retryAfterSeconds", "delayMs"];
  for (const name of numbers) {
    if (value[name] === undefined && name !== needed) continue;
    if (typeof value[name] !== "number") throw new Refusal(400, `${name} of a fault must be a number`);
  }
  return value as Fault;
}
