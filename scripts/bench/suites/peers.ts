/** The same work by another program, for the ratio alone: it has no limit. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../project.ts";
import type { Bench } from "../bench.ts";
import { inSeconds, megabytes, type Programs, type Row } from "../comparison.ts";
import { dayAfter, DAYS } from "../dataset.ts";

/** Measures the npm package mixpanel-import that is installed in `folder`, by Node.js. Once: it takes its time. */
export async function peers(bench: Bench, folder: string): Promise<Row[]> {
  const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, string>;
  const script = join(ROOT, "scripts", "bench", "peers", "mixpanel_import.cjs");
  const peer = (task: string, url: string, file: string) => bench.run(["node", script, folder, task, url, file]);
  const range = ["--from", dayAfter(0), "--to", dayAfter(DAYS - 1), "--slice", String(DAYS)];
  const works: Record<string, Programs> = {
    "raw export, one request, to a file": {
      mp: () => bench.mp("export", ["export", "events", ...range, "--output", bench.path("mp.jsonl")]),
      peer: () => peer("export", bench.url("export", "/api/2.0/export"), bench.path("peer.jsonl")),
    },
    "import of records that need no change": {
      mp: () => bench.mp("sink", ["import", bench.data.linesPath]),
      peer: () => peer("import", bench.url("sink", "/import"), bench.data.linesPath),
    },
  };
  const rows: Row[] = [];
  for (const [work, programs] of Object.entries(works)) {
    const results = await bench.inTurn(programs, { rounds: 1 });
    rows.push({
      what: `${name} ${version}: ${work}`,
      against: "`mp`",
      figure: `${results.ratio("peer", "mp").median.toFixed(1)} ×`,
      limit: "none",
      isGood: true,
      detail: `${inSeconds(results.seconds("peer"))}, ${megabytes(results.peakBytes("peer"))}; ` +
        `mp ${inSeconds(results.seconds("mp"))}, ${megabytes(results.peakBytes("mp"))}`,
    });
  }
  return rows;
}
