/** JsonLogic (jsonlogic.com), as far as runtime rules of flags use it, with Mixpanel's two comparisons of its own. */
import { momentFits, versionFits } from "./comparisons.ts";

/** A rule that the sandbox cannot evaluate. */
export class UnknownRule extends Error {
  override name = "UnknownRule";
}

type Json = unknown;

/**
 * The value of a rule on some data.
 *
 * @throws UnknownRule
 */
export function valueOfRule(rule: Json, data: Json): Json {
  if (Array.isArray(rule)) return rule.map((part) => valueOfRule(part, data));
  if (typeof rule !== "object" || rule === null) return rule;
  const keys = Object.keys(rule);
  if (keys.length !== 1) return rule;
  const raw = (rule as Record<string, Json>)[keys[0]];
  return new Step(keys[0], Array.isArray(raw) ? raw : [raw], data).value();
}

/** One operator with its arguments, which are evaluated when they are needed. */
class Step {
  constructor(private readonly name: string, private readonly args: Json[], private readonly data: Json) {}

  #at(index: number, data: Json = this.data): Json {
    return valueOfRule(this.args[index], data);
  }

  #list(index: number): Json[] {
    const value = this.#at(index);
    return Array.isArray(value) ? value : [];
  }

  #numbers(): number[] {
    return this.args.map((_arg, index) => Number(this.#at(index)));
  }

  value(): Json {
    switch (this.name) {
      case "var":
        return this.#variable();
      case "missing": {
        const first = this.#at(0);
        return absent(Array.isArray(first) ? first : this.args.map((_arg, index) => this.#at(index)), this.data);
      }
      case "missing_some": {
        const names = this.#list(1);
        const lost = absent(names, this.data);
        return names.length - lost.length >= Number(this.#at(0)) ? [] : lost;
      }
      case "if":
      case "?:":
        return this.#branch();
      case "and":
      case "or": {
        let value: Json = null;
        for (let index = 0; index < this.args.length; index++) {
          value = this.#at(index);
          if (holds(value) === (this.name === "or")) break;
        }
        return value;
      }
      case "!":
        return !holds(this.#at(0));
      case "!!":
        return holds(this.#at(0));
      case "map":
        return this.#list(0).map((item) => this.#at(1, item));
      case "filter":
        return this.#list(0).filter((item) => holds(this.#at(1, item)));
      case "all":
        return this.#list(0).length > 0 && this.#list(0).every((item) => holds(this.#at(1, item)));
      case "some":
        return this.#list(0).some((item) => holds(this.#at(1, item)));
      case "none":
        return !this.#list(0).some((item) => holds(this.#at(1, item)));
      case "reduce":
        return this.#list(0).reduce((accumulator, current) => this.#at(1, { current, accumulator }), this.#at(2));
      default:
        return this.#plain();
    }
  }

  /** What is there counts, also when it is null. */
  #variable(): Json {
    const found = read(this.data, this.#at(0));
    if (found !== undefined) return found;
    return this.args.length > 1 ? this.#at(1) : null;
  }

  #branch(): Json {
    let index = 0;
    for (; index + 1 < this.args.length; index += 2) {
      if (holds(this.#at(index))) return this.#at(index + 1);
    }
    return index < this.args.length ? this.#at(index) : null;
  }

  /** Operators that look at all of their arguments. */
  #plain(): Json {
    switch (this.name) {
      case "==":
        return looselyEqual(this.#at(0), this.#at(1));
      case "!=":
        return !looselyEqual(this.#at(0), this.#at(1));
      case "===":
        return this.#at(0) === this.#at(1);
      case "!==":
        return this.#at(0) !== this.#at(1);
      case "<":
      case "<=":
      case ">":
      case ">=": {
        const values = this.args.map((_arg, index) => this.#at(index));
        // The larger-than signs look at two values, the others also at a third.
        const compared = this.name.startsWith(">") ? values.slice(0, 2) : values;
        return compared.slice(1).every((value, index) => ordered(values[index], this.name, value));
      }
      case "+":
        return this.#numbers().reduce((sum, one) => sum + one, 0);
      case "*":
        return this.#numbers().reduce((product, one) => product * one, 1);
      case "-": {
        const [first, second] = this.#numbers();
        return second === undefined ? -first : first - second;
      }
      case "/":
        return Number(this.#at(0)) / Number(this.#at(1));
      case "%":
        return Number(this.#at(0)) % Number(this.#at(1));
      case "min":
        return Math.min(...this.#numbers());
      case "max":
        return Math.max(...this.#numbers());
      case "in": {
        const hay = this.#at(1);
        if (typeof hay === "string") return hay.includes(String(this.#at(0)));
        return Array.isArray(hay) && hay.includes(this.#at(0));
      }
      case "cat":
        return this.args.map((_arg, index) => String(this.#at(index) ?? "")).join("");
      case "substr": {
        const tail = String(this.#at(0)).slice(Number(this.#at(1)));
        return this.args.length < 3 ? tail : tail.slice(0, Number(this.#at(2)));
      }
      case "merge":
        return this.args.map((_arg, index) => this.#at(index)).flat();
      case "semver_compare":
        return versionFits(this.#at(0), this.#at(1), this.#at(2));
      case "datetime_compare":
        return momentFits(this.#at(0), this.#at(1), this.#at(2));
    }
    throw new UnknownRule(`unknown operator '${this.name}'`);
  }
}

/** JavaScript's truth, but an empty list is false. */
function holds(value: Json): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

/** Numbers and texts of numbers are the same. */
function looselyEqual(a: Json, b: Json): boolean {
  return a == b;
}

function ordered(a: Json, sign: string, b: Json): boolean {
  const areTexts = typeof a === "string" && typeof b === "string";
  const [left, right] = areTexts ? [a, b] : [Number(a), Number(b)];
  return sign === "<" ? left < right : sign === "<=" ? left <= right : sign === ">" ? left > right : left >= right;
}

function read(data: Json, path: Json): Json {
  if (path === null || path === undefined || path === "") return data;
  return String(path).split(".").reduce<Json>(
    (value, name) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, name)
        ? (value as Record<string, Json>)[name]
        : undefined,
    data,
  );
}

function absent(names: readonly Json[], data: Json): Json[] {
  return names.filter((name) => (read(data, name) ?? "") === "");
}
