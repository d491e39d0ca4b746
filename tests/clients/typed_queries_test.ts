/** Mixpanel's own client and `mp query` ask the same questions of one emulator, and get the same numbers. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { rowOfRecord } from "../../src/sandbox/ingestion/event_row.ts";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { parseJson } from "../../src/streams/json/json.ts";
import { describeUnless } from "../helpers/needs.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { HEADLESS, installPackages } from "../helpers/python_packages.ts";
import { seededRandom } from "../helpers/random.ts";
import { runDriver } from "./run_client.ts";

const DAYS = ["--from", "2026-11-05", "--to", "2026-11-20"];
const VIEW = "View Product";
const CART = "Add to Cart";
const BUY = "Purchase";
const IS_PRO = 'properties["plan"] == "pro"';
const PRO = ["--where", IS_PRO];
const PAYING = ["--cohort", "8001"];

const insights = (...flags: string[]) => ["insights", ...DAYS, ...flags];
const views = (...flags: string[]) => insights("--event", VIEW, ...flags);
const buys = (...flags: string[]) => insights("--event", BUY, ...flags);
const funnel = (steps: readonly string[], ...flags: string[]) => ["funnel", ...steps, ...DAYS, ...flags];
const toBuy = (...flags: string[]) => funnel([VIEW, BUY], ...flags);
const retention = (...flags: string[]) => [
  "retention",
  VIEW,
  BUY,
  ...DAYS,
  ...flags.includes("--unit") ? [] : ["--unit", "day"],
  ...flags,
];
const flows = (...flags: string[]) => [
  "flows",
  ...["--since", "2026-11-05", "--until", "2026-11-20"],
  ...flags.includes("--from") ? [] : ["--from", VIEW],
  ...flags.includes("--steps") ? [] : ["--steps", "2"],
  ...flags,
];

/** By the names that `drivers/headless_questions.py` has them under. */
const QUESTIONS: Readonly<Record<string, string[]>> = {
  "insights: events by day": views(),
  "insights: users by week": views("--math", "unique", "--unit", "week"),
  "insights: users of each day": views("--math", "dau"),
  "insights: a sum": buys("--math", "total:amount"),
  "insights: an average by plan": buys("--math", "average:amount", "--by", "plan", "--totals"),
  "insights: the 90th percentile": buys("--math", "p90:amount", "--totals"),
  "insights: what a user spends": buys("--math", "average:amount", "--per-user", "total", "--totals"),
  "insights: with conditions": buys("--where", 'properties["plan"] == "pro" and properties["amount"] > 20'),
  "insights: a formula": views("--event", BUY, "--math", "unique", "--formula", "B / A * 100", "--unit", "week"),
  "insights: a rolling average": views("--rolling", "3"),
  "insights: a running total": views("--cumulative"),
  "insights: two breakdowns": views("--by", "plan", "--by", "os", "--totals"),
  "insights: of a cohort": views(...PAYING),
  "insights: the size of a cohort": insights("--cohort-size", "8001"),
  "insights: by cohort": views("--by-cohort", "8001:Paying", "--totals"),
  "funnel: two steps": toBuy(),
  "funnel: three steps": funnel([VIEW, CART, BUY]),
  "funnel: by plan": toBuy("--by", "plan"),
  "funnel: within two days": toBuy("--within", "2d"),
  "funnel: within an hour": funnel([VIEW, CART], "--within", "1h"),
  "funnel: in any order": funnel([BUY, VIEW], "--any-order"),
  "funnel: all times": toBuy("--math", "total"),
  "funnel: sessions": funnel([VIEW, CART], "--math", "session", "--within", "1session"),
  "funnel: without those who did another": toBuy("--exclude", CART),
  "funnel: without those between two steps": funnel([VIEW, CART, BUY], "--exclude", "Refund:1-2"),
  "funnel: holding a property constant": toBuy("--hold", "os"),
  "funnel: with a condition": toBuy(...PRO),
  "funnel: of a cohort": toBuy(...PAYING),
  "funnel: by week": toBuy("--unit", "week"),
  "funnel: those who began again": toBuy("--reentry", "aggressive"),
  "retention: by day": retention(),
  "retention: by week": retention("--unit", "week"),
  "retention: by month": retention("--unit", "month"),
  "retention: of calendar days": retention("--align", "calendar"),
  "retention: intervals of different length": retention("--intervals", "1,3,7"),
  "retention: carried back": retention("--carry", "back"),
  "retention: carried forward": retention("--carry", "forward"),
  "retention: as long as they came": retention("--carry", "consecutive"),
  "retention: by plan": retention("--by", "plan"),
  "retention: with a condition": retention("--born-where", IS_PRO, "--where", IS_PRO),
  "retention: of a cohort": retention(...PAYING),
  "retention: added up": retention("--cumulative"),
  "flows: what follows": flows(),
  "flows: what leads to it": flows("--from", BUY, "--steps", "1", "--before", "2"),
  "flows: paths": flows("--shape", "paths"),
  "flows: a tree": flows("--shape", "tree"),
  "flows: all times": flows("--count", "total"),
  "flows: sessions": flows("--count", "session", "--within", "1session"),
  "flows: within two days": flows("--within", "2d"),
  "flows: one branch": flows("--branches", "1"),
  "flows: the same event once": flows("--collapse"),
  "flows: with an event hidden": flows("--hide", CART),
  "flows: with an event left out": flows("--exclude", CART),
  "flows: with a condition": flows(...PRO),
  "flows: of a cohort": flows(...PAYING),
};

