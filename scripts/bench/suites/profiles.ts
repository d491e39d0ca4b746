/** Profiles, page by page. */
import type { Bench } from "../bench.ts";
import { inSeconds, megabytes, ratioRow, type Row } from "../comparison.ts";
import { fileLines, requireEqual } from "../contents.ts";
import { PAGE_SIZE } from "../servers/engage_handler.ts";
import { PAGE_MS, PAGES } from "../servers/main.ts";

/** Most times of a script that fetches eight pages at a time. */
const LIMIT = 1.2;

export async function profiles(bench: Bench): Promise<Row[]> {
  const results = await bench.inTurn(
    {
      floor: () => bench.floor("profiles", [bench.url("engage", "/api/query/engage"), bench.path("floor.jsonl")]),
      mp: async () => {
        const measurement = await bench.mp("engage", ["export", "profiles", "--output", bench.path("mp.jsonl")]);
        requireEqual("profiles", fileLines(bench.path("mp.jsonl")), PAGES * PAGE_SIZE);
        return measurement;
      },
    },
  );
  return [ratioRow({
    what: `${(PAGES * PAGE_SIZE).toLocaleString("en-US")} profiles in ${PAGES} pages of ${PAGE_MS} ms`,
    against: "eight pages at a time",
    ratio: results.ratio("mp", "floor"),
    limit: LIMIT,
    detail: `${inSeconds(results.seconds("mp"))}, floor ${inSeconds(results.seconds("floor"))}, ` +
      megabytes(results.peakBytes("mp")),
  })];
}
