/** Questions asked of files: the answers must be those of the emulator, which has the same events by an import. */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { after, before, describe, it } from "node:test";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { type Random, seededRandom } from "../helpers/random.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { NOW_MS, runProgram } from "../helpers/world.ts";

interface SentEvent {
  event: string;
  properties: Record<string, unknown>;
}

const DAY_MS = 86_400_000;
const NAMES = ["View", "Add", "Buy", 'Größe "1"'];
const folder = temporaryFolder();

function randomEvents(random: Random, count: number): SentEvent[] {
  const events = Array.from({ length: count }, (_, index): SentEvent => {
    const time = Math.floor((NOW_MS - random.below(9 * DAY_MS)) / 1000);
    const properties: Record<string, unknown> = {
      time,
      distinct_id: `u-${random.below(12)}`,
      $insert_id: `i-${index}`,
    };
    if (random.chance(0.8)) properties.plan = random.pick(["free", "pro", "naïve", "a\\b"]);
    if (random.chance(0.7)) properties.amount = random.pick([1, 2.5, 40, 0, 1e21, -3]);
    if (random.chance(0.3)) properties.tags = random.pick([["a", "b"], [], ["b"]]);
    if (random.chance(0.2)) properties.paid = random.chance(0.5);
    return { event: random.pick(NAMES), properties };
  });
  // Sent twice: the later one counts.
  for (const { event, properties } of events.slice(0, 5)) {
    events.push({ event, properties: { ...properties, plan: "late" } });
  }
  return events;
}

const linesOf = (events: readonly SentEvent[]): string => events.map((one) => `${JSON.stringify(one)}\n`).join("");

const QUESTIONS: readonly (readonly string[])[] = [
  ["query", "segmentation", "Buy", "--last", "5d"],
  ["query", "segmentation", "Buy", "--last", "9d", "--math", "unique", "--on", 'properties["plan"]'],
  ["query", "segmentation", NAMES[3]!, "--last", "3d", "--unit", "hour"],
  [
    "query",
    "segmentation",
    "View",
    "--last",
    "9d",
    "--where",
    'properties["amount"] > 2 and "a" in properties["tags"]',
  ],
  ["query", "events", "View", "Buy", "--last", "5d", "--math", "unique"],
  ["query", "numeric", "Buy", 'properties["amount"]', "--last", "5d"],
  ["query", "sum", "Buy", 'properties["amount"]', "--last", "5d"],
  ["query", "average", "Buy", 'properties["amount"]', "--last", "5d"],
  ["query", "active", "--last", "5d"],
  ["query", "frequency", "--event", "View", "--last", "5d"],
  ["query", "retention", "View", "--event", "Buy", "--last", "7d", "--unit", "day"],
  ["query", "retention", "View", "Buy", "--last", "7d", "--unit", "day", "--by", "plan"],
  ["query", "funnel", "View", "Add", "Buy", "--within", "2d", "--last", "7d", "--by", "plan"],
  ["query", "flows", "--from", "View", "--steps", "2", "--last", "7d"],
  ["query", "insights", "--event", "Buy", "--event", "View", "--math", "unique", "--last", "7d", "--by", "plan"],
  ["query", "insights", "--event", "Buy", "--last", "7d", "--where", 'properties["plan"] == "naïve"'],
  ["query", "properties", "Buy", "plan", "--last", "5d"],
  ["events", "top", "--last", "5d"],
  ["events", "values", "Buy", "plan"],
  ["events", "properties", "Buy"],
  ["events", "list"],
];

