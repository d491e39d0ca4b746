/** The tests of a client: its driver is run once, then each of its calls is a test. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { after, before, it } from "node:test";
import { describeUnless } from "../helpers/needs.ts";
import type { Client, DriverLine, Program } from "./client.ts";
import { type ClientLab, openClientLab } from "./client_lab.ts";

/** On a machine that does other things too. */
const DRIVER_MS = 900_000;

export function testClient(client: Client): void {
  const start = client.install();
  describeUnless("reason" in start && start.reason, `${client.name}, ${client.package} ${client.version}`, () => {
    let lab: ClientLab;
    let surface: string[] | undefined;
    const outcomes = new Map<string, { answer?: unknown; error?: string }>();
    before(async () => {
      lab = await openClientLab(client.identity);
      Object.assign(lab.env, await client.prepare?.(lab));
      const lines = "run" in start ? await start.run(lab) : await runDriver(start as Program, lab.env);
      for (const line of lines) {
        if ("surface" in line) surface = line.surface;
        else outcomes.set(line.call, line);
      }
    });
    after(() => lab.stop());

    it("has no public method that its table lacks", () => {
      assert.deepEqual(surface?.toSorted(), Object.keys(client.calls).toSorted());
    });

    for (const [name, call] of Object.entries(client.calls)) {
      if ("not" in call) continue;
      it(`${name}: ${call.shows}`, async () => {
        const outcome = outcomes.get(name);
        assert.ok(outcome !== undefined, "the driver did not call it");
        assert.equal(outcome.error, undefined);
        await call.check(lab, outcome.answer);
      });
    }
  });
}

/**
 * What a driver prints. `labEnv` is what it finds in its environment, and where: in `MP_FOLDER`.
 *
 * @throws when it ends with a code, with all that it said.
 */
export async function runDriver(
  { argv: [program, ...args], env }: Program,
  labEnv: ClientLab["env"],
): Promise<DriverLine[]> {
  const child = spawn(program!, args, {
    env: { PATH: process.env.PATH, LANG: "C.UTF-8", ...labEnv, ...env },
    cwd: labEnv.MP_FOLDER,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stdout.on("data", (part) => output += part);
  child.stderr.on("data", (part) => errors += part);
  const timer = setTimeout(() => child.kill("SIGKILL"), DRIVER_MS);
  const [code] = await once(child, "close");
  clearTimeout(timer);
  if (code !== 0) throw new Error(`The driver ended with ${code}:\n${output}\n${errors}`);
  return output.split("\n").filter((line) => line.startsWith("@")).map((line) => JSON.parse(line.slice(1)));
}
