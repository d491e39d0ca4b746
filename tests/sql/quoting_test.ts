/** Names and texts that try to be more than that, in the SQL of each engine. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Asked } from "../../src/lake/needs.ts";
import { writeBookmark } from "../../src/reports/bookmark.ts";
import { chosenName } from "../../src/sql/chosen_events.ts";
import { type EngineName, ENGINES } from "../../src/sql/dialect.ts";
import { DIALECTS } from "../../src/sql/dialects/index.ts";
import { sqlQuestion } from "../../src/sql/sql_question.ts";
import { namedTable, OWN_COLUMNS } from "../../src/sql/sql_table.ts";
import { NOW_MS } from "../helpers/world.ts";
import { openDuckDb } from "./duckdb_engine.ts";
import { NASTY } from "./nasty_texts.ts";

/** How the documentation of an engine says that quotes are read. */
interface Quotes {
  text: { doubled: boolean; backslash: boolean };
  name: { quote: '"' | "`"; doubled: boolean; backslash: boolean };
}

const STANDARD: Quotes = {
  text: { doubled: true, backslash: false },
  name: { quote: '"', doubled: true, backslash: false },
};
const QUOTES: Readonly<Record<EngineName, Quotes>> = {
  duckdb: STANDARD,
  trino: STANDARD,
  // With E or U& before them, backslashes count; see `unquote`.
  postgres: STANDARD,
  snowflake: { ...STANDARD, text: { doubled: true, backslash: true } },
  clickhouse: {
    text: { doubled: true, backslash: true },
    name: { quote: "`", doubled: true, backslash: true },
  },
  spark: { text: { doubled: false, backslash: true }, name: { quote: "`", doubled: true, backslash: false } },
  bigquery: { text: { doubled: false, backslash: true }, name: { quote: "`", doubled: false, backslash: true } },
};

/** Reads a quoted token from its first quote on. Returns what it says, and where it ends. */
function unquote(
  sql: string,
  start: number,
  { doubled, backslash, numbers = false }: { doubled: boolean; backslash: boolean; numbers?: boolean },
) {
  const quote = sql[start]!;
  let value = "";
  for (let at = start + 1; at < sql.length; at++) {
    const character = sql[at]!;
    if (backslash && character === "\\") {
      const escaped = sql[++at]!;
      if (numbers && escaped !== "\\") {
        value += String.fromCharCode(parseInt(sql.slice(at, at + 4), 16));
        at += 3;
        continue;
      }
      if (escaped === "u") {
        value += String.fromCharCode(parseInt(sql.slice(at + 1, at + 5), 16));
        at += 4;
      } else value += escaped === "n" ? "\n" : escaped === "r" ? "\r" : escaped;
    } else if (character !== quote) value += character;
    else if (doubled && sql[at + 1] === quote) value += sql[++at];
    else return { value, end: at + 1 };
  }
  throw new Error(`No end of ${sql}`);
}

/** The statement without comments, with each text as T and each name as N. */
function skeleton(sql: string, { text, name }: Quotes): { shape: string; texts: string[]; names: string[] } {
  const texts: string[] = [], names: string[] = [];
  let shape = "";
  for (let at = 0; at < sql.length;) {
    const comment = sql.startsWith("--", at) ? /^--[^\n\r\u0085\u2028\u2029]*/.exec(sql.slice(at)) : null;
    if (comment !== null) at += comment[0].length;
    else if (sql[at] === "'") {
      const isEscaped = shape.endsWith("E");
      const numbers = shape.endsWith("U&");
      const { value, end } = unquote(sql, at, { ...text, numbers, backslash: text.backslash || isEscaped || numbers });
      if (isEscaped || numbers) shape = shape.replace(/(?:E|U&)$/, "");
      shape += "T";
      texts.push(value);
      at = end;
    } else if (sql[at] === name.quote) {
      const { value, end } = unquote(sql, at, name);
      shape += "N";
      names.push(value);
      at = end;
    } else shape += sql[at++];
  }
  return { shape: shape.replace(/\s+/g, " "), texts, names };
}

