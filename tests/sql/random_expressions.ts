/** Random expressions over the properties of `ROWS`, each of one type, and events that have them or not. */
import type { Random } from "../helpers/random.ts";
import type { SqlColumn } from "../../src/sql/sql_table.ts";

export const COLUMNS: ReadonlyMap<string, SqlColumn> = new Map([
  ["plan", { name: "plan", type: "string" }],
  ['Größe "cm"', { name: 'Größe "cm"', type: "string" }],
  ["amount", { name: "amount", type: "number" }],
  ["events", { name: "events", type: "integer" }],
  ["vip", { name: "vip", type: "boolean" }],
  ["at", { name: "at", type: "integer" }],
]);

export const TEXTS = [
  "free",
  "pro",
  "it's",
  "a\\b",
  'say "x"',
  "",
  "false",
  "12",
  " -3.5e1 ",
  "1_000",
  "naïve",
  "nan",
  "e\n--",
];
const NUMBERS = [0, 1, -1, 2.5, -2.5, 40, 0.125, -7, 3];
const TIMES = [0, -5, 1_790_000_000, 1_790_000_000_500, 4_294_967_295, 4_294_967_296, 86_400];

export interface RandomRow {
  plan?: string;
  'Größe "cm"'?: string;
  amount?: number;
  events?: number;
  vip?: boolean;
  at?: number;
}

export function randomRow(random: Random): RandomRow {
  const row: RandomRow = {};
  if (random.chance(0.8)) row.plan = random.pick(TEXTS);
  if (random.chance(0.7)) row['Größe "cm"'] = random.pick(TEXTS);
  if (random.chance(0.8)) row.amount = random.pick(NUMBERS);
  if (random.chance(0.8)) row.events = random.pick(NUMBERS.filter(Number.isInteger));
  if (random.chance(0.7)) row.vip = random.chance(0.5);
  if (random.chance(0.8)) row.at = random.pick(TIMES);
  return row;
}

const quoted = (text: string): string => `"${text.replace(/[\\"]/g, "\\$&")}"`;

function randomText(random: Random, depth: number): string {
  if (depth <= 0 || random.chance(0.6)) {
    return random.pick([
      'properties["plan"]',
      'properties["Größe \\"cm\\""]',
      quoted(random.pick(TEXTS)),
      'properties["nowhere"]',
      'event["name"]',
      'properties["distinct_id"]',
    ]);
  }
  return random.pick([
    () => `(${randomText(random, depth - 1)} + ${randomText(random, depth - 1)})`,
    () => `string(${randomBoolean(random, depth - 1)})`,
    () => `string(${randomText(random, depth - 1)})`,
    () => 'string(properties["events"])',
    () => `string(${randomMoment(random)})`,
  ])();
}

function randomNumber(random: Random, depth: number): string {
  if (depth <= 0 || random.chance(0.5)) {
    const number = random.pick(NUMBERS);
    return random.pick([
      'properties["amount"]',
      'properties["events"]',
      'properties["at"]',
      'event["$time"]',
      'properties["nowhere"]',
      number < 0 ? `(${number})` : String(number),
      "NOW",
    ]);
  }
  const one = () => randomNumber(random, depth - 1);
  return random.pick([
    () => `(${one()} ${random.pick(["+", "-", "*", "/", "%"])} ${one()})`,
    () => `-${one()}`,
    () => `${random.pick(["floor", "round", "ceil", "number"])}(${one()})`,
    () => `number(${randomText(random, depth - 1)})`,
    () => `number(${randomBoolean(random, depth - 1)})`,
    () => `number(${randomMoment(random)})`,
  ])();
}

function randomMoment(random: Random): string {
  return random.pick([
    'datetime(properties["at"])',
    'datetime("2026-08-01")',
    'datetime("2026-08-01T13:00:00+02:00")',
    "datetime(2026, 9, 22)",
    "datetime(NOW)",
    "datetime(1790000000)",
    'datetime(event["$time"])',
    'datetime(properties["amount"] * 1000)',
  ]);
}

function randomBoolean(random: Random, depth: number): string {
  const order = () => random.pick(["==", "!=", "<", "<=", ">", ">="]);
  const [text, number] = [() => randomText(random, depth - 1), () => randomNumber(random, depth - 1)];
  const simple = [
    () => `(${text()} ${order()} ${text()})`,
    () => `(${number()} ${order()} ${number()})`,
    () => `(${randomMoment(random)} ${order()} ${randomMoment(random)})`,
    () => `(${randomMoment(random)} ${order()} ${number()})`,
    () => `(${randomMoment(random)} ${order()} "2026-09-22T16:53:20")`,
    () => `(${number()} == ${text()})`,
    () => `(properties["vip"] ${random.pick(["==", "!="])} ${random.pick(["true", "false"])})`,
    () => `(properties["vip"] == properties["${random.pick(["vip", "plan", "nowhere"])}"])`,
    () => 'properties["vip"]',
    () => `defined(properties["${random.pick(["plan", "amount", "vip", "nowhere"])}"])`,
    () => `(${text()} in ${text()})`,
    () => `(${text()} contains ${text()})`,
    () => `(${text()} in ["pro", "it's", 3, ${text()}])`,
    () => `(${number()} in [1, "pro", 2.5, ${number()}])`,
    () => `boolean(${random.pick([text, number])()})`,
  ];
  if (depth <= 0 || random.chance(0.5)) return random.pick(simple)();
  const one = () => randomBoolean(random, depth - 1);
  return random.pick([
    () => `(${one()} ${random.pick(["and", "or"])} ${one()})`,
    () => `(not ${one()})`,
    () => `(${one()} ${random.pick(["==", "!="])} ${one()})`,
  ])();
}

export function randomExpression(random: Random): string {
  return random.pick([
    randomText,
    randomNumber,
    randomBoolean,
    randomBoolean,
    (random: Random) => randomMoment(random),
  ])(random, 3);
}

export function randomCondition(random: Random): string {
  return randomBoolean(random, 3);
}
