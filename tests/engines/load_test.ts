/** `mp export events -o clickhouse://…`, killed again and again: in the end each event is there once. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import process from "node:process";
import { ROOT } from "../../scripts/project.ts";
import { sandboxEnvironment } from "../../src/commands/sandbox/shared/sandbox_environment.ts";
import { itUnless } from "../helpers/needs.ts";
import { openProgramLab } from "../helpers/program_lab.ts";
import { seededRandom } from "../helpers/random.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { NOW_MS } from "../helpers/world.ts";
import { installedClickHouse, serveClickHouse } from "./drivers/served_clickhouse.ts";
import { randomEvents } from "./random_parts.ts";

const SEED = Number(process.env.MP_ENGINE_SEED ?? Math.floor(Math.random() * 1e6));
const KILLS = Number(process.env.MP_ENGINE_KILLS ?? 8);
/** Before each statement, so that a job is killed between any two and within each. */
const DELAY_SECONDS = 0.05;

const folder = temporaryFolder();
const clickhouse = installedClickHouse();

itUnless(
  "reason" in clickhouse && clickhouse.reason,
  "a load that is killed is exact",
  { timeout: 3_600_000 },
  async () => {
    if ("reason" in clickhouse) return;
    const random = seededRandom(SEED);
    const events = randomEvents(random, 600);
    const lab = openProgramLab();
    const served = await serveClickHouse(clickhouse.python, folder.path("clickhouse"), { delaySeconds: DELAY_SECONDS });
    try {
      const lines = events.map(({ name, timeMs, distinctId, properties }) =>
        JSON.stringify({ event: name, properties: { ...properties, time: timeMs / 1000, distinct_id: distinctId } })
      );
      const input = folder.write("events.jsonl", lines.map((line) => `${line}\n`).join(""));
      assert.equal((await lab.mp(["import", input, "--no-checkpoint", "-q"])).code, 0);
      const day = (timeMs: number) => new Date(timeMs).toISOString().slice(0, 10);
      const range = ["--from", day(NOW_MS - 38 * 86_400_000), "--to", day(NOW_MS)];
      const target = `clickhouse://127.0.0.1:${served.port}/default.events`;
      const run = async (killAfterMs?: number) => {
        const env = { PATH: process.env.PATH, HOME: folder.path("home"), ...sandboxEnvironment(lab.url) };
        const argv = [join(ROOT, "main.ts"), "export", "events", ...range, "-o", target, "-q"];
        const child = spawn(process.execPath, argv, { env, stdio: ["ignore", "ignore", "pipe"] });
        let said = "";
        child.stderr.on("data", (part) => said += part);
        const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfterMs);
        const [code, signal] = await once(child, "close");
        clearTimeout(timer);
        return { code, signal, said };
      };
      const began = performance.now();
      assert.deepEqual(await run(1500), { code: null, signal: "SIGKILL", said: "" });
      let killed = 1;
      for (let count = 1; count < KILLS; count++) {
        const { signal, code, said } = await run(1500 + random.below(6000));
        assert.ok(signal === "SIGKILL" || code === 0, said);
        if (signal === "SIGKILL") killed++;
      }
      const { code, said } = await run();
      assert.equal(code, 0, said);
      assert.ok(killed > 1, `killed ${killed} times in ${Math.round(performance.now() - began)} ms`);
      const rows = await served.ask(
        "SELECT event, toUnixTimestamp64Milli(time), distinct_id, `$insert_id`, toString(amount), toString(vip) FROM events",
      );
      const expected = events.map(({ name, timeMs, distinctId, properties }) => [
        ...[
          name.replaceAll("\\", "\\\\").replaceAll("'", "\\'"),
          String(timeMs),
          distinctId,
          String(properties.$insert_id),
        ],
        ...[properties.amount, properties.vip].map((value) => value === undefined ? "\\N" : String(value)),
      ]);
      const sorted = (all: string[][]) => all.toSorted(([, , , one], [, , , other]) => one! < other! ? -1 : 1);
      assert.deepEqual(sorted(rows), sorted(expected), `seed ${SEED}`);
      assert.deepEqual(await served.ask("SELECT name FROM system.tables WHERE name LIKE '%loading%'"), []);
    } finally {
      await served.stop();
      await lab.stop();
    }
  },
);