/** Questions with a word as a name and as a text. Names go over no end of a line, which is an error of their own. */
const QUESTIONS: readonly ((word: string, name: string) => Asked)[] = [
  (word, name) => ({
    path: "/segmentation",
    fields: new Map(Object.entries({
      event: word,
      ...RANGE,
      on: `properties[${quoted(name)}]`,
      where: `properties["plan"] == ${quoted(word)}`,
    })),
  }),
  (word, name) => ({
    path: "/retention",
    fields: new Map(Object.entries({
      ...{ born_event: word, event: `${word}x`, ...RANGE, on: `properties[${quoted(name)}]` },
      where: `properties["plan"] == ${quoted(word)}`,
    })),
  }),
  (word, name) => {
    const bookmark = writeBookmark({
      kind: "funnel",
      steps: [{ event: word, filter: { where: `properties["plan"] == ${quoted(word)}` } }, { event: `${word}x` }],
      order: "loose",
      window: { length: 7, unit: "day" },
      math: "unique",
      holdingConstant: [{ name, source: "events", type: "string" }],
      breakdowns: [{ kind: "property", property: { name, source: "events", type: "string" } }],
      exclusions: [{ event: `${word}y`, from: 1, to: 2 }],
      range: { from: RANGE.from_date, to: RANGE.to_date },
      unit: "day",
      chart: "funnel-steps",
    });
    return { path: "/insights", fields: new Map([["bookmark", bookmark]]) };
  },
];
const RANGE = { from_date: "2026-11-01", to_date: "2026-11-02" };

/** Spark has no names with variables in them. */
const nameOf = (word: string): string => word.replaceAll("\n", "").replaceAll("${", "$");

function statementsOf(engine: EngineName, word: string): string {
  const name = nameOf(word);
  const dialect = DIALECTS[engine];
  const column = (property: string) => [property, { name: property, type: "string" }] as const;
  const table = {
    ...namedTable(name.replaceAll(".", ""), dialect),
    columns: new Map([column(name), column("plan")]),
    own: OWN_COLUMNS,
  };
  const options = { table, dialect, timeZone: "UTC", nowMs: NOW_MS };
  return QUESTIONS.map((ask) => sqlQuestion(ask(word, name), options).statement).join(";\n");
}

const quoted = (text: string): string => `"${text.replace(/[\\"]/g, "\\$&")}"`;

for (const engine of ENGINES) {
  describe(`the SQL of ${engine}`, () => {
    const plain = skeleton(statementsOf(engine, "plain"), QUOTES[engine]);

    const check = (word: string) => {
      const found = skeleton(statementsOf(engine, word), QUOTES[engine]);
      // A long name may move to a line of its own, and nothing else.
      assert.equal(found.shape, plain.shape, JSON.stringify(word));
      const swapped = (values: string[], by: string) =>
        values.map((value) => value.replace(/^plain(?=[xy]?$)/, () => by));
      assert.deepEqual(found.texts, swapped(plain.texts, word));
      assert.deepEqual(found.names, swapped(plain.names, nameOf(word)));
    };

    it("has names and texts in their quotes, whatever they are", () => {
      for (const word of NASTY) check(word);
    });

    it("has any other text in them too", () => {
      const letters = fc.constantFrom("'", '"', "`", "\\", "-", ";", "\n", "\r", "a", "E", "u0027", "ß", "😀");
      fc.assert(fc.property(fc.array(letters, { minLength: 1, maxLength: 8 }), (word) => check(`${word.join("")}x`)), {
        numRuns: 30,
      });
    });
  });
}

it("DuckDB reads texts and names as they were", async () => {
  const connection = await openDuckDb();
  const { text, identifier } = DIALECTS.duckdb;
  for (const word of NASTY) {
    const name = nameOf(word);
    const reader = await connection.runAndReadAll(`SELECT ${text(word)} AS ${identifier(name)}`);
    assert.deepEqual([reader.columnNames(), reader.getRows()], [[name], [[word]]]);
  }
  connection.closeSync();
});

it("no two columns are one in what a statement chooses", () => {
  const names = ["copy", "property_copy", "property_property_copy", "Property_x", "is_1", "property_is_1", "plain"];
  assert.equal(new Set(names.map((name) => chosenName(name).toLowerCase())).size, names.length);
});

it("a name that is empty, or has a NUL character or a line feed, is refused", () => {
  for (const engine of ENGINES) {
    for (const name of ["", "a\0b", "a\nb"]) {
      assert.throws(() => DIALECTS[engine].identifier(name), { code: "not_in_sql" });
    }
  }
});

it("a table of BigQuery has the names of 'mp export --names safe'", () => {
  const fields = new Map(
    Object.entries({ event: "Buy", from_date: "2026-11-01", to_date: "2026-11-02", on: 'properties["$OS Version"]' }),
  );
  const dialect = DIALECTS.bigquery;
  const options = { table: namedTable("web.events", dialect), dialect, timeZone: "UTC", nowMs: NOW_MS };
  const { statement } = sqlQuestion({ path: "/segmentation", fields }, options);
  assert.match(statement, /`insert_id`/);
  assert.match(statement, /`os_version`/);
});