/** Without the moment at which it was computed, and how long that took. */
function bare(text: string): string {
  return text.replace(/"(?:computed_at|time_elapsed|query_ms)":\s*(?:"[^"]*"|[\d.]+)/g, "");
}

const offline = (argv: readonly string[], env: Record<string, string> = {}) => runProgram([...argv], { env });

describe("questions asked of files", () => {
  let lab: ProgramLab;
  const lakes: Record<string, string> = {};
  const events = randomEvents(seededRandom(7), 400);

  before(async () => {
    lab = openProgramLab();
    const lines = folder.write("lines/events.jsonl", linesOf(events));
    lakes.lines = folder.path("lines");
    folder.write("zipped/events.jsonl.gz", gzipSync(linesOf(events)));
    lakes.zipped = folder.path("zipped");
    const imported = await lab.mp(["import", lines, "--no-checkpoint"]);
    assert.equal(imported.code, 0, imported.stderr);
    const days = ["--last", "10d", "-q"];
    for (
      const [name, flags] of Object.entries({
        export: [],
        hive: ["--hive", "-f", "parquet"],
        table: ["-f", "csv"],
      })
    ) {
      lakes[name] = folder.path(`${name}/`);
      const exported = await lab.mp(["export", "events", "-o", lakes[name], ...days, ...flags]);
      assert.equal(exported.code, 0, exported.stderr);
    }
    lakes.backup = folder.path("backup");
    const backed = await lab.mp(["export", "all", lakes.backup, "--last", "10d", "-q"]);
    assert.equal(backed.code, 0, backed.stderr);
  });
  after(() => lab.stop());

  for (const question of QUESTIONS) {
    it(`mp ${question.join(" ")}`, async () => {
      const asked = await lab.mp([...question, "-f", "json"]);
      assert.equal(asked.code, 0, asked.stderr);
      for (const [name, lake] of Object.entries(lakes)) {
        const answered = await offline([...question, "-f", "json", "--source", lake]);
        assert.equal(answered.code, 0, `${name}: ${answered.stderr}`);
        assert.equal(bare(answered.stdout), bare(asked.stdout), name);
      }
    });
  }

  it("counts as somebody does who looks at each event again", async () => {
    const { stdout } = await offline([
      "query",
      "segmentation",
      "Buy",
      "--last",
      "9d",
      "--math",
      "unique",
      "-f",
      "json",
      "--source",
      lakes.zipped!,
    ]);
    const { data } = JSON.parse(stdout) as { data: { series: string[]; values: { Buy: Record<string, number> } } };
    const counted = Object.fromEntries(data.series.map((day) => {
      const ofDay = events.filter(({ event, properties }) =>
        event === "Buy" && new Date(Number(properties.time) * 1000).toISOString().startsWith(day)
      );
      return [day, new Set(ofDay.map(({ properties }) => properties.distinct_id)).size];
    }));
    assert.deepEqual(data.values.Buy, counted);
  });

  it("draws the same tables and charts", async () => {
    for (const format of ["table", "csv", "chart"]) {
      const question = ["query", "segmentation", "Buy", "--last", "5d", "--on", 'properties["plan"]', "-f", format];
      const [asked, answered] = [await lab.mp(question), await offline([...question, "--source", lakes.hive!])];
      assert.equal(answered.stdout, asked.stdout);
    }
  });

  it("says what was read, and reads only the days that are asked for", async () => {
    const { stderr } = await offline(["query", "segmentation", "Buy", "--last", "2d", "--source", lakes.export!]);
    const within = events.filter(({ properties }) => Number(properties.time) * 1000 >= Date.UTC(2026, 10, 22));
    assert.match(
      stderr,
      new RegExp(`Read .*/export/ in .*: ${within.length} events of 2 days \\(2026-11-22 to 2026-11-23\\)`),
    );
    assert.match(stderr, /[1-5] of 10 files/);
    const named = await offline(["query", "insights", "--event", "Buy", "--last", "2d", "--source", lakes.export!]);
    assert.doesNotMatch(named.stderr, /Asked by/);
  });

  it("takes MP_SOURCE for --source, and needs no account", async () => {
    const question = ["query", "segmentation", "Buy", "--last", "5d", "-f", "json"];
    const [asked, answered] = [await lab.mp(question), await offline(question, { MP_SOURCE: lakes.export! })];
    assert.equal(answered.stdout, asked.stdout);
  });

  it("cuts days by --tz", async () => {
    const { stdout } = await offline([
      "query",
      "segmentation",
      "Buy",
      "--from",
      "2026-11-20",
      "--to",
      "2026-11-20",
      "--tz",
      "America/Los_Angeles",
      "-f",
      "json",
      "--source",
      lakes.export!,
    ]);
    const fromMs = Date.parse("2026-11-20T00:00:00-08:00");
    const wanted = new Set(
      events.filter(({ event, properties: { time } }) =>
        event === "Buy" && Number(time) * 1000 >= fromMs && Number(time) * 1000 < fromMs + DAY_MS
      ).map(({ properties }) => properties.$insert_id),
    ).size;
    assert.deepEqual(JSON.parse(stdout).data.values.Buy, { "2026-11-20": wanted });
  });

  it("suggests the names that the files have", async () => {
    const event = await offline(["query", "segmentation", "Buyy", "--last", "5d", "--source", lakes.export!]);
    assert.match(event.stderr, /Did you mean 'Buy'\?/);
    const on = ["--on", 'properties["plann"]'];
    const property = await offline(["query", "segmentation", "Buy", "--last", "5d", ...on, "--source", lakes.hive!]);
    assert.match(property.stderr, /Did you mean --on 'properties\["plan"\]'\?/);
  });
});

describe("what files cannot answer is refused in words", () => {
  const lake = folder.write("refused/events.jsonl", linesOf(randomEvents(seededRandom(1), 5)));
  const cases: readonly (readonly [argv: readonly string[], message: RegExp])[] = [
    [["query", "funnel", "7001", "--last", "5d"], /a saved report or funnel/],
    [["query", "flows", "12"], /a saved report or funnel/],
    [["query", "funnel", "7001", "--by", "plan", "--last", "5d"], /a saved report or funnel/],
    [["query", "insights", "9001", "--by", "plan", "--last", "5d"], /a saved report or funnel/],
    [["query", "flows", "12", "--by", "plan", "--last", "5d"], /a saved report or funnel/],
    [["query", "insights", "--metric", "12", "--last", "5d"], /a saved metric/],
    [["query", "insights", "--event", "Buy", "--cohort", "12", "--last", "5d"], /a saved cohort/],
    [["query", "insights", "--event", "$custom_event:12", "--last", "5d"], /a saved custom event/],
    [
      ["query", "segmentation", "Buy", "--on", 'user["plan"]', "--last", "5d"],
      /properties of users: it has no profiles/,
    ],
    [
      ["query", "insights", "--event", "Buy", "--by", "user.plan", "--last", "5d"],
      /properties of users: it has no profiles/,
    ],
    [["query", "insights", "--event", "Buy", "--last", "5d", "--link"], /a link to the web page/],
    [
      ["query", "segmentation", "Buy", "--last", "5d", "--limit", "1", "--on", "foo(", "--no-check"],
      /Cannot ask .*events\.jsonl: /,
    ],
    [["query", "segmentation", "Buy", "--last", "5d", "--dry-run"], /--dry-run with --source/],
    [["query", "segmentation", "Buy", "--last", "5d", "--tz", "Nowhere"], /--tz.*no such time zone/],
  ];
  for (const [argv, message] of cases) {
    it(argv.join(" "), async () => {
      const { code, stdout, stderr } = await offline([...argv, "--source", lake]);
      assert.equal(code, 3, stderr);
      assert.equal(stdout, "");
      assert.match(stderr, message);
    });
  }

  it("JQL and the activity of users with MP_SOURCE", async () => {
    for (
      const argv of [["query", "jql", "--code", "function main() {}"], ["query", "activity", "u-1", "--last", "5d"]]
    ) {
      const { code, stderr } = await offline(argv, { MP_SOURCE: lake });
      assert.equal(code, 3);
      assert.match(stderr, /which MP_SOURCE names/);
    }
  });

  it("flags that say how files are read, without files", async () => {
    const { code, stderr } = await offline(["query", "segmentation", "Buy", "--last", "5d", "--tz", "UTC"]);
    assert.equal(code, 3);
    assert.match(stderr, /--tz without --source/);
  });

  it("files without an event", async () => {
    const path = folder.write("none.csv", "a,b\n1,2\n");
    const { code, stderr } = await offline(["query", "segmentation", "Buy", "--last", "5d", "--source", path]);
    assert.equal(code, 3);
    assert.match(stderr, /it has no column "event"/);
    const lines = folder.write("none.jsonl", '{"a":1}\n');
    const other = await offline(["query", "segmentation", "Buy", "--last", "5d", "--source", lines]);
    assert.equal(other.code, 3);
    assert.match(other.stderr, /none of its records is one/);
  });
});

describe("layouts of other tools", () => {
  it("reads columns by --map", async () => {
    const rows = ["action,user,at,plan", "Buy,u-1,2026-11-22 10:00:00,pro", "Buy,u-2,2026-11-22 11:00:00,free", ""];
    const path = folder.write("mapped/purchases.csv", rows.join("\n"));
    const map = ["--map", "event=action", "--map", "distinct_id=user", "--map", "time=at"];
    const { code, stdout, stderr } = await offline([
      "query",
      "segmentation",
      "Buy",
      "--last",
      "2d",
      "--on",
      'properties["plan"]',
      "-f",
      "json",
      "--source",
      path,
      ...map,
    ]);
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(stdout).data.values, {
      free: { "2026-11-22": 1, "2026-11-23": 0 },
      pro: { "2026-11-22": 1, "2026-11-23": 0 },
    });
  });

  it("reads the layout of a preset", async () => {
    const line = JSON.stringify({
      event_type: "Buy",
      user_id: "u-1",
      event_time: "2026-11-22 10:00:00.000000",
      uuid: "5e6a7d0a-1111-2222-3333-444455556666",
      event_properties: { plan: "pro" },
    });
    const path = folder.write("amplitude/events.json", `${line}\n`);
    const { code, stdout, stderr } = await offline([
      "query",
      "segmentation",
      "Buy",
      "--last",
      "2d",
      "-f",
      "json",
      "--source",
      path,
      "--preset",
      "amplitude",
    ]);
    assert.equal(code, 0, stderr);
    assert.equal(JSON.parse(stdout).data.values.Buy["2026-11-22"], 1);
  });

  it("counts events without an $insert_id that are equal in everything once, as an import does", async () => {
    const event = {
      event: "Buy",
      properties: { time: Math.floor(NOW_MS / 1000) - 60, distinct_id: "u-1", plan: "pro" },
    };
    const path = folder.write("equal/events.jsonl", linesOf([event, event]));
    const { stdout } = await offline(["query", "segmentation", "Buy", "--last", "1d", "-f", "json", "--source", path]);
    assert.deepEqual(JSON.parse(stdout).data.values.Buy, { "2026-11-23": 1 });
  });

  it("says how many records are no events", async () => {
    const good = { event: "Buy", properties: { time: Math.floor(NOW_MS / 1000) - 60, distinct_id: "u-1" } };
    const path = folder.write("mixed/events.jsonl", `${linesOf([good])}{"event":""}\nnonsense\n`);
    const { code, stderr } = await offline(["query", "segmentation", "Buy", "--last", "1d", "--source", path]);
    assert.equal(code, 0);
    assert.match(stderr, /2 records are no events and do not count; the first: .*line 2: /);
  });
});

