import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { createProgress, type ProgressOptions } from "../../src/output/progress.ts";
import { textWidth } from "../../src/output/text_width.ts";
import { recordingOutput } from "./recording_output.ts";

const ERASE_LINE = "\r\x1b[2K";

/** A progress line on a terminal, whose clock stands until it is moved. */
function setUp(options: Partial<ProgressOptions> = {}, facts: { columns?: number; closedAfter?: number } = {}) {
  const output = recordingOutput({ isTerminal: true, columns: 100, ...facts });
  const clock = { ms: 1000, now: () => clock.ms };
  const progress = createProgress(output, clock, { enabled: true, label: "Importing", ...options });
  /** The line as it stands, without control sequences. */
  // deno-lint-ignore no-control-regex -- takes the sequences away
  const line = () => output.writes.at(-1)!.replace(/\x1b\[\d*[mK]|\r/g, "");
  /** Lets earlier writes end, as they do between two pieces of real work. */
  const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
  return { output, clock, progress, line, settle };
}

describe("createProgress", () => {
  it("writes nothing at all in a pipe or when it is not enabled", async () => {
    for (const [isTerminal, enabled] of [[false, true], [true, false]]) {
      const output = recordingOutput({ isTerminal });
      const progress = createProgress(output, performance, { enabled, label: "Importing" });
      progress.advance({ bytes: 1 });
      progress.note("waiting");
      await progress.done("summary");
      assert.deepEqual(output.writes, []);
    }
  });

  it("shows a bar with share, amounts, rate and time left", async () => {
    const { clock, progress, line, settle } = setUp({ total: { bytes: 10e6 } });
    progress.advance({ bytes: 1e6, records: 8000 });
    assert.equal(line(), "Importing  ━━┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄   10%  8,000 records  1.0 MB");
    await settle();
    clock.ms += 2000;
    progress.advance({ bytes: 4e6, records: 32_000 });
    assert.equal(
      line(),
      "Importing  ━━━━━━━━━━━━┄┄┄┄┄┄┄┄┄┄┄┄   50%  40,000 records  5.0 MB  2.5 MB/s  2.0 s left",
    );
  });

  it("shows a counter when the total is not known", async () => {
    const { clock, progress, line, settle } = setUp({ label: "Exporting" });
    progress.advance({ records: 500 });
    assert.equal(line(), "⠋ Exporting  500 records  0 ms");
    await settle();
    clock.ms += 65_000;
    progress.advance({ records: 500 });
    assert.equal(line(), "⠙ Exporting  1,000 records  8/s  1 m 05 s");
  });

  it("counts steps by their name, and what an earlier run did towards the share but not the rate", async () => {
    const { clock, progress, line, settle } = setUp({
      total: { steps: 31 },
      already: { steps: 15, bytes: 150e6 },
      stepNoun: "days",
    });
    progress.advance({});
    assert.equal(line(), "Importing  ━━━━━━━━━━━╸┄┄┄┄┄┄┄┄┄┄┄┄   48%  15/31 days  150 MB");
    await settle();
    clock.ms += 1000;
    progress.advance({ steps: 1, bytes: 10e6 });
    assert.ok(line().endsWith("  51%  16/31 days  160 MB  10.0 MB/s  15 s left"), line());
  });

  it("forgets the rate of long ago", async () => {
    const { clock, progress, line, settle } = setUp();
    progress.advance({ bytes: 1e9 });
    for (let second = 1; second <= 20; second++) {
      await settle();
      clock.ms += 1000;
      progress.advance({ bytes: 1e6 });
    }
    assert.ok(line().includes("  1.0 MB/s  "), line());
  });

  it("draws at most ten times a second", async () => {
    const { output, clock, progress, settle } = setUp();
    for (let index = 0; index < 1000; index++) {
      clock.ms += 1;
      progress.advance({ bytes: 1 });
      if (index % 10 === 9) await settle();
    }
    assert.ok(output.writes.length >= 9 && output.writes.length <= 10, `${output.writes.length} draws`);
  });

  it("keeps notes above the line", async () => {
    const { output, clock, progress, settle } = setUp();
    progress.note("Waiting 2 s");
    await settle();
    progress.advance({ bytes: 1 });
    await settle();
    clock.ms += 500;
    progress.note("Rate\nlimited\x1b[2J");
    progress.advance({ bytes: 1 });
    assert.equal(output.writes[0], "Waiting 2 s\n");
    assert.equal(output.writes[2], `${ERASE_LINE}Rate limited␛[2J\n`);
  });

  it("leaves the summary in its place, or nothing after an interruption", async () => {
    const finished = setUp();
    finished.progress.advance({ bytes: 1 });
    await finished.progress.done("Imported 1 record");
    assert.equal(finished.output.writes.at(-1), `${ERASE_LINE}Imported 1 record\n`);

    const interrupted = setUp();
    interrupted.progress.advance({ bytes: 1 });
    await interrupted.progress.done();
    assert.equal(interrupted.output.writes.at(-1), ERASE_LINE);
  });

  it("is silent after its end, and needs to draw nothing to end", async () => {
    const { output, clock, progress } = setUp();
    await progress.done();
    assert.deepEqual(output.writes, []);
    clock.ms += 1000;
    progress.advance({ bytes: 1 });
    progress.note("late");
    await progress.done("late");
    assert.deepEqual(output.writes, []);
  });

  it("never breaks the line, however narrow the terminal", () => {
    for (let columns = 1; columns <= 120; columns++) {
      for (const total of [undefined, { bytes: 10e6 }]) {
        const { progress, line } = setUp({ label: "日本語 import", total, colour: true }, { columns });
        progress.advance({ bytes: 5e6, records: 123_456 });
        assert.ok(textWidth(line()) < columns, `${textWidth(line())} cells in ${columns}: ${line()}`);
      }
    }
  });

  it("goes on without a terminal when that is closed", async () => {
    const { output, clock, progress, settle } = setUp({}, { closedAfter: 1 });
    for (let index = 0; index < 3; index++) {
      progress.advance({ bytes: 1 });
      clock.ms += 200;
      await settle();
    }
    await progress.done("summary");
    assert.equal(output.writes.length, 1);
  });
});
