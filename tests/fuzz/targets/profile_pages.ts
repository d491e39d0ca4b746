/** Pages of profiles: cut into the profiles that `JSON.parse` finds, or told to be something else. */
import { parseJson, stringifyJson } from "../../../src/streams/json/json.ts";
import { splitProfilePage } from "../../../src/streams/profiles/profile_page.ts";
import type { Random } from "../../helpers/random.ts";
import { describeBytes } from "../expect.ts";
import { mutated } from "../mutate.ts";

const VALUES = [
  '"a"',
  '"\\u0024\\n]}"',
  "1234567890123456789",
  "-0.5e3",
  "null",
  "[1,{}]",
  '{"results":[]}',
  '"Zoë 🎉"',
];

// deno-lint-ignore require-await -- targets are asynchronous
export async function fuzzProfilePages(random: Random): Promise<void> {
  const bytes = mutated(new TextEncoder().encode(pageText(random)), random, random.below(3));
  const expected = profilesOf(bytes);
  if (expected === "unclear") return;
  const page = splitProfilePage(bytes.slice());
  if (page === undefined || expected === undefined) {
    if (page === undefined && expected === undefined) return;
    throw new Error(`${page === undefined ? "Refuses" : "Accepts"} ${describeBytes(bytes)}`);
  }
  const lines = new TextDecoder().decode(page.lines).split("\n");
  if (lines.pop() !== "" || lines.length !== expected.length || page.profiles !== expected.length) {
    throw new Error(`Finds ${lines.length} profiles instead of ${expected.length} in ${describeBytes(bytes)}`);
  }
  for (const [index, line] of lines.entries()) {
    if (stringifyJson(parseJson(line)) !== stringifyJson(expected[index])) {
      throw new Error(`Reads ${line} in ${describeBytes(bytes)}`);
    }
  }
}

function pageText(random: Random): string {
  const space = () => random.chance(0.1) ? random.pick([" ", "\n", "\r\n\t", "  "]) : "";
  const id = () => random.chance(0.05) ? '"$distinct\\u005fid"' : '"$distinct_id"';
  const profile = () =>
    `{${space()}${id()}:${space()}${random.pick(VALUES)},${space()}"$properties":{"plan":${
      random.pick(VALUES)
    }${space()}}}`;
  const profiles = Array.from({ length: random.below(6) }, profile).join(`${space()},${space()}`);
  const facts = [`"page":${random.below(9)}`, '"session_id":"s-1"', '"total":12', `"results":${space()}[${profiles}]`];
  if (random.chance(0.5)) facts.reverse();
  return `${space()}{${facts.join(`,${space()}`)}}${space()}`;
}

/** The profiles of a page; undefined for what is none. */
function profilesOf(bytes: Uint8Array): unknown[] | undefined | "unclear" {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return "unclear";
  }
  // Of lists that are there twice, readers may take either.
  if (text.split('results"').length > 2) return "unclear";
  try {
    const { results } = parseJson(text) as { results: unknown };
    if (!Array.isArray(results)) return undefined;
    return results.every(isProfile) ? results : undefined;
  } catch {
    return undefined;
  }
}

function isProfile(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.hasOwn(value, "$distinct_id");
}
