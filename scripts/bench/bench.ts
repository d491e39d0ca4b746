/** What every benchmark is given: the data, the servers, the program, and a folder for what they write. */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { BUN, ROOT } from "../project.ts";
import { type Pair, type Programs, Results } from "./comparison.ts";
import { type Dataset, writeDataset } from "./dataset.ts";
import { type Measurement, measureProcess } from "./measure_process.ts";
import type { Ports } from "./servers/main.ts";

export interface BenchOptions {
  /** An empty folder, which the caller removes. */
  folder: string;
  /** The program to measure: a binary, or a script that starts one. */
  binary: string;
  /** Another binary of `mp`, such as one of an earlier commit, that does the same work in the same rounds. */
  against?: string;
  events: number;
  rounds: number;
  /** Leaves out what takes minutes. */
  quick: boolean;
  python?: string;
}

export class Bench {
  readonly data: Dataset;
  readonly quick: boolean;
  readonly rounds: number;
  /** A Python with the package `duckdb`, if it is not the usual one. */
  readonly python: string | undefined;
  readonly #options: BenchOptions;
  readonly #ports: Ports;
  readonly #stop: () => void;
  /** What both binaries took, where there are two. */
  readonly #pairs: Pair[] = [];
  /** The binary that `mp` runs. */
  #binary: string;
  #hello: string | undefined;
  #hasRun = false;

  private constructor(options: BenchOptions, data: Dataset, ports: Ports, stop: () => void) {
    this.#options = options;
    this.#binary = options.binary;
    this.quick = options.quick;
    this.rounds = options.rounds;
    this.python = options.python;
    this.data = data;
    this.#ports = ports;
    this.#stop = stop;
  }

  /** Makes the data and starts the servers. */
  static async open(options: BenchOptions): Promise<Bench> {
    const dataFolder = join(options.folder, "data");
    mkdirSync(dataFolder, { recursive: true });
    const data = writeDataset(dataFolder, options.events);
    const script = join(ROOT, "scripts", "bench", "servers", "main.ts");
    const servers = spawn(BUN, [script, dataFolder, String(options.events)], { stdio: ["pipe", "pipe", "inherit"] });
    const line = await new Promise<string>((resolve, reject) => {
      createInterface(servers.stdout).once("line", resolve);
      servers.once("exit", (code) => reject(new Error(`The servers ended with ${code}`)));
    });
    return new Bench(options, data, JSON.parse(line) as Ports, () => servers.stdin.end());
  }

  /** The program that is measured. */
  get program(): string {
    return this.#options.binary;
  }

  /** A program that prints one line on the runtime of `program`; undefined when it is to be compiled with Bun. */
  get hello(): string | undefined {
    return this.#hello;
  }

  /** Measures this program from now on. */
  use(binary: string, hello?: string): void {
    this.#options.binary = this.#binary = binary;
    this.#hello = hello;
  }

  /** Stops the servers. */
  close(): void {
    this.#stop();
  }

  /** The path of something that a benchmark writes. */
  path(name: string): string {
    return join(this.#options.folder, "out", name);
  }

  /** Removes everything that benchmarks have written: a file that is there already costs the freeing of its pages. */
  clear(): void {
    rmSync(join(this.#options.folder, "out"), { recursive: true, force: true });
    mkdirSync(join(this.#options.folder, "out"), { recursive: true });
  }

  url(server: keyof Ports, path: string): string {
    return `http://127.0.0.1:${this.#ports[server]}${path}`;
  }

  /**
   * Runs each program once a round, one after the other, so that a busy machine slows all of them alike. Where there is
   * another binary, it does at once what `mp` did, or `mp` what the other did: which of them is first changes with the round.
   */
  async inTurn(
    programs: Programs,
    { rounds = this.#options.rounds, prepare = () => {} }: { rounds?: number; prepare?: () => void } = {},
  ): Promise<Results> {
    const { binary, against } = this.#options;
    const measured = new Results();
    const others = new Results();
    const run = async (name: string, chosen: string, results: Results) => {
      this.clear();
      prepare();
      settleDisks();
      this.#binary = chosen;
      this.#hasRun = false;
      results.add(name, await programs[name]!());
    };
    for (let round = 0; round < rounds; round++) {
      for (const name of Object.keys(programs)) {
        const isSecond = others.has(name) && round % 2 === 1;
        if (isSecond) await run(name, against!, others);
        await run(name, binary, measured);
        if (against !== undefined && this.#hasRun && !isSecond) await run(name, against, others);
      }
    }
    this.#binary = binary;
    for (const name of Object.keys(programs)) {
      if (others.has(name)) this.#pairs.push({ name, mp: measured.all(name), other: others.all(name) });
    }
    return measured;
  }

  /** What both binaries took since the last call. */
  takePairs(): Pair[] {
    return this.#pairs.splice(0);
  }

  /** Runs `mp` against a server, in a home that forgets everything from one run to the next. */
  mp(
    server: keyof Ports,
    args: readonly string[],
    { stdout = "/dev/null", exitCode = 0 }: { stdout?: string; exitCode?: number } = {},
  ): Promise<Measurement> {
    this.#hasRun = true;
    const home = this.path("home");
    rmSync(home, { recursive: true, force: true });
    const env = {
      PATH: process.env.PATH ?? "",
      HOME: home,
      MP_API_BASE_URL: this.url(server, ""),
      MP_USERNAME: "bench",
      MP_SECRET: "bench",
      MP_TOKEN: "bench",
      MP_PROJECT_ID: "1",
    };
    return measureProcess([this.#binary, ...args, "--no-pacing"], { env, stdout, exitCode });
  }

  /** Runs one of the scripts in floors/. */
  floor(name: string, args: readonly string[]): Promise<Measurement> {
    return this.run([BUN, join(ROOT, "scripts", "bench", "floors", `${name}.ts`), ...args]);
  }

  /** Runs any program. */
  run(argv: readonly string[], stdout = "/dev/null"): Promise<Measurement> {
    return measureProcess(argv, { env: { PATH: process.env.PATH ?? "", HOME: this.path("home") }, stdout });
  }
}

/** Waits until what was written is on the disk, so that no program waits for what another one wrote. */
function settleDisks(): void {
  if (process.platform !== "win32") spawnSync("sync");
}
