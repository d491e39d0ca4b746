import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import type { Context } from "../../src/cli/context.ts";
import type { GlobalFlags } from "../../src/cli/globals.ts";
import { jobProgress, progressMode } from "../../src/cli/job_progress.ts";
import { buffer, testWorld } from "../helpers/world.ts";

interface Facts {
  globals?: Partial<GlobalFlags>;
  env?: Record<string, string>;
  /** Standard output is a pipe, and standard error a terminal. */
  piped?: boolean;
  printsData?: boolean;
  mode?: "auto" | "json" | "none";
}

/** What stands on standard error after a drawing, without the lines being taken away. */
async function drawn({ globals, env, piped = false, printsData, mode = "auto" }: Facts): Promise<string> {
  const world = testWorld({ env, terminal: true });
  const stdout = piped ? buffer() : world.stdout;
  const context = {
    ...world,
    stdout,
    globals: { quiet: false, verbose: false, color: true, ...globals },
  } as unknown as Context;
  const progress = jobProgress(context, mode, { label: "Exporting", noun: "events", printsData });
  progress.advance({ records: 3 });
  const text = world.stderr.text();
  await progress.done();
  return text;
}

describe("jobProgress", () => {
  it("draws on a terminal, in colour where that is wanted", async () => {
    assert.ok((await drawn({})).includes("\x1b[36m⠋\x1b[0m Exporting  3 events"));
    for (const facts of [{ env: { NO_COLOR: "1" } }, { globals: { color: false } }]) {
      assert.match(await drawn(facts), /⠋ Exporting {2}3 events/);
    }
  });

  it("draws nothing where the lines would be in the way", async () => {
    const silent: Facts[] = [
      { globals: { quiet: true } },
      { globals: { verbose: true } },
      { env: { TERM: "dumb" } },
      { printsData: true },
      { mode: "none" },
    ];
    for (const facts of silent) assert.equal(await drawn(facts), "", JSON.stringify(facts));
    assert.match(await drawn({ printsData: true, piped: true }), /3 events/);
  });

  it("writes JSON also with --quiet, since that was asked for by name", async () => {
    const world = testWorld({});
    const context = { ...world, globals: { quiet: true, verbose: false, color: true } } as unknown as Context;
    await jobProgress(context, "json", { label: "Exporting", noun: "events" }).done();
    assert.equal(JSON.parse(world.stderr.text()).type, "end");
    assert.equal(progressMode.parse(undefined), "auto");
  });
});
