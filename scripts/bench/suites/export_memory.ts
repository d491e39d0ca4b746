/** The memory of raw exports of different sizes, ten million events among them. */
import type { Bench } from "../bench.ts";
import { memoryRow, type Row } from "../comparison.ts";
import { dayAfter, DAYS } from "../dataset.ts";
import { TENFOLD_FIRST_DAY } from "../servers/export_handler.ts";

const LIMIT_MB = 120;

export async function exportMemory(bench: Bench): Promise<Row[]> {
  const day = (index: number, isTenfold: boolean) =>
    isTenfold ? dayAfter(index).replace(/^\d{4}/, TENFOLD_FIRST_DAY.slice(0, 4)) : dayAfter(index);
  const sizes = [
    { days: DAYS / 10, isTenfold: false, events: bench.data.events / 10 },
    { days: DAYS, isTenfold: false, events: bench.data.events },
    { days: DAYS, isTenfold: true, events: bench.data.events * 10 },
  ].slice(0, bench.quick ? 2 : 3);
  const peaks: Record<"file" | "stored" | "pipe", number[]> = { file: [], stored: [], pipe: [] };
  for (const { days, isTenfold } of sizes) {
    const range = ["--from", day(0, isTenfold), "--to", day(days - 1, isTenfold), "--slice", String(days)];
    const args = ["export", "events", ...range, "--output"];
    const results = await bench.inTurn({
      file: () => bench.mp("export", [...args, bench.path("mp.jsonl")]),
      stored: () => bench.mp("export", [...args, bench.path("mp.gz")]),
      pipe: () => bench.mp("export", [...args, "-"]),
    }, { rounds: 1 });
    for (const [kind, list] of Object.entries(peaks)) list.push(results.peakBytes(kind));
  }
  bench.clear();
  const counts = sizes.map(({ events }) => events.toLocaleString("en-US")).join(", ");
  return [
    memoryRow("Raw export to a file", peaks.file, LIMIT_MB, `${counts} events`),
    memoryRow("Raw export stored as `.gz`", peaks.stored, LIMIT_MB, `${counts} events`),
    memoryRow("Raw export to a pipe", peaks.pipe, LIMIT_MB, `${counts} events`),
  ];
}
