/** One export that is killed several times and resumed, from a server that goes wrong in all ways that are known. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { eventLine } from "../../scripts/bench/events.ts";
import { csvRecords } from "../../src/streams/csv/delimited_rows.ts";
import { type Received, type Reply, startFaultyServer } from "./faulty_server.ts";
import type { Random } from "../helpers/random.ts";
import { runProgram } from "./killed_program.ts";
import { runUntilDone, type Trial } from "./trial.ts";

const FIRST_DAY_MS = Date.UTC(2026, 8, 1);
const DAY_MS = 86_400_000;
const MOST_EVENTS_A_DAY = 300;
const FAULT_SHARE = 0.45;

const OUTPUTS = {
  folder: "out/",
  "plain folder": "out/",
  file: "out.jsonl",
  "stored file": "out.jsonl.gz",
  "table": "out.csv",
} as const;
type Target = keyof typeof OUTPUTS;

/** Runs the trial in an empty folder. Throws when a record is missing, changed or too many. */
export async function exportTrial(random: Random, folder: string): Promise<Trial> {
  const days = makeDays(random);
  const target = random.pick(Object.keys(OUTPUTS) as Target[]);
  let faultsLeft = 6 + random.below(12);
  // The more often the same days fail, the longer the program waits: after a fault they are answered once.
  const spared = new Set<string>();
  const server = await startFaultyServer((request) => {
    const asked = `${request.query.get("from_date")} ${request.query.get("to_date")}`;
    const isFaulty = faultsLeft > 0 && !spared.delete(asked) && random.chance(FAULT_SHARE);
    if (isFaulty) {
      faultsLeft--;
      spared.add(asked);
    }
    return Promise.resolve(answer(request, days, random, isFaulty));
  });
  const names = [...days.keys()];
  const range = ["--from", names[0]!, "--to", names.at(-1)!];
  const output = join(folder, OUTPUTS[target]);
  const format = target === "plain folder" ? ["--compress", "none"] : [];
  const slice = random.pick([[], ["--slice", "1"], ["--slice", "3"]]);
  const args = ["export", "events", ...range, ...format, ...slice, "--output", output, "--no-pacing"];
  try {
    const trial = await runUntilDone(`export to a ${target} ${slice.join(" ")}`, args, random, {
      url: server.url,
      home: folder,
      afterKill: () => checkFiles(output, target, days, { isWhole: false }),
    });
    checkFiles(output, target, days, { isWhole: true });
    if (OUTPUTS[target] === "out/") await verify(output, server.url, folder);
    return trial;
  } finally {
    await server.stop();
  }
}

/** Lines by day; some days are empty. */
function makeDays(random: Random): Map<string, string[]> {
  const days = new Map<string, string[]>();
  let number = random.below(1_000_000);
  for (let day = 0, count = 10 + random.below(20); day < count; day++) {
    const firstMs = FIRST_DAY_MS + day * DAY_MS;
    const events = random.chance(0.15) ? 0 : random.below(MOST_EVENTS_A_DAY);
    const second = (index: number) => Math.floor(firstMs / 1000 + index * DAY_MS / 1000 / events);
    const lines = Array.from({ length: events }, (_, index) => eventLine(number++, second(index)));
    days.set(new Date(firstMs).toISOString().slice(0, 10), lines);
  }
  return days;
}

function answer(
  { query }: Received,
  days: ReadonlyMap<string, string[]>,
  random: Random,
  isFaulty: boolean,
): Reply | undefined {
  const from = query.get("from_date") ?? "";
  const to = query.get("to_date") ?? "";
  const lines = [...days].filter(([day]) => day >= from && day <= to).flatMap(([, lines]) => lines);
  const text = lines.map((line) => line + "\n").join("");
  const pauseMs = 5 + random.below(25);
  const whole = (body: string | Uint8Array) => stored(body, random, pauseMs);
  if (!isFaulty) return whole(text);
  const cutText = text.slice(0, random.below(text.length + 1));
  const wholeLines = cutText.slice(0, cutText.lastIndexOf("\n") + 1);
  const faults: (() => Reply | undefined)[] = [
    () => undefined,
    () =>
      refusal(429, { "retry-after": random.pick(["0", "1"]) }, "too many export requests in progress for this project"),
    () => refusal(503, { "retry-after": "0" }, "unavailable"),
    () => ({ ...whole(text), isCut: true, chunks: firstPart(whole(text).chunks, random) }),
    () => whole(firstBytes(gzipSync(text), random)),
    () => whole(wholeLines + "terminated early\n"),
    () => whole(wholeLines + '{"error":'),
    () => whole("export terminated early\n"),
    // Half a line: a text that ends with a whole line could not be told from a whole one.
    () => whole(wholeLines + (lines[0] ?? '{"event":"half"').slice(0, -3)),
  ];
  return random.pick(faults)();
}

