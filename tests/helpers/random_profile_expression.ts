/** Random expressions on profiles that a cohort can say: of `plan`, a text, `age`, a number, and `vip`, a boolean. */
import type { Random } from "../../src/sandbox/demo/random.ts";

const LEAVES = (random: Random): string => {
  const text = random.pick(["pro", "free", "ro", "x"]);
  const number = random.pick([1, 2, 3]);
  return random.pick([
    `properties["plan"] == "${text}"`,
    `properties["plan"] != "${text}"`,
    `"${text}" in properties["plan"]`,
    `not "${text}" in properties["plan"]`,
    `properties["plan"] in ["${text}", "team"]`,
    `properties["age"] ${random.pick(["==", "!=", ">", "<", ">=", "<="])} ${number}`,
    `properties["age"] in [${number}, 7]`,
    `properties["vip"] == ${random.chance(0.5)}`,
    `defined(properties["${random.pick(["plan", "age", "vip"])}"])`,
    `not defined(properties["plan"])`,
  ]);
};

export function randomProfileExpression(random: Random, depth = 2): string {
  if (depth === 0 || random.chance(0.3)) return LEAVES(random);
  const parts = Array.from({ length: random.pick([2, 3]) }, () => `(${randomProfileExpression(random, depth - 1)})`);
  return parts.join(random.pick([" and ", " or "]));
}
