/** Jobs that are killed at each change of the file system. */
import { gzipSync } from "node:zlib";
import { eventLine } from "../../scripts/bench/events.ts";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { type Event, type KillWorld, REFUSED } from "./kill_world.ts";

export interface KillScenario {
  name: string;
  /** The command that is killed. */
  args: readonly string[];
  /** How it may end when nothing happens. */
  codes: readonly number[];
  /** Makes what it reads; `mp` runs the program without killing it. */
  prepare(world: KillWorld, mp: (args: string[]) => Promise<void>): Promise<void> | void;
  /** Whether it has said how it ended. */
  saysDone(stderr: string): boolean;
  /** What it says about its records, which holds for all runs together. */
  sumOf?(stderr: string): string | undefined;
  /** What may be there when it is killed after it has said how it ended. */
  mayRemain?: RegExp;
}

const DAY_MS = 86_400_000;
const FIRST_DAY_MS = Date.UTC(2026, 8, 1);
const RANGE = ["--from", "2026-09-01", "--to", "2026-09-06"];

/** Events of six days, one of them without any; of each day another number. */
function events(options: { refuses?: boolean } = {}): Event[] {
  return Array.from({ length: 240 }, (_, index) => {
    const day = index % 5 + (index % 5 >= 3 ? 1 : 0);
    const line = eventLine(index, (FIRST_DAY_MS + day * DAY_MS) / 1000 + 60 * index);
    const { event, properties } = JSON.parse(line) as Event;
    delete properties.$mp_api_timestamp_ms;
    return { event: options.refuses && index % 20 === 7 ? REFUSED : event, properties };
  });
}

/** Lines for an import: whole, without an id, damaged, without a time, and such as the server refuses. */
function importLines(first: number): string {
  const lines = Array.from({ length: 120 }, (_, index) => {
    const whole = eventLine(first + index, FIRST_DAY_MS / 1000 + 60 * (first + index));
    if (index % 30 === 3) return whole.replace(/"time":\d+,/, "");
    if (index % 30 === 11) return whole.slice(0, -4);
    if (index % 30 === 17) return whole.replace(/"event":"[^"]*"/, `"event":"${REFUSED}"`);
    return index % 3 === 0 ? whole.replace(/"\$insert_id":"[^"]*",/, "") : whole;
  });
  return lines.join("\n") + "\n";
}

const DELIVERED =
  /(?:Imported|Sent) ([\d,]+(?: of [\d,]+)?) \w+,.*?((?:; [\d,]+ (?:rejected|not sent|meant for something else))*)(?=;|$)/m;
const sumOfImport = (stderr: string) => DELIVERED.exec(stderr)?.slice(1).join("");

function importScenario(
  name: string,
  files: Record<string, string | Uint8Array>,
  flags: string[],
  codes = [8],
): KillScenario {
  return {
    name: `import ${name}`,
    args: ["import", ...Object.keys(files), "--batch-size", "25", "--concurrency", "2", ...flags],
    codes,
    prepare(world) {
      for (const [path, content] of Object.entries(files)) world.write(path, content);
    },
    saysDone: (stderr) => sumOfImport(stderr) !== undefined,
    sumOf: sumOfImport,
    mayRemain: /^state\/mp\/imports\/|checkpoint/,
  };
}

const profileUpdates = Array.from({ length: 60 }, (_, index) =>
  JSON.stringify(
    index % 20 === 9
      ? { $token: SANDBOX.token, $distinct_id: `user-${index}`, $add: { n: 1 } }
      : { $token: SANDBOX.token, $distinct_id: `user-${index}`, $set: { n: index, plan: "pro" } },
  )).join("\n") + "\n";

const csv = "name,user,at,amount\n" +
  Array.from(
    { length: 150 },
    (_, index) =>
      `${index % 25 === 4 ? "" : "Purchase"},user-${index},2026-09-0${1 + index % 6} 12:00:${10 + index % 40},${index}`,
  ).join("\n") + "\n";

const IMPORTS: KillScenario[] = [
  importScenario("with rejects", { "a.jsonl": importLines(0), "b.jsonl.gz": gzipSync(importLines(500)) }, [
    "--rejects",
    "rejects.jsonl",
  ]),
  importScenario("without rejects", { "a.jsonl": importLines(0) }, []),
  importScenario("with a checkpoint file", { "a.jsonl": importLines(0) }, [
    "--rejects",
    "rejects.jsonl",
    "--checkpoint-file",
    "checkpoint.json",
  ]),
  importScenario("of CSV with a recipe", { "a.csv": csv }, [
    ...["--map", "event=name", "--map", "distinct_id=user", "--map", "time=at", "--set", "source=csv", "--fix"],
    ...["--rejects", "rejects.jsonl"],
  ]),
  importScenario("of profiles", { "p.jsonl": profileUpdates }, ["--kind", "profiles", "--rejects", "rejects.jsonl"]),
];

function exportScenario(
  name: string,
  flags: string[],
  before?: (world: KillWorld, mp: (args: string[]) => Promise<void>) => Promise<void>,
): KillScenario {
  return {
    name: `export ${name}`,
    args: ["export", "events", ...flags],
    codes: [0],
    async prepare(world, mp) {
      world.addEvents(events());
      await before?.(world, mp);
    },
    saysDone: (stderr) => /^Exported /m.test(stderr),
  };
}

