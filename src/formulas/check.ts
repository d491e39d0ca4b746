import { nearMiss } from "../expressions/near_miss.ts";
import { ExpressionError, type Problem } from "../expressions/syntax.ts";
import { parsePropertyFormula } from "./parse.ts";
import { patternProblem } from "./patterns.ts";
import { DATE_UNITS, type FormulaCall, formulaParts, type PropertyFormula } from "./syntax.ts";

/**
 * Everything that is wrong with a formula, in order of place; nothing if Mixpanel will understand it.
 *
 * @param names the names that it may use, which are those of the composed properties; without them, any
 */
export function checkPropertyFormula(text: string, names?: Iterable<string>): Problem[] {
  let formula: PropertyFormula;
  try {
    formula = parsePropertyFormula(text);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const { message, start, end, suggestion } = error;
    return [{ message, start, end, ...(suggestion !== undefined && { suggestion }) }];
  }
  const known = names === undefined ? undefined : new Set([...names].map((name) => name.toLowerCase()));
  return problemsOf(formula, known).sort((a, b) => a.start - b.start);
}

/** The names that a formula uses and does not define, as they are written first, in order. */
export function formulaNames(formula: PropertyFormula): string[] {
  const found = new Map<string, string>();
  const visit = (part: PropertyFormula, bound: ReadonlySet<string>) => {
    if (part.kind === "variable") {
      const name = part.name.toLowerCase();
      if (!bound.has(name) && !found.has(name)) found.set(name, part.name);
    } else if (part.kind === "binding") {
      visit(part.source, bound);
      visit(part.body, new Set([...bound, part.variable.toLowerCase()]));
    } else for (const inner of formulaParts(part)) visit(inner, bound);
  };
  visit(formula, new Set());
  return [...found.values()];
}

function problemsOf(formula: PropertyFormula, known: ReadonlySet<string> | undefined): Problem[] {
  if (formula.kind === "variable") {
    const { name, start, end } = formula;
    if (known === undefined || known.has(name.toLowerCase())) return [];
    const near = nearMiss(name, [...known].map((one) => one.toUpperCase()));
    const message = `${name} stands for no property`;
    return [{ message, start, end, ...(near !== undefined && name.length > 1 && { suggestion: near }) }];
  }
  if (formula.kind === "binding") {
    const inner = known && new Set([...known, formula.variable.toLowerCase()]);
    return [...problemsOf(formula.source, known), ...problemsOf(formula.body, inner)];
  }
  const own = formula.kind === "call" ? callProblems(formula) : [];
  return [...own, ...formulaParts(formula).flatMap((part) => problemsOf(part, known))];
}

/** What literal arguments give away. */
function callProblems({ name, args, start, end }: FormulaCall): Problem[] {
  const at = (index: number, message: string | undefined): Problem[] =>
    message === undefined ? [] : [{ message, start: args[index]!.start, end: args[index]!.end }];
  const texts = args.map((arg) => arg.kind === "literal" && typeof arg.value === "string" ? arg.value : undefined);
  switch (name) {
    case "ifs":
      return args.length % 2 === 0 ? [] : [{ message: "ifs takes pairs of a condition and a value", start, end }];
    case "datedif":
      return at(2, isUnit(texts[2]) ? undefined : `This is one of ${DATE_UNITS.join(", ")}`);
    case "regex_match":
    case "regex_extract":
    case "regex_replace":
      return at(1, texts[1] === undefined ? undefined : patternProblem(texts[1]));
    case "split": {
      const delimiter = texts[1];
      const isRight = delimiter === undefined || /^[\0-\x7f]$/.test(delimiter);
      return at(1, isRight ? undefined : "The delimiter of split is a single ASCII character");
    }
    default:
      return [];
  }
}

function isUnit(typed: string | undefined): boolean {
  return typed === undefined || DATE_UNITS.some((unit) => unit === typed.toUpperCase());
}
