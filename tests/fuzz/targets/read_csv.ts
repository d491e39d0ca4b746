/** Files of CSV: where a simple strict reader finds a table, each row is the same; elsewhere the fault is told. */
import { MpError } from "../../../src/errors.ts";
import { readRecords } from "../../../src/records/read/read_records.ts";
import { UnreadableRecord } from "../../../src/records/read/record_block.ts";
import type { RecordSource } from "../../../src/records/read/record_source.ts";
import { type SimpleCsvRecord, simpleCsvRecords } from "../../helpers/simple_csv.ts";
import type { Random } from "../../helpers/random.ts";
import { describeBytes } from "../expect.ts";
import { chunksOf, mutated } from "../mutate.ts";

const FIELDS = [
  "",
  "x",
  "12",
  "007",
  "a,b",
  'say "hi"',
  "line\nbreak",
  "cr\r\nlf",
  " spaces ",
  "é東🎉",
  '{"a":1}',
  "-",
  "=1+1",
];

export async function fuzzReadCsv(random: Random): Promise<void> {
  const lineEnd = random.pick(["\n", "\r\n"]);
  const width = 2 + random.below(4);
  const header = Array.from({ length: width }, (_, column) => `column ${column}`);
  const rows = Array.from({ length: random.below(12) }, () => header.map(() => random.pick(FIELDS)));
  const text = [header, ...rows].map((row) => row.map((field) => printed(field, random)).join(",") + lineEnd).join("");
  const changes = random.below(3);
  const bytes = mutated(new TextEncoder().encode(text), random, changes);
  const source: RecordSource = { name: "table.csv", open: () => chunksOf(bytes, random) };
  const values: unknown[] = [];
  const lineNumbers: number[] = [];
  let failure: MpError | undefined;
  try {
    for await (const block of readRecords([source], { format: "csv", delimiter: ",", inferTypes: false })) {
      if (block.kind !== "values") continue;
      values.push(...block.values);
      lineNumbers.push(...block.lineNumbers);
    }
  } catch (error) {
    if (!(error instanceof MpError)) throw error;
    failure = error;
  }
  if (values.length !== lineNumbers.length) throw new Error(`Rows without lines: ${describeBytes(bytes)}`);
  const table = strictTable(bytes);
  if (table === undefined) return;
  if (failure !== undefined) throw new Error(`Refuses ${describeBytes(bytes)}: ${failure.message}`);
  const [names, ...expected] = table;
  if (names === undefined) return;
  if (values.length !== expected.length) {
    throw new Error(`Reads ${values.length} rows instead of ${expected.length} in ${describeBytes(bytes)}`);
  }
  for (const [index, { fields, line }] of expected.entries()) {
    const value = values[index];
    const entries = fields.map((field, column) => [names.fields[column]!.trim(), field]).filter(([, field]) =>
      field !== ""
    );
    const isSame = !(value instanceof UnreadableRecord) &&
      JSON.stringify(value) === JSON.stringify(Object.fromEntries(entries));
    if (!isSame || lineNumbers[index] !== line) {
      throw new Error(
        `Reads ${JSON.stringify(value)} in line ${lineNumbers[index]} instead of ${JSON.stringify(entries)} ` +
          `in line ${line} of ${describeBytes(bytes)}`,
      );
    }
  }
}

function printed(field: string, random: Random): string {
  const mustQuote = /[",\r\n]/.test(field);
  return mustQuote || random.chance(0.2) ? `"${field.replaceAll('"', '""')}"` : field;
}

/** The rows of a table that nothing can be said against; undefined where rules differ among readers. */
function strictTable(bytes: Uint8Array): SimpleCsvRecord[] | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // A lone carriage return ends a line for some, and a quote within a field is one for others.
    if (/\r(?!\n)/.test(text) || /[^",\r\n]"[^"]*(,|\r?\n|$)/.test(text.replace(/"(?:[^"]|"")*"/g, ""))) {
      return undefined;
    }
    const rows = [...simpleCsvRecords(text)];
    const width = rows[0]?.fields.length;
    const names = rows[0]?.fields.map((name) => name.trim()) ?? [];
    const isRegular = rows.every(({ fields }) => fields.length === width) && new Set(names).size === names.length &&
      !names.includes("") && !/^\s*$/m.test(text.replace(/\r?\n$/, "")) && !text.includes("\ufeff");
    const hasOddQuotes = rows.some(({ fields }) => fields.some((field) => field.includes('"')));
    return isRegular && !(hasOddQuotes && !text.includes('""')) ? rows : undefined;
  } catch {
    return undefined;
  }
}
