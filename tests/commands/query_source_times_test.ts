/** Events of times that cannot be: files of all forms are read by the same rules. It is noon of 2026-11-23. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { NOW_MS, runProgram } from "../helpers/world.ts";

const folder = temporaryFolder();
const DAY_MS = 86_400_000;
const TIMES = [NOW_MS - DAY_MS, 0, -1, 1e18, NOW_MS + DAY_MS, NOW_MS + 1000, 253402300799000];

const FORMS: Record<string, string> = {
  "times.jsonl": TIMES.map((time, index) =>
    `${JSON.stringify({ event: "A", properties: { time, distinct_id: "u", $insert_id: `i${index}` } })}\n`
  ).join(""),
  "times.csv": ["event,time,distinct_id,$insert_id", ...TIMES.map((time, index) => `A,${time},u,i${index}`)].join("\n"),
};

for (const [name, text] of Object.entries(FORMS)) {
  it(`counts no events of the future or before 1971: ${name}`, async () => {
    const source = folder.write(name, text);
    const { code, stdout, stderr } = await runProgram(
      ["query", "events", "A", "--from", "2026-11-20", "--to", "2026-12-05", "-f", "json", "--source", source],
      { env: { HOME: folder.path("home") } },
    );
    assert.equal(code, 0, stderr);
    const counts = Object.entries(JSON.parse(stdout).data.values.A).filter(([, count]) => count !== 0);
    assert.deepEqual(counts, [["2026-11-22", 1], ["2026-11-23", 1]]);
    // Of a table, more units of time are understood.
    if (name === "times.jsonl") assert.match(stderr, /5 records are no events and do not count/);
  });
}