const EXPORTS: KillScenario[] = [
  exportScenario("to a file", [...RANGE, "--slice", "1", "-o", "out.jsonl"]),
  exportScenario("to a compressed file", [...RANGE, "--slice", "2", "-o", "out.jsonl.gz"]),
  exportScenario("to a table", [...RANGE, "--slice", "2", "-o", "out.csv"]),
  exportScenario("to a Parquet file", [...RANGE, "--slice", "2", "-o", "out.parquet"]),
  exportScenario("to a folder", [...RANGE, "--slice", "2", "-o", "out/"]),
  exportScenario("to a folder of plain files", [...RANGE, "--slice", "2", "--compress", "none", "-o", "out/"]),
  exportScenario("to a folder of tables by week", [...RANGE, "--split", "week", "-f", "csv", "-o", "out/"]),
  exportScenario("to a folder of Parquet files", [
    ...RANGE,
    "--slice",
    "2",
    "--concurrency",
    "1",
    "-f",
    "parquet",
    "-o",
    "out/",
  ]),
  exportScenario(
    "of what is new",
    ["--since-last", "--lookback", "2d", "--to", "2026-09-06", "-o", "out/"],
    async (world, mp) => {
      await mp(["export", "events", "--from", "2026-09-01", "--to", "2026-09-03", "-o", "out/"]);
      const time = FIRST_DAY_MS / 1000 + 2 * 86_400 + 77;
      world.addEvents([{ event: "Late", properties: { time, distinct_id: "late", $insert_id: "late" } }]);
    },
  ),
  exportScenario(
    "in place of another",
    [...RANGE, "--restart", "--split", "week", "-o", "out/"],
    (_, mp) => mp(["export", "events", "--from", "2026-09-01", "--to", "2026-09-03", "-o", "out/"]),
  ),
];

function addProfiles({ store }: KillWorld): void {
  for (let number = 0; number < 100; number++) {
    const properties = { n: number, plan: number % 2 === 0 ? "pro" : "free", $last_seen: "2026-01-01T00:00:00" };
    store.profiles.put(SANDBOX.projectId, "", `user-${number}`, properties);
  }
}

const PROFILES: KillScenario[] = ["p.jsonl", "p.jsonl.gz", "p.csv", "p.parquet"].map((output) => ({
  name: `export profiles to ${output}`,
  args: ["export", "profiles", "-o", output, "--concurrency", "2"],
  codes: [0],
  prepare: addProfiles,
  saysDone: (stderr) => /^Exported /m.test(stderr),
}));

async function addLists(world: KillWorld): Promise<void> {
  const { projectId } = SANDBOX;
  for (const text of ["one", "two", "three"]) {
    const body = { date: "2026-09-02 00:00:00", description: text };
    await world.send(`/api/app/projects/${projectId}/annotations`, { method: "POST", body });
  }
  const entries = ["Purchase", "Search"].map((name) => ({
    entityType: "event",
    name,
    schemaJson: { description: `What ${name} is` },
  }));
  await world.send(`/api/app/projects/${projectId}/schemas`, { method: "POST", body: { entries } });
}

/** What the target has already, from a run that was killed, counts as left out. */
function sumOfCopy(stderr: string): string | undefined {
  const [, all, facts = ""] = /^Copied ([\d,]+) records.*?: (.*)$/m.exec(stderr) ?? [];
  const count = (name: string) => Number(new RegExp(`([\\d,]+) ${name}`).exec(facts)?.[1] ?? 0);
  if (all === undefined) return undefined;
  return `${all} records: ${count("accepted") + count("left out")} there, ${count("rejected")} rejected, ${
    count("not sent")
  } not sent`;
}

function copyScenario(name: string, flags: string[]): KillScenario {
  return {
    name: `copy ${name}`,
    args: ["copy", "--source", "from", "--target", "to", ...RANGE, "--concurrency", "2", ...flags],
    codes: [8],
    async prepare(world) {
      addProfiles(world);
      world.addEvents(events({ refuses: true }));
      await addLists(world);
    },
    saysDone: (stderr) => sumOfCopy(stderr) !== undefined,
    sumOf: sumOfCopy,
    mayRemain: /./,
  };
}

const COPIES: KillScenario[] = [
  copyScenario("of events", ["--rejects", "rejects.jsonl"]),
  copyScenario("of everything", ["--profiles", "--lexicon", "--annotations"]),
];

function backupScenario(name: string, before?: string[]): KillScenario {
  return {
    name: `backup ${name}`,
    args: ["export", "all", "backup", ...RANGE],
    codes: [0],
    async prepare(world, mp) {
      addProfiles(world);
      world.addEvents(events());
      await addLists(world);
      if (before !== undefined) await mp(["export", "all", "backup", ...before]);
    },
    saysDone: (stderr) => /^Not included/m.test(stderr),
  };
}

const BACKUPS: KillScenario[] = [
  backupScenario("of a project"),
  backupScenario("that is renewed", ["--from", "2026-09-01", "--to", "2026-09-03"]),
];

const LISTS: KillScenario[] = [{
  name: "export lexicon",
  args: ["export", "lexicon", "-o", "lexicon.jsonl"],
  codes: [0],
  prepare: addLists,
  saysDone: (stderr) => /^Exported /m.test(stderr),
}];

export const SCENARIOS: readonly KillScenario[] = [
  ...IMPORTS,
  ...EXPORTS,
  ...PROFILES,
  ...COPIES,
  ...BACKUPS,
  ...LISTS,
];
