/** What is wrong with a value, in words that follow its name: `--size 0 is less than 1`. */
import type { z } from "zod";
import { stringifyJson } from "../streams/json/json.ts";

type Issue = z.core.$ZodIssue;

const KINDS: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  bigint: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

/**
 * Puts an issue into words, after the name of what it is about. Only numbers and words out of a list are repeated:
 * other values may be long, or secret.
 */
export function problem(name: string, issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? `${name} is missing`
        : `${name}${numberIn(issue)} must be ${KINDS[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `${name}${wordIn(issue)} is not one of ${issue.values.map(String).join(", ")}`;
    case "too_small":
      return tooSmall(name, issue);
    case "too_big":
      if (issue.origin === "number" || issue.origin === "int") {
        return `${name}${numberIn(issue)} is more than ${issue.maximum}`;
      }
      return `${name} must have at most ${issue.maximum} ${unitOf(issue.origin, issue.maximum)}`;
    case "unrecognized_keys":
      return `${name === "" ? "it" : name} has no field ${issue.keys.map((key) => JSON.stringify(key)).join(" or ")}`;
    case "invalid_union":
      return unionProblem(name, issue);
    default:
      return name === ""
        ? issue.message
        : `${name}: ${issue.message.replace(/^Invalid input: /, "").replace(/\.$/, "")}`;
  }
}

function tooSmall(name: string, issue: Issue & { code: "too_small" }): string {
  if (issue.origin === "number" || issue.origin === "int") {
    return `${name}${numberIn(issue)} is ${issue.inclusive === false ? "not more than" : "less than"} ${issue.minimum}`;
  }
  if (Number(issue.minimum) === 1) return `${name} must not be empty`;
  return `${name} must have at least ${issue.minimum} ${unitOf(issue.origin, issue.minimum)}`;
}

/** The one alternative of a union that came further than being of another kind, if there is just one. */
function unionProblem(name: string, issue: Issue & { code: "invalid_union" }): string {
  const closer = (issue.errors as Issue[][]).filter((errors) =>
    errors.every((one) => one.path.length > 0 || one.code !== "invalid_type")
  );
  const [only] = closer.length === 1 ? closer[0] as Issue[] : [];
  if (only !== undefined) return problem([name, ...only.path.map(String)].filter(Boolean).join("."), only);
  const kinds = (issue.errors as Issue[][]).flatMap((errors) =>
    errors.map((one) => one.code === "invalid_type" ? KINDS[one.expected] ?? one.expected : "")
  );
  const known = [...new Set(kinds)].filter(Boolean);
  return known.length === 0 ? `${name} has a form that is not known` : `${name} must be ${known.join(" or ")}`;
}

/** Where an issue is; of the alternatives of a union, in the one that came furthest. */
export function issuePath(issue: Issue): PropertyKey[] {
  const inner = issue.code === "invalid_union"
    ? (issue.errors as Issue[][]).flatMap(([first]) => first === undefined ? [] : [issuePath(first)])
    : [];
  const [furthest = []] = inner.sort((one, other) => other.length - one.length);
  return [...issue.path, ...furthest];
}

function numberIn({ input }: { input?: unknown }): string {
  return typeof input === "number" || typeof input === "bigint" ? ` ${stringifyJson(input)}` : "";
}

function wordIn({ input }: { input?: unknown }): string {
  return typeof input === "string" && input.length <= 40 ? ` ${JSON.stringify(input)}` : numberIn({ input });
}

function unitOf(origin: string, count: number | bigint): string {
  const [one, many] = origin === "string" ? ["character", "characters"] : ["item", "items"];
  return Number(count) === 1 ? one as string : many as string;
}
