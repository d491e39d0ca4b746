/** Exports and an import of JSON with blanks after colons and commas, in times of the same without them. */
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Bench } from "../bench.ts";
import { inSeconds, type Programs, ratioRow, type Row } from "../comparison.ts";
import { dayAfter, DAYS, writeDataset } from "../dataset.ts";
import { withBlanks } from "../events.ts";
import { BLANKS } from "../servers/main.ts";

const LIMIT = 1.5;

const KINDS = {
  jsonl: "Raw export to a file",
  "jsonl.gz": "Raw export stored as `.gz`",
  csv: "CSV export",
  parquet: "Parquet export",
};

export async function blanks(bench: Bench): Promise<Row[]> {
  const folder = join(dirname(bench.data.linesPath), BLANKS);
  if (!existsSync(folder)) {
    mkdirSync(folder);
    writeDataset(folder, bench.data.events, withBlanks);
  }
  const range = ["--from", dayAfter(0), "--to", dayAfter(DAYS - 1), "--slice", String(DAYS)];
  const exported = (server: "export" | "blankExport", ending: string) =>
    bench.mp(server, ["export", "events", ...range, "--output", bench.path(`mp.${ending}`)]);
  const rows: Row[] = [];
  for (const [ending, what] of Object.entries(KINDS)) {
    rows.push(
      await rowOf(bench, what, {
        compact: () => exported("export", ending),
        blank: () => exported("blankExport", ending),
      }),
    );
  }
  rows.push(
    await rowOf(bench, "Import", {
      compact: () => bench.mp("sink", ["import", bench.data.linesPath]),
      blank: () => bench.mp("sink", ["import", join(folder, "events.jsonl")]),
    }),
  );
  return rows;
}

async function rowOf(bench: Bench, what: string, programs: Programs): Promise<Row> {
  const results = await bench.inTurn(programs);
  return ratioRow({
    what: `${what} of JSON with blanks`,
    against: "the same without blanks",
    ratio: results.ratio("blank", "compact"),
    limit: LIMIT,
    mostOnDeno: LIMIT,
    detail: `${inSeconds(results.seconds("blank"))}, without ${inSeconds(results.seconds("compact"))}`,
  });
}
