/**
 * Questions to lakes of Parquet of growing size, as whole processes, with DuckDB beside each of them:
 *
 *     bun scripts/bench/lake.ts [--events 1000000,10000000,100000000] [--rounds 1] [--python PYTHON] [--binary PATH]
 *         [--folder FOLDER] [--only funnel]
 *
 * A lake has thirty days, a hundred events of each person, and is made where it is not there: 100 million events take 6 GB and
 * a quarter of an hour. PYTHON has the package `duckdb`. Both answer the same question, and it ends with 1 when the answers
 * differ, or when mp takes more than 8 GB. DuckDB's statements look for no events that are there twice; mp does.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { ROOT } from "../project.ts";
import { inSeconds, megabytes, Results } from "./comparison.ts";
import { dayAfter, DAYS } from "./dataset.ts";
import { writeLake } from "./lake_files.ts";
import { measureProcess } from "./measure_process.ts";

const MOST_BYTES = 8e9;
const LIMIT_MS = 3_600_000;
const EVENTS_OF_A_PERSON = 100;

const { values } = parseArgs({
  options: {
    events: { type: "string", default: "1000000,10000000,100000000" },
    rounds: { type: "string", default: "1" },
    python: { type: "string", default: "python3" },
    binary: { type: "string", default: join(ROOT, "dist", "mp") },
    folder: { type: "string", default: join(tmpdir(), "mp-bench-lakes") },
    only: { type: "string", multiple: true },
  },
});

/** A question: what is asked of mp and of DuckDB, and both answers in one form. */
interface Question {
  ask: string[];
  /** `e` has the columns `event`, `day`, `t` in milliseconds, `d` for the person, `browser` and `amount`. */
  statement: string;
  answerOf(answer: Json): unknown;
  /** @param rows of the statement */
  rowsOf(rows: Json[]): unknown;
}

// deno-lint-ignore no-explicit-any -- answers of other programs, whose form is checked by comparing them
type Json = any;

const RARE = 'properties["amount"] > 99';

/** Without those that are 0, in the order of their keys. */
function entries(values: Record<string, Record<string, number>>): [string, string, number][] {
  return Object.entries(values)
    .flatMap(([key, days]) => Object.entries(days).map(([day, count]): [string, string, number] => [day, key, count]))
    .filter(([, , count]) => count > 0).sort();
}

const QUESTIONS: Record<string, Question> = {
  "by a property": {
    ask: ["segmentation", "Page View", "--on", 'properties["$browser"]'],
    statement: `SELECT day, browser, count(*) FROM e WHERE event = 'Page View' GROUP BY ALL`,
    answerOf: ({ data }) => entries(data.values),
    rowsOf: (rows) => rows.sort(),
  },
  "unique people": {
    ask: ["segmentation", "Page View", "--math", "unique"],
    statement: `SELECT day, event, count(DISTINCT d) FROM e WHERE event = 'Page View' GROUP BY ALL`,
    answerOf: ({ data }) => entries(data.values),
    rowsOf: (rows) => rows.sort(),
  },
  "funnel of three steps": {
    ask: ["funnel", "Sign Up", "Page View", `Purchase where ${RARE}`, "--within", "30d"],
    statement: `
      , one AS (SELECT d, min(t) AS t1 FROM e WHERE event = 'Sign Up' GROUP BY d)
      , two AS (SELECT e.d, min(t) AS t2 FROM e JOIN one USING (d) WHERE event = 'Page View' AND t > t1 GROUP BY e.d)
      , three AS (SELECT DISTINCT e.d FROM e JOIN two USING (d) WHERE event = 'Purchase' AND amount > 99 AND t > t2)
      SELECT (SELECT count(*) FROM one), (SELECT count(*) FROM two), (SELECT count(*) FROM three)`,
    answerOf: ({ series }) =>
      Object.values((Object.values(series)[0] as Json).count).map((count) => (count as { all: number }).all),
    rowsOf: ([row]) => row,
  },
  "weekly retention": {
    ask: ["retention", "Sign Up", "--event", "Purchase", "--where", RARE, "--unit", "week", "--interval-count", "4"],
    statement: `
      , born AS (SELECT d, min(t) AS birth FROM e WHERE event = 'Sign Up' GROUP BY d)
      , back AS (SELECT d, birth, t FROM e JOIN born USING (d) WHERE event = 'Purchase' AND amount > 99 AND t >= birth)
      , sizes AS (SELECT date_trunc('week', epoch_ms(birth))::DATE::VARCHAR AS week, count(*) AS first FROM born GROUP BY ALL)
      SELECT week, first, (t - birth) // 604800000 AS interval, count(DISTINCT d)
      FROM sizes LEFT JOIN back ON week = date_trunc('week', epoch_ms(birth))::DATE::VARCHAR GROUP BY ALL`,
    answerOf: (weeks: Record<string, { first: number; counts: number[] }>) =>
      Object.entries(weeks).flatMap(([week, { first, counts }]) =>
        counts.map((count, interval) => [week, first, interval, count]).filter(([, , , count]) => count !== 0)
      ).sort(),
    rowsOf: (rows) => rows.filter(([, , interval]) => interval !== null && interval <= 4).sort(),
  },
};