type Json = Record<string, unknown>;

/** The server's answer as the driver shows the client's: without what the two call their metrics. */
function numbersOf(kind: string, body: Json): unknown {
  if (kind === "flows") {
    const trees = (body.trees ?? []) as { root: { totalCount: unknown } }[];
    return {
      steps: body.steps ?? [],
      flows: body.flows ?? [],
      trees: trees.map(({ root }) => Number(root.totalCount)),
    };
  }
  const [first, ...more] = Object.values(body.series as Json) as Json[];
  if (kind !== "retention") return [first, ...more];
  const segments = "$overall" in first! ? first : { $overall: first };
  return Object.fromEntries(Object.entries(segments).map(([name, cohorts]) => [name, byDay(cohorts as Json)]));
}

/** The client's cohorts go by their days alone. */
function byDay(cohorts: Json): Json {
  return Object.fromEntries(
    Object.entries(cohorts).map(([key, cohort]) => [key.startsWith("$") ? key : key.slice(0, 10), cohort]),
  );
}

const installed = installPackages(HEADLESS);

describeUnless("reason" in installed && installed.reason, "typed queries of mixpanel-headless", () => {
  let lab: ProgramLab;
  let folder: string;
  let surface: string[] = [];
  const answers = new Map<string, { answer?: unknown; error?: string }>();
  before(async () => {
    lab = openProgramLab();
    loadShop(lab);
    const start = {
      argv: [(installed as { python: string }).python, join(import.meta.dirname!, "drivers", "headless_questions.py")],
      env: { MP_API_BASE_URL: lab.url },
    };
    folder = mkdtempSync(join(tmpdir(), "mp-typed-"));
    const login = {
      MP_FOLDER: folder,
      HOME: folder,
      MP_DAY: "2026-11-20",
      MP_USERNAME: SANDBOX.username,
      MP_SERVICE_SECRET: SANDBOX.serviceSecret,
      MP_PROJECT: String(SANDBOX.projectId),
    };
    for (const line of await runDriver(start, login)) {
      if ("surface" in line) surface = line.surface;
      else answers.set(line.call, line);
    }
  });
  after(async () => {
    await lab.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("are all asked of mp too", () => assert.deepEqual(surface, Object.keys(QUESTIONS)));

  for (const [name, argv] of Object.entries(QUESTIONS)) {
    it(`${name}: the numbers of mp query`, async () => {
      const { answer, error } = answers.get(name) ?? {};
      assert.equal(error, undefined);
      const kind = argv[0]!;
      const { code, stdout, stderr } = await lab.mp(["query", ...argv, "-f", "json"]);
      assert.equal(code, 0, stderr);
      const numbers = numbersOf(kind, parseJson(stdout) as Json);
      const isByMetric = kind === "insights" || kind === "funnel";
      assert.deepEqual(isByMetric ? Object.values(answer as Json) : answer, numbers);
      assert.match(stdout, /[1-9]/);
    });
  }
});

/** What forty users did in a shop in sixteen days, at random; half of them pay. */
function loadShop({ store }: ProgramLab): void {
  const random = seededRandom(7);
  const plans = ["pro", "free"];
  for (let user = 0; user < 40; user++) {
    store.profiles.put(SANDBOX.projectId, "", `u-${user}`, { plan: plans[user % 2], $email: `u-${user}@example.com` });
  }
  store.savedObjects.put(SANDBOX.projectId, "cohort", 8001, {
    name: "Paying",
    selector: 'properties["plan"] == "pro"',
  });
  const start = Date.parse("2026-11-05T00:00:00Z") / 1000;
  store.events.append(
    SANDBOX.projectId,
    Array.from({ length: 900 }, (_, number) => {
      const user = random.below(40);
      return rowOfRecord({
        event: random.pick([VIEW, VIEW, VIEW, CART, CART, BUY, "Refund"]),
        properties: {
          time: start + random.below(16 * 86_400),
          distinct_id: `u-${user}`,
          $insert_id: `i-${number}`,
          plan: plans[user % 2],
          os: random.pick(["iOS", "Android", "Web"]),
          amount: 1 + random.below(100),
        },
      });
    }),
  );
}