/** A 200 with a body: text, which is compressed on the way, or bytes that claim to be compressed. */
function stored(body: string | Uint8Array, random: Random, pauseMs: number): Reply {
  const headers: Record<string, string> = { "content-type": "text/plain" };
  // As the real server does, only longer texts are compressed.
  const isGzip = typeof body !== "string" || body.length > 1400;
  if (isGzip) headers["content-encoding"] = "gzip";
  const bytes = typeof body !== "string" ? body : isGzip ? gzipSync(body) : new TextEncoder().encode(body);
  const size = Math.max(1, Math.ceil(bytes.length / (1 + random.below(12))));
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return { status: 200, headers, chunks, pauseMs };
}

function refusal(status: number, headers: Record<string, string>, error: string): Reply {
  const body = new TextEncoder().encode(JSON.stringify({ error }));
  return { status, headers: { ...headers, "content-type": "application/json" }, chunks: [body] };
}

const firstPart = (chunks: Uint8Array[], random: Random) => chunks.slice(0, random.below(chunks.length + 1));
const firstBytes = (bytes: Uint8Array, random: Random) => bytes.subarray(0, 1 + random.below(bytes.length - 1));

/** Compares what is there with what should be. Whatever has its final name must be right, also before the end. */
function checkFiles(
  output: string,
  target: Target,
  days: ReadonlyMap<string, string[]>,
  { isWhole }: { isWhole: boolean },
): void {
  const all = [...days.values()].flat();
  if (OUTPUTS[target] !== "out/") {
    if (!existsSync(output) && !isWhole) return;
    const text = textOf(output);
    return target === "table" ? requireRows(text, all) : requireSame(output, text, all);
  }
  const files = existsSync(output) ? readdirSync(output).filter((name) => /^events_.*\.jsonl(\.gz)?$/.test(name)) : [];
  for (const name of files) {
    const day = name.slice("events_".length, "events_".length + 10);
    requireSame(name, textOf(join(output, name)), days.get(day) ?? []);
  }
  if (!isWhole) return;
  const missing = [...days].filter(([day, lines]) => lines.length > 0 && !files.some((name) => name.includes(day)));
  if (missing.length > 0) throw new Error(`No file for ${missing.map(([day]) => day).join(", ")}`);
}

/** The folder is whole in the eyes of the program itself, too. */
async function verify(output: string, url: string, home: string): Promise<void> {
  const { code, stderr } = await runProgram(["export", "verify", output], { url, home });
  if (code !== 0) throw new Error(`mp export verify ended with ${code}: ${stderr}`);
}

function textOf(path: string): string {
  const bytes = readFileSync(path);
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
}

function requireSame(what: string, text: string, expected: readonly string[]): void {
  const lines = text.split("\n");
  if (lines.pop() !== "") throw new Error(`${what} does not end with a line feed`);
  if (lines.length !== expected.length) {
    throw new Error(`${what} has ${lines.length} lines instead of ${expected.length}`);
  }
  const sorted = lines.toSorted();
  const differing = expected.toSorted().findIndex((line, index) => line !== sorted[index]);
  if (differing >= 0) throw new Error(`${what} has another line: ${sorted[differing]}`);
}

/** A table has a row for each event, which its id stands for here. */
function requireRows(text: string, expected: readonly string[]): void {
  const [header, ...rows] = csvRecords(text);
  const column = header?.fields.indexOf("$insert_id") ?? -1;
  const ids = rows.map(({ fields }) => fields[column]).sort();
  const expectedIds = expected.map((line) => JSON.parse(line).properties.$insert_id as string).sort();
  if (ids.length !== expectedIds.length) {
    throw new Error(`The table has ${ids.length} rows instead of ${expectedIds.length}`);
  }
  const differing = expectedIds.findIndex((id, index) => id !== ids[index]);
  if (differing >= 0) throw new Error(`The table lacks ${expectedIds[differing]}`);
}