describe("people", () => {
  const time = Math.floor(NOW_MS / 1000) - 3600;
  const device = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
  const events: SentEvent[] = [
    { event: "View", properties: { time, distinct_id: device, $insert_id: "i-1" } },
    { event: "View", properties: { time: time + 2, distinct_id: "u-1", $insert_id: "i-2" } },
    {
      event: "$identify",
      properties: { time: time + 1, distinct_id: "u-1", $insert_id: "i-3", $identified_id: "u-1", $anon_id: device },
    },
  ];

  it("are joined by the events that say so", async () => {
    const path = folder.write("people/events.jsonl", linesOf(events));
    const question = ["query", "segmentation", "View", "--last", "1d", "--math", "unique", "-f", "json"];
    const { stdout } = await offline([...question, "--source", path]);
    assert.deepEqual(JSON.parse(stdout).data.values.View, { "2026-11-23": 1 });
  });

  it("have the profiles of a backup", async () => {
    const lab = openProgramLab();
    try {
      const lines = folder.write("profiled/events.jsonl", linesOf(events.slice(0, 2)));
      assert.equal((await lab.mp(["import", lines, "--no-checkpoint"])).code, 0);
      assert.equal((await lab.mp(["profiles", "set", "u-1", "plan=pro"])).code, 0);
      const backup = folder.path("profiled/backup");
      assert.equal((await lab.mp(["export", "all", backup, "--last", "2d"])).code, 0);
      const question = ["query", "segmentation", "View", "--last", "1d", "--on", 'user["plan"]', "-f", "json"];
      const answered = await offline([...question, "--source", backup]);
      assert.deepEqual(JSON.parse(answered.stdout).data.values, {
        pro: { "2026-11-23": 1 },
        undefined: { "2026-11-23": 1 },
      });
      assert.equal(answered.stdout, (await lab.mp(question)).stdout);
    } finally {
      await lab.stop();
    }
  });
});
