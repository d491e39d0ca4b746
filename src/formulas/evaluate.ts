import type { EvaluationOptions } from "../expressions/evaluate.ts";
import { ZoneClock } from "../expressions/moment.ts";
import { negate } from "../expressions/operators.ts";
import { isList, type Value } from "../expressions/values.ts";
import { type FormulaActions, formulaActions } from "./functions.ts";
import type { FormulaBinding, FormulaCall, PropertyFormula } from "./syntax.ts";

/** Gives the value of a composed property, by its name in the formula in lower case. */
export type ReadVariable = (name: string) => Value;
type Evaluate = (read: ReadVariable) => Value;

/**
 * Makes a formula ready to be evaluated many times. Evaluation never fails: what makes no sense is undefined.
 *
 * @throws RangeError for an unknown time zone.
 */
export function compilePropertyFormula(formula: PropertyFormula, environment: EvaluationOptions): Evaluate {
  const zone = new ZoneClock(environment.timeZone ?? "UTC");
  return new Compiler(formulaActions(zone, environment.nowMs)).compile(formula);
}

class Compiler {
  constructor(private readonly actions: FormulaActions) {}

  compile(formula: PropertyFormula): Evaluate {
    switch (formula.kind) {
      case "literal":
        return () => formula.value;
      case "variable": {
        const name = formula.name.toLowerCase();
        return (read) => read(name);
      }
      case "list": {
        const items = formula.items.map((item) => this.compile(item));
        return (read) => items.map((item) => item(read));
      }
      case "negation": {
        const operand = this.compile(formula.operand);
        return (read) => negate(operand(read));
      }
      case "binary":
        return this.#binary(formula);
      case "call":
        return this.#call(formula);
      case "binding":
        return this.#binding(formula);
    }
  }

  #binary({ operator, left, right }: PropertyFormula & { kind: "binary" }): Evaluate {
    const [first, second] = [this.compile(left), this.compile(right)];
    if (operator === "and") return (read) => first(read) === true && second(read) === true;
    if (operator === "or") return (read) => first(read) === true || second(read) === true;
    const compute = this.actions.operators[operator];
    return (read) => compute(first(read), second(read));
  }

  #call({ name, args }: FormulaCall): Evaluate {
    const parts = args.map((arg) => this.compile(arg));
    if (name === "if") {
      const [condition, yes, no] = parts as [Evaluate, Evaluate, Evaluate];
      return (read) => condition(read) === true ? yes(read) : no(read);
    }
    if (name === "ifs") {
      return (read) => {
        for (let index = 0; index + 1 < parts.length; index += 2) {
          if (parts[index]!(read) === true) return parts[index + 1]!(read);
        }
        return undefined;
      };
    }
    const compute = this.actions.functions[name];
    return (read) => compute(...parts.map((part) => part(read)));
  }

  #binding({ name, variable, source, body }: FormulaBinding): Evaluate {
    const [from, compute] = [this.compile(source), this.compile(body)];
    const bound = variable.toLowerCase();
    const withValue = (read: ReadVariable, value: Value): ReadVariable => (asked) =>
      asked === bound ? value : read(asked);
    if (name === "let") return (read) => compute(withValue(read, from(read)));
    return (read) => {
      const list = from(read);
      if (!isList(list)) return undefined;
      const computed = (item: Value) => compute(withValue(read, item));
      if (name === "map") return list.map(computed);
      if (name === "filter") return list.filter((item) => computed(item) === true);
      return name === "any"
        ? list.some((item) => computed(item) === true)
        : list.every((item) => computed(item) === true);
    };
  }
}
