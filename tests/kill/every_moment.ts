/** Kills a job at a change of the file system, runs the same command again, and compares what is there in the end. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "./killed_program.ts";
import { type KillPoint, killPoints } from "./kill_point.ts";
import type { KillScenario } from "./kill_scenarios.ts";
import { NOW_MS, openKillWorld } from "./kill_world.ts";

const KILL_SWITCH = join(import.meta.dirname!, "kill_switch.ts");
/** Bun keeps what it has made of larger modules. */
const TRANSPILED = join(tmpdir(), "mp-kill-transpiled");
const CLOCK_STEP_MS = 200;
/** The clock of a later run begins later than that of one before it has come. */
const BETWEEN_RUNS_MS = 10 * 60_000;

/** What a run that nothing happened to does. */
export interface Undisturbed {
  code: number;
  stderr: string;
  snapshot: ReadonlyMap<string, string>;
  points: KillPoint[];
}

/** How it went with some kill points. */
export interface Kills {
  kills: number;
  runs: number;
  failures: string[];
}

export async function runUndisturbed(scenario: KillScenario): Promise<Undisturbed> {
  return await inWorld(scenario, async (run, snapshot) => {
    const { code, stderr, log } = await run();
    if (code === undefined || !scenario.codes.includes(code)) throw new Error(`It ended with ${code}: ${stderr}`);
    return { code, stderr, snapshot: await snapshot(), points: killPoints(log) };
  });
}

/**
 * Kills a run at the first point, one that goes on after it at the second and so on, then lets the command end. Throws
 * when the result is another one than that of the undisturbed run. Returns how many runs were killed.
 */
export async function killAndGoOn(
  scenario: KillScenario,
  whole: Undisturbed,
  points: readonly KillPoint[],
): Promise<{ kills: number; runs: number }> {
  return await inWorld(scenario, async (run, snapshot) => {
    const counts = { kills: 0, runs: 0 };
    const said: string[] = [];
    for (const point of [...points, undefined]) {
      const { code, stderr, log } = await run(point);
      counts.runs++;
      said.push(`${code ?? `killed ${point?.moment} ${log.at(-1)}`}: ${stderr.trim()}`);
      if (code === undefined) {
        counts.kills++;
        // Whoever has been told how a job ended has no reason to run it again.
        if (!scenario.saysDone(stderr)) continue;
      } else if (code !== whole.code) {
        throw new Error(`It ended with ${code} and not ${whole.code}\n${said.join("\n")}`);
      }
      const different = firstDifference(
        whole.snapshot,
        await snapshot(),
        code === undefined ? scenario.mayRemain : undefined,
      );
      if (different !== undefined) throw new Error(`${different}\n${said.join("\n")}`);
      const [expected, sum] = [scenario.sumOf?.(whole.stderr), scenario.sumOf?.(stderr)];
      if (expected !== sum) throw new Error(`It says ${sum} and not ${expected}\n${said.join("\n")}`);
      break;
    }
    return counts;
  });
}

/** Tries each list of points, several at the same time. */
export async function tryAll(
  scenario: KillScenario,
  whole: Undisturbed,
  lists: readonly (readonly KillPoint[])[],
  options: { atOnce: number; onFailure?: (failure: string) => void },
): Promise<Kills> {
  const all: Kills = { kills: 0, runs: 0, failures: [] };
  let next = 0;
  const work = async () => {
    for (let points = lists[next++]; points !== undefined; points = lists[next++]) {
      try {
        const { kills, runs } = await killAndGoOn(scenario, whole, points);
        all.kills += kills;
        all.runs += runs;
      } catch (error) {
        const place = points.map(({ change, moment }) => `${change}:${moment}`).join(",");
        const failure = `${scenario.name} killed at ${place}: ${(error as Error).message}`;
        all.failures.push(failure);
        options.onFailure?.(failure);
      }
    }
  };
  await Promise.all(Array.from({ length: options.atOnce }, work));
  return all;
}

interface Run {
  /** Undefined when it was killed. */
  code: number | undefined;
  stderr: string;
  /** Its changes of the file system. */
  log: string[];
}

async function inWorld<T>(
  scenario: KillScenario,
  action: (run: (point?: KillPoint) => Promise<Run>, snapshot: () => Promise<Map<string, string>>) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "mp-kill-"));
  const world = openKillWorld(folder);
  let runs = 0;
  const program = async (args: readonly string[], point?: KillPoint): Promise<Run> => {
    const log = join(folder, `log-${runs}`);
    const { code, stderr } = await runProgram([...args, "--no-pacing"], {
      url: world.url,
      home: folder,
      cwd: world.work,
      preload: KILL_SWITCH,
      env: {
        ...world.env,
        BUN_RUNTIME_TRANSPILER_CACHE_PATH: TRANSPILED,
        MP_TEST_KILL_LOG: log,
        MP_TEST_CLOCK: `${NOW_MS + runs++ * BETWEEN_RUNS_MS}:${CLOCK_STEP_MS}`,
        ...(point === undefined ? {} : { MP_TEST_KILL: `${point.change}:${point.moment}` }),
      },
    });
    return { code, stderr, log: linesOf(log) };
  };
  try {
    await scenario.prepare(world, async (args) => {
      const { code, stderr } = await program(args);
      if (code !== 0) throw new Error(`mp ${args.join(" ")} ended with ${code}: ${stderr}`);
    });
    return await action((point) => program(scenario.args, point), () => world.snapshot());
  } finally {
    await world.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, "utf8").trimEnd().split("\n");
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return [];
    throw error;
  }
}

function firstDifference(
  expected: ReadonlyMap<string, string>,
  found: ReadonlyMap<string, string>,
  mayRemain?: RegExp,
): string | undefined {
  for (const path of new Set([...expected.keys(), ...found.keys()])) {
    const [one, other] = [expected.get(path), found.get(path)];
    if (one === other || (one === undefined && mayRemain?.test(path))) continue;
    if (one === undefined) return `${path} is left over: ${other?.slice(0, 300)}`;
    if (other === undefined) return `${path} is missing`;
    const lines = [one.split("\n"), other.split("\n")] as const;
    const at = lines[0].findIndex((line, index) => line !== lines[1][index]);
    return `${path} has ${lines[1].length} lines instead of ${lines[0].length}; line ${at + 1}: ${
      lines[1][at]
    } instead of ${lines[0][at]}`.slice(0, 1500);
  }
  return undefined;
}
