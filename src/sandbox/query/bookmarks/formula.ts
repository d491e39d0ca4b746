/** Formulas of metrics: letters for the metrics, numbers, `+ - * / ( )`. (facts 2.6) */
import { Refusal } from "../../refusal.ts";

/** Computes a formula from the values of its letters. Null where it divides by zero, or a value is no number. */
export type Formula = (valueOf: (letter: string) => unknown) => number | null;

type Term = (valueOf: (letter: string) => number) => number;

const OPERATIONS: Readonly<Record<string, (left: number, right: number) => number>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
};

/**
 * @param letters those that stand for a metric
 * @throws Refusal 400 for a text that is no formula, or names a metric that is not there.
 */
export function parseFormula(text: string, letters: ReadonlySet<string>): Formula {
  const term = new FormulaParser(text, letters).parse();
  return (valueOf) => {
    const value = term((letter) => {
      const given = valueOf(letter);
      return typeof given === "number" ? given : given === null ? 0 : NaN;
    });
    return Number.isFinite(value) ? value : null;
  };
}

class FormulaParser {
  readonly #tokens: string[];
  #at = 0;

  constructor(private readonly text: string, private readonly letters: ReadonlySet<string>) {
    this.#tokens = text.match(/\d+(?:\.\d*)?|\.\d+|[A-Za-z]+|\S/g) ?? [];
  }

  parse(): Term {
    const term = this.#sum();
    if (this.#at < this.#tokens.length) throw this.#refusal();
    return term;
  }

  #sum(): Term {
    return this.#joined(["+", "-"], () => this.#product());
  }

  #product(): Term {
    return this.#joined(["*", "/"], () => this.#factor());
  }

  #joined(operators: readonly string[], part: () => Term): Term {
    let left = part();
    while (operators.includes(this.#tokens[this.#at] ?? "")) {
      const [before, operate] = [left, OPERATIONS[this.#tokens[this.#at++]!]!];
      const right = part();
      left = (valueOf) => operate(before(valueOf), right(valueOf));
    }
    return left;
  }

  #factor(): Term {
    const token = this.#tokens[this.#at++];
    if (token === "-") {
      const factor = this.#factor();
      return (valueOf) => -factor(valueOf);
    }
    if (token === "(") {
      const inner = this.#sum();
      if (this.#tokens[this.#at++] !== ")") throw this.#refusal();
      return inner;
    }
    if (token !== undefined && /^[\d.]/.test(token) && Number.isFinite(Number(token))) return () => Number(token);
    const letter = token?.toUpperCase();
    if (letter !== undefined && this.letters.has(letter)) return (valueOf) => valueOf(letter);
    throw this.#refusal();
  }

  #refusal(): Refusal {
    return new Refusal(400, `Invalid formula: ${this.text}`);
  }
}
