/**
 * A client of Mixpanel's that somebody else publishes: how it is run here, and each of its public methods, with what is
 * checked of it. `docs/clients.md` is made from these tables, and the tests run them.
 */
import type { ClientLab } from "./client_lab.ts";

/** What a method was called with is written in the client's driver, under the same name. */
export type Call =
  /** What came back is the driver's answer; what arrived is asked of the lab. */
  | { shows: string; check(lab: ClientLab, answer: unknown): void | Promise<void> }
  /** Why it is not called. */
  | { not: string };

/** How a client is started: a program with arguments, and what it needs in its environment; or by the test itself. */
export type Start = Program | { run(lab: ClientLab): Promise<DriverLine[]> };

export interface Program {
  argv: readonly string[];
  env?: Record<string, string>;
}

export interface Client {
  /** As people call it. */
  name: string;
  registry: "npm" | "PyPI" | "Maven Central" | "Go module proxy";
  /** As the registry knows it, and the version that is run. */
  package: string;
  version: string;
  /** How it reaches the emulator, in a sentence. */
  reaches: string;
  /** Installs it, where it is not yet. */
  install(): Start | { reason: string };
  /** The emulator's mode of joining ids; `original` by default. */
  identity?: "simplified";
  /** Makes what the client's driver finds beyond the seed. Returns what that adds to its environment. */
  prepare?(lab: ClientLab): Promise<Record<string, string>>;
  calls: Readonly<Record<string, Call>>;
}

/** What a driver prints, a line of JSON each: its client's public methods once, then what each call came to. */
export type DriverLine = { surface: string[] } | { call: string; answer?: unknown; error?: string };