const SCRIPT = `
import duckdb, json, sys
duckdb.sql("SET enable_progress_bar = false")
print(json.dumps(duckdb.sql(sys.argv[1]).fetchall(), default=str))
`;

let isGood = true;
mkdirSync(values.folder, { recursive: true });
const before = new Map<string, number>();
console.log(`${cpus().length} cores; times and peaks of memory of whole processes\n`);
console.log("| question | events | mp | DuckDB | mp, of DuckDB's time | events a second |");
console.log("| --- | --- | --- | --- | --- | --- |");
for (const events of values.events.split(",").map(Number)) {
  const lake = join(values.folder, String(events));
  await writeLake(lake, events, nextPrime(events / EVENTS_OF_A_PERSON));
  for (const [name, question] of Object.entries(QUESTIONS)) {
    if (values.only !== undefined && !values.only.some((part) => name.includes(part))) continue;
    await measure(lake, events, name, question);
  }
}
process.exitCode = isGood ? 0 : 1;

async function measure(lake: string, events: number, name: string, question: Question): Promise<void> {
  const output = { mp: join(values.folder, "mp.json"), duckdb: join(values.folder, "duckdb.json") };
  const range = ["--from", dayAfter(0), "--to", dayAfter(DAYS - 1)];
  const argv = {
    duckdb: [values.python, "-c", SCRIPT, statementOf(lake, question.statement)],
    mp: [values.binary, "query", ...question.ask, ...range, "-f", "json", "-q", "--source", lake],
  };
  const results = new Results();
  const env = { PATH: process.env.PATH ?? "", HOME: values.folder };
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const program of ["duckdb", "mp"] as const) {
      results.add(program, await measureProcess(argv[program], { env, stdout: output[program], limitMs: LIMIT_MS }));
    }
  }
  const answers = {
    mp: JSON.stringify(question.answerOf(JSON.parse(readFileSync(output.mp, "utf8")))),
    duckdb: JSON.stringify(question.rowsOf(JSON.parse(readFileSync(output.duckdb, "utf8")))),
  };
  const areEqual = answers.mp === answers.duckdb;
  if (!areEqual) console.error(`${name}: mp says ${answers.mp.slice(0, 500)}, DuckDB ${answers.duckdb.slice(0, 500)}`);
  const seconds = results.seconds("mp"), peakBytes = results.peakBytes("mp");
  isGood &&= areEqual && peakBytes <= MOST_BYTES;
  const growth = before.get(name) === undefined
    ? ""
    : `, ${(seconds / before.get(name)!).toFixed(1)} × the lake before`;
  before.set(name, seconds);
  console.log(
    `| ${name}${areEqual ? "" : " (answers differ)"} | ${events.toLocaleString("en-US")} ` +
      `| ${inSeconds(seconds)}, ${megabytes(peakBytes)}${growth} ` +
      `| ${inSeconds(results.seconds("duckdb"))}, ${megabytes(results.peakBytes("duckdb"))} ` +
      `| ${results.ratio("mp", "duckdb").median.toFixed(2)} × | ${
        Math.round(events / seconds).toLocaleString("en-US")
      } |`,
  );
}

function statementOf(lake: string, statement: string): string {
  return `WITH e AS (
    SELECT event, CAST("time" AS DATE)::VARCHAR AS day, epoch_ms("time") AS t, distinct_id AS d, "$browser" AS browser, amount
    FROM read_parquet('${lake}/**/*.parquet')
  ) ${statement}`;
}

/** The least prime above a number. */
function nextPrime(number: number): number {
  for (let candidate = Math.floor(number) + 1;; candidate++) {
    let divisor = 2;
    while (divisor * divisor <= candidate && candidate % divisor !== 0) divisor++;
    if (divisor * divisor > candidate) return candidate;
  }
}
