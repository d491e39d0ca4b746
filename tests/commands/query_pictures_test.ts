/** The pictures of the reports against a slow computation from the events themselves. */
import { strict as assert } from "node:assert";
import { after, before, describe, it } from "node:test";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { rowOfRecord } from "../../src/sandbox/ingestion/event_row.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { type Random, seededRandom } from "../helpers/random.ts";
import { NOW_MS } from "../helpers/world.ts";
import { openStubbed, type Stubbed } from "./stubbed.ts";

const SETS = 200;
const DAY_MS = 86_400_000;
const UNIT_MS = { day: DAY_MS, week: 7 * DAY_MS };

interface Done {
  event: "born" | "back";
  person: string;
  timeMs: number;
}

let lab: ProgramLab;
let stubbed: Stubbed;
before(async () => {
  lab = openProgramLab();
  stubbed = await openStubbed();
});
after(async () => {
  await lab.stop();
  await stubbed.server.finish();
});

/** What some people did in the last sixty days, the newest of it a minute ago. */
function randomEvents(random: Random): Done[] {
  const people = 1 + random.below(40);
  return Array.from({ length: people * 4 }, () => ({
    event: random.chance(0.4) ? "born" : "back",
    person: `p${random.below(people)}`,
    timeMs: NOW_MS - 60_000 - random.below(60 * DAY_MS / 1000) * 1000,
  }));
}

/** The picture's rows by definition: no bucket arithmetic is shared with the program or its emulator. */
function expectedRows(events: Done[], unit: "day" | "week", starts: number[], fromMs: number, intervals: number) {
  const length = UNIT_MS[unit];
  const births = new Map<string, number>();
  for (const { event, person, timeMs } of events) {
    if (event === "born") births.set(person, Math.min(births.get(person) ?? Infinity, timeMs));
  }
  const cohorts = starts.map((start) => {
    const people = [...births].filter(([, birth]) => birth >= Math.max(start, fromMs) && birth < start + length);
    const cells = Array.from({ length: intervals }, (_, index) => {
      if (start + index * length >= NOW_MS) return undefined;
      const returned = people.filter(([person, birth]) =>
        events.some((one) =>
          one.event === "back" && one.person === person && Math.floor((one.timeMs - birth) / length) === index
        )
      );
      // Somebody born in the last moment of the period has had the interval when it is over for everybody.
      return { returned: returned.length, isComplete: start + length + (index + 1) * length <= NOW_MS };
    });
    return { people: people.length, cells };
  });
  const average = Array.from({ length: intervals }, (_, index) => {
    for (const isComplete of [true, false]) {
      const own = cohorts.filter(({ people, cells }) => people > 0 && cells[index]?.isComplete === isComplete);
      const people = own.reduce((sum, one) => sum + one.people, 0);
      if (people === 0) continue;
      const returned = own.reduce((sum, { cells }) => sum + cells[index]!.returned, 0);
      return percent(returned / people) + (isComplete ? "" : "*");
    }
    return undefined;
  });
  const rows = cohorts.map(({ people, cells }) =>
    cells.map((cell) =>
      cell === undefined || people === 0 ? undefined : percent(cell.returned / people) + (cell.isComplete ? "" : "*")
    )
  );
  return [average, ...rows].map((row) => row.filter((cell) => cell !== undefined));
}

const percent = (share: number): string => share > 0 && share < 0.0005 ? "<0.1%" : `${(share * 100).toFixed(1)}%`;

describe("the heat map of retention", () => {
  it(`shows what follows from the events, of ${SETS} random sets`, async () => {
    for (let seed = 1; seed <= SETS; seed++) {
      const random = seededRandom(seed);
      const unit = random.pick(["day", "week"] as const);
      const events = randomEvents(random);
      lab.store.events.append(
        SANDBOX.projectId,
        events.map(({ event, person, timeMs }, index) =>
          rowOfRecord({
            event: `${event} ${seed}`,
            properties: { time: timeMs / 1000, distinct_id: `${seed}-${person}`, $insert_id: `${seed}-${index}` },
          })
        ),
      );
      const periods = unit === "day" ? 2 + random.below(12) : 2 + random.below(7);
      const { stdout, code, stderr } = await lab.mp([
        ...["query", "retention", `born ${seed}`, "--event", `back ${seed}`, "--unit", unit],
        ...["--last", unit === "day" ? `${periods}d` : `${periods}w`, "--no-pacing"],
      ], { terminal: { columns: 200 }, env: { NO_COLOR: "1" } });
      assert.equal(code, 0, stderr);
      const lines = stdout.trimEnd().split("\n").slice(1).filter((line) => /^(average|\d{4}-)/.test(line));
      const shown = lines.map((line) => line.match(/<?[\d.]+%\*?/g) ?? []);
      const starts = lines.slice(1).map((line) => Date.parse(`${line.slice(0, 10)}T00:00:00Z`));
      const days = unit === "day" ? periods : periods * 7;
      const fromMs = Math.floor(NOW_MS / DAY_MS) * DAY_MS - (days - 1) * DAY_MS;
      const intervals = Math.min(12, Math.max(1, periods - 1)) + 1;
      assert.deepEqual(shown, expectedRows(events, unit, starts, fromMs, intervals), `seed ${seed}\n${stdout}`);
    }
  });
});

describe("the matrix of a funnel", () => {
  it(`shows the counts of an answer and their shares, of ${SETS} random answers`, async () => {
    for (let seed = 1; seed <= SETS; seed++) {
      const random = seededRandom(seed);
      const names = Array.from({ length: 2 + random.below(4) }, (_, index) => `Step ${"abcdef"[index]}`);
      const segments = Object.fromEntries(
        Array.from({ length: 1 + random.below(8) }, (_, index) => {
          let count = random.below(10_000);
          return [
            index === 0 ? "$overall" : `s${index}`,
            names.map((event) => {
              const step = { count, event };
              count = random.below(count + 1);
              return step;
            }),
          ];
        }),
      );
      stubbed.server.on("GET", "/api/query/funnels", { json: { meta: {}, data: { "2026-11-01": segments } } });
      const { stdout } = await stubbed.mp(
        ["query", "funnel", "1", "--from", "2026-11-01", "--to", "2026-11-20", "--on", "country", "--no-pacing"],
        { terminal: { columns: 200 }, env: { NO_COLOR: "1" } },
      );
      const lines = stdout.split("\n").filter((line) => /^(\$overall|s\d)/.test(line));
      assert.equal(lines[0]!.startsWith("$overall"), true);
      assert.equal(lines.length, Object.keys(segments).length);
      let previous = Infinity;
      for (const line of lines.slice(1)) {
        const first = Number(line.split(/\s+/)[1]!.replaceAll(",", ""));
        assert.ok(first <= previous, stdout);
        previous = first;
      }
      for (const line of lines) {
        const steps = segments[line.split(/\s+/)[0]!]!;
        const expected = steps.flatMap(({ count }, index) => {
          const shares = (of: number) => of === 0 ? [] : [percent(count / of)];
          if (index === 0) return [String(count)];
          const before = shares(steps[index - 1]!.count).map((text) => `(${text})`);
          return [String(count), ...shares(steps[0]!.count), ...(index < 2 ? [] : before)];
        });
        const shown = line.replaceAll(",", "").replace(/ +[▏▎▍▌▋▊▉█]*$/, "").trim().split(/\s+/).slice(1);
        assert.deepEqual(shown, expected, `seed ${seed}\n${stdout}`);
      }
    }
  });
});
