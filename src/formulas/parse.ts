import { nearMiss } from "../expressions/near_miss.ts";
import { ExpressionError, type Span } from "../expressions/syntax.ts";
import {
  BINDING_FUNCTIONS,
  type BindingFunction,
  FORMULA_FUNCTIONS,
  FORMULA_PRECEDENCE,
  type FormulaFunction,
  type FormulaOperator,
  type PropertyFormula,
} from "./syntax.ts";
import { type FormulaToken, formulaTokens } from "./tokens.ts";

/** Deeper than anybody writes, and shallow enough for every runtime's call stack. */
const MAX_DEPTH = 200;

/** Mixpanel takes no longer formula. */
const MOST_CHARACTERS = 20_000;

const CONSTANTS: ReadonlyMap<string, boolean | undefined> = new Map<string, boolean | undefined>([
  ["true", true],
  ["false", false],
  ["undefined", undefined],
]);

/**
 * Parses the formula of a custom property.
 *
 * @throws ExpressionError at the first thing that the language does not have.
 */
export function parsePropertyFormula(text: string): PropertyFormula {
  if (text.length > MOST_CHARACTERS) {
    const message = `A formula has at most ${MOST_CHARACTERS} characters, and this has ${text.length}`;
    throw new ExpressionError({ message, start: MOST_CHARACTERS, end: text.length });
  }
  return new Parser(formulaTokens(text)).parse();
}

class Parser {
  #position = 0;
  #nesting = 0;

  constructor(private readonly tokens: readonly FormulaToken[]) {}

  parse(): PropertyFormula {
    if (this.#peek().kind === "end") throw problem("The formula is empty", this.#peek());
    const formula = this.#operators(0);
    const rest = this.#peek();
    if (rest.kind === "end") return formula;
    if (rest.text === ")" || rest.text === "]") throw problem(`"${rest.text}" closes nothing`, rest);
    throw problem(`Expected an operator before ${shown(rest)}`, rest);
  }

  /** An operand and the operators after it that bind at least as tightly as `minimum`. */
  #operators(minimum: number): PropertyFormula {
    if (++this.#nesting > MAX_DEPTH) throw problem("The formula is nested too deeply", this.#peek());
    let left = this.#operand();
    for (;;) {
      const operator = operatorOf(this.#peek());
      if (operator === undefined || FORMULA_PRECEDENCE[operator] < minimum) break;
      this.#position++;
      const right = this.#operators(FORMULA_PRECEDENCE[operator] + 1);
      left = { kind: "binary", operator, left, right, start: left.start, end: right.end };
    }
    this.#nesting--;
    return left;
  }

  #operand(): PropertyFormula {
    const token = this.#next();
    const { start, end } = token;
    if (token.kind === "string" || token.kind === "number") return { kind: "literal", value: token.value, start, end };
    if (token.kind === "word") return this.#named(token);
    if (token.text === "-") {
      const operand = this.#operators(FORMULA_PRECEDENCE["*"] + 1);
      return { kind: "negation", operand, start, end: operand.end };
    }
    if (token.text === "(") {
      const inner = this.#operators(0);
      return { ...inner, start, end: this.#close(")", token) };
    }
    if (token.text === "[") {
      const items = this.#items("]");
      return { kind: "list", items, start, end: this.#close("]", token) };
    }
    throw problem(token.kind === "end" ? "The formula ends here" : `A value is missing before ${shown(token)}`, token);
  }

  #named(token: FormulaToken): PropertyFormula {
    const { text, start, end } = token;
    const name = text.toLowerCase();
    const opening = this.#peek();
    if (opening.text !== "(") {
      if (CONSTANTS.has(name)) return { kind: "literal", value: CONSTANTS.get(name), start, end };
      if (name === "not") return this.#negated(start);
      if (operatorOf(token) !== undefined) throw problem(`A value is missing before "${text}"`, token);
      return { kind: "variable", name: text, start, end };
    }
    if (!Object.hasOwn(FORMULA_FUNCTIONS, name)) {
      const suggestion = nearMiss(name, Object.keys(FORMULA_FUNCTIONS));
      throw problem(`There is no function "${text}"`, token, suggestion);
    }
    this.#position++;
    return this.#call(name as FormulaFunction, token, opening);
  }

  /** `not x`, without brackets. */
  #negated(start: number): PropertyFormula {
    const operand = this.#operators(FORMULA_PRECEDENCE.and + 1);
    return { kind: "call", name: "not", args: [operand], start, end: operand.end };
  }

  #call(name: FormulaFunction, { text, start }: FormulaToken, opening: FormulaToken): PropertyFormula {
    const args = this.#items(")");
    const end = this.#close(")", opening);
    const [least, most] = FORMULA_FUNCTIONS[name];
    if (args.length < least || args.length > most) {
      const wanted = least === most ? String(least) : most === Infinity ? `at least ${least}` : `${least} or ${most}`;
      const unit = least === most && least === 1 ? "argument" : "arguments";
      throw problem(`${text} takes ${wanted} ${unit}, not ${args.length}`, { start, end });
    }
    if (!isBinding(name)) return { kind: "call", name, args, start, end };
    const [variable, source, body] = args as [PropertyFormula, PropertyFormula, PropertyFormula];
    if (variable.kind !== "variable") throw problem(`The first argument of ${text} is a name`, variable);
    return { kind: "binding", name, variable: variable.name, source, body, start, end };
  }

  #items(closing: ")" | "]"): PropertyFormula[] {
    const items: PropertyFormula[] = [];
    if (this.#peek().text === closing) return items;
    do items.push(this.#operators(0)); while (this.#accept(","));
    return items;
  }

  /** Takes a closing bracket, and says where it ends. */
  #close(closing: ")" | "]", opening: FormulaToken): number {
    const token = this.#peek();
    if (token.text !== closing || token.kind !== "symbol") {
      if (token.kind === "end") throw problem(`"${opening.text}" is not closed`, opening);
      throw problem(`Expected "${closing}" before ${shown(token)}`, token);
    }
    this.#position++;
    return token.end;
  }

  #accept(symbol: string): boolean {
    const token = this.#peek();
    if (token.kind !== "symbol" || token.text !== symbol) return false;
    this.#position++;
    return true;
  }

  #peek(): FormulaToken {
    return this.tokens[Math.min(this.#position, this.tokens.length - 1)]!;
  }

  #next(): FormulaToken {
    const token = this.#peek();
    this.#position++;
    return token;
  }
}

function isBinding(name: FormulaFunction): name is BindingFunction {
  return (BINDING_FUNCTIONS as readonly string[]).includes(name);
}

function operatorOf({ kind, text }: FormulaToken): FormulaOperator | undefined {
  if (kind !== "symbol" && kind !== "word") return undefined;
  const name = text.toLowerCase();
  return Object.hasOwn(FORMULA_PRECEDENCE, name) ? name as FormulaOperator : undefined;
}

function problem(message: string, { start, end }: Span, suggestion?: string): ExpressionError {
  return new ExpressionError({ message, start, end, ...(suggestion !== undefined && { suggestion }) });
}

const shown = (token: FormulaToken): string => token.kind === "end" ? "the end" : `"${token.text}"`;
