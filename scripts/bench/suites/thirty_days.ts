/** Thirty exports of a day each, whose first bytes take their time. */
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "../bench.ts";
import { inSeconds, megabytes, ratioRow, type Row } from "../comparison.ts";
import { fileLines, requireEqual } from "../contents.ts";
import { dayAfter, DAYS } from "../dataset.ts";
import { LATE_MS } from "../servers/main.ts";

/** Most times of thirty `curl` in turn. */
const LIMIT = 0.4;

export async function thirtyDays(bench: Bench): Promise<Row[]> {
  const days = Array.from({ length: DAYS }, (_, day) => dayAfter(day));
  const urls = days.map((day) => bench.url("lateExport", `/api/2.0/export?from_date=${day}&to_date=${day}`));
  const command = urls.map((url, index) =>
    `curl -s -f --compressed '${url}' -o '${bench.path(`curl/${index}.jsonl`)}'`
  );
  const results = await bench.inTurn(
    {
      curl: () => bench.run(["sh", "-c", command.join(" && ")]),
      mp: async () => {
        const folder = bench.path("mp");
        const args = [
          "export",
          "events",
          "--from",
          days[0]!,
          "--to",
          days[DAYS - 1]!,
          "--slice",
          "1",
          "--split",
          "day",
        ];
        const measurement = await bench.mp("lateExport", [...args, "--compress", "none", "--output", `${folder}/`]);
        const files = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
        requireEqual("files of days", files.length, DAYS);
        const lines = files.reduce((sum, name) => sum + fileLines(join(folder, name)), 0);
        requireEqual("lines of all days", lines, bench.data.events);
        return measurement;
      },
      floor: () => bench.floor("fetch_days", [bench.path("floor"), ...urls]),
    },
    {
      prepare() {
        for (const folder of ["curl", "floor"]) mkdirSync(bench.path(folder));
      },
    },
  );
  return [ratioRow({
    what: `Thirty one-day exports, ${LATE_MS} ms to the first byte`,
    against: "thirty `curl --compressed` in turn",
    ratio: results.ratio("mp", "curl"),
    limit: LIMIT,
    detail: `${inSeconds(results.seconds("mp"))}, curl ${inSeconds(results.seconds("curl"))}, ` +
      `floor ${results.ratio("floor", "curl").median.toFixed(2)} ×, ${megabytes(results.peakBytes("mp"))}`,
  })];
}
