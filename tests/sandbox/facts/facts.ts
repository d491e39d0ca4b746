/**
 * What Mixpanel's servers are known to do, fact by fact: what a fact says, and a request whose answer shows that it stands
 * here too. Facts have numbers, so that a document can name them.
 */
import { describe, it } from "node:test";
import type { SandboxSettings } from "../../../src/sandbox/settings.ts";
import { Lab } from "../lab.ts";

export interface Fact {
  /** What a server does, in one sentence. */
  says: string;
  /** What must be switched on for it. */
  settings?: Partial<SandboxSettings>;
  /** Asks a new sandbox, and throws when the answer is another. */
  holds(lab: Lab): Promise<unknown>;
}

/** Tests for the facts of a section, in their order; each number stands once. */
export function facts(section: string, about: string, table: Record<string, Fact>): void {
  describe(`facts ${section}: ${about}`, () => {
    for (const [number, { says, settings, holds }] of Object.entries(table)) {
      it(`${number} ${says}`, () => holds(new Lab(settings)) as Promise<void>);
    }
  });
}
