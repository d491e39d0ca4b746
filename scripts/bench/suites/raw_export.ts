/** Raw export of everything in one request, to a file, and stored as it came. */
import type { Bench } from "../bench.ts";
import { inSeconds, megabytes, ratioRow, type Row } from "../comparison.ts";
import { fileLines, requireEqual } from "../contents.ts";
import { dayAfter, DAYS } from "../dataset.ts";

/** Most times of `curl --compressed`. */
const PLAIN_LIMIT = 0.8;
const STORED_LIMIT = 0.3;
const DENO_LIMIT = 1.2;

export async function rawExport(bench: Bench): Promise<Row[]> {
  const url = bench.url("export", `/api/2.0/export?from_date=${dayAfter(0)}&to_date=${dayAfter(DAYS - 1)}`);
  const range = ["export", "events", "--from", dayAfter(0), "--to", dayAfter(DAYS - 1), "--slice", String(DAYS)];
  const file = (name: string) => bench.path(name);
  const results = await bench.inTurn(
    {
      curl: () => bench.run(["curl", "--silent", "--fail", "--compressed", url, "--output", file("curl.jsonl")]),
      mp: async () => {
        const measurement = await bench.mp("export", [...range, "--output", file("mp.jsonl")]);
        requireEqual("lines of the export", fileLines(file("mp.jsonl")), bench.data.events);
        return measurement;
      },
      floor: () => bench.floor("fetch_to_file", [url, file("floor.jsonl")]),
      mpStored: () => bench.mp("export", [...range, "--output", file("mp.jsonl.gz")]),
      floorStored: () => bench.floor("stored_gzip", [url, file("floor.jsonl.gz")]),
    },
  );
  const floor = (name: string) => `floor ${results.ratio(name, "curl").median.toFixed(2)} ×`;
  const curl = `curl ${inSeconds(results.seconds("curl"))}`;
  return [
    ratioRow({
      what: "Raw export, one request, to a file",
      against: "`curl --compressed`",
      ratio: results.ratio("mp", "curl"),
      limit: PLAIN_LIMIT,
      mostOnDeno: DENO_LIMIT,
      detail: `${inSeconds(results.seconds("mp"))}, ${curl}, ${floor("floor")}, ${megabytes(results.peakBytes("mp"))}`,
    }),
    ratioRow({
      what: "The same stored as `.gz`, integrity checked",
      against: "`curl --compressed`",
      ratio: results.ratio("mpStored", "curl"),
      limit: STORED_LIMIT,
      detail: `${inSeconds(results.seconds("mpStored"))}, ${curl}, ${floor("floorStored")}, ` +
        megabytes(results.peakBytes("mpStored")),
    }),
  ];
}
