/**
 * How fast the emulator answers reports over HTTP, with 1,000,000 stored events:
 *
 *     bun scripts/bench/sandbox.ts [--events N]
 *
 * Each report is compared with reading the same events out by an export, which is the least that any report has to do.
 * The worst case, where every stored event has the one name that is asked for, has a project of its own.
 */
import process from "node:process";
import { SANDBOX, seedDefaults } from "../../src/sandbox/defaults.ts";
import { loadDemo } from "../../src/sandbox/load_demo.ts";
import { startSandbox } from "../../src/sandbox/start.ts";
import { openStore } from "../../src/sandbox/store/store.ts";

const wanted = Number(process.argv[process.argv.indexOf("--events") + 1]) || 1_000_000;
const ROUNDS = 3;
/** Limits that the project has set itself, in seconds for 1,000,000 events on two cores. */
const LIMITS: Record<string, number> = { "segmentation by a property": 2, "funnel of three steps": 4 };

const store = openStore(":memory:");
seedDefaults(store);
const nowMs = Date.now();
const loaded = loadDemo(store, { projectId: SANDBOX.projectId, nowMs, events: wanted });
const ONE_NAME = 77;
store.projects.addProject({
  ...store.projects.project(SANDBOX.projectId)!,
  id: ONE_NAME,
  workspaceId: ONE_NAME + 1,
  name: "One name",
  token: "one-name-token",
  secret: "one-name-secret",
});
store.projects.setRole(1, ONE_NAME, "owner");
for (let first = 0; first < wanted; first += 10_000) {
  store.events.append(
    ONE_NAME,
    Array.from({ length: Math.min(10_000, wanted - first) }, (_, index) => ({
      name: "Page View",
      timeMs: nowMs - (first + index) * 1000,
      distinctId: `user-${(first + index) % 20_000}`,
      properties: JSON.stringify({
        distinct_id: `user-${(first + index) % 20_000}`,
        $insert_id: `id-${first + index}`,
        country: ["US", "DE", "GB", "FR", "JP"][index % 5],
        path: `/page/${index % 200}`,
        seconds: index % 600,
      }),
    })),
  );
}
store.savedObjects.put(SANDBOX.projectId, "funnel", 9001, {
  name: "Three steps",
  steps: ["View Product", "Add to Cart", "Purchase"],
});

const day = (timeMs: number) => new Date(timeMs).toISOString().slice(0, 10);
const range = `from_date=${loaded.firstDay}&to_date=${loaded.lastDay}`;
const whole = `from_date=${day(nowMs - wanted * 1000)}&to_date=${day(nowMs)}`;
const property = encodeURIComponent('properties["mp_country_code"]');
const country = encodeURIComponent('properties["country"]');
const reports: [name: string, project: number, path: string][] = [
  ["export, for comparison", SANDBOX.projectId, `/api/2.0/export?${range}`],
  [
    "segmentation by a property",
    SANDBOX.projectId,
    `/api/query/segmentation?event=Page%20View&${range}&on=${property}`,
  ],
  [
    "segmentation, every event of one name",
    ONE_NAME,
    `/api/query/segmentation?event=Page%20View&${whole}&on=${country}`,
  ],
  [
    "unique users",
    SANDBOX.projectId,
    `/api/query/segmentation?event=Page%20View&${range}&type=unique`,
  ],
  ["funnel of three steps", SANDBOX.projectId, `/api/query/funnels?funnel_id=9001&${range}&unit=month`],
  [
    "retention",
    SANDBOX.projectId,
    `/api/query/retention?${range}&born_event=Sign%20Up&event=Session%20Start&unit=week&interval_count=4`,
  ],
  ["property values", SANDBOX.projectId, "/api/query/events/properties/values?event=Page%20View&name=mp_country_code"],
];

const served = startSandbox({ store });
const authorization = `Basic ${btoa(`${SANDBOX.username}:${SANDBOX.serviceSecret}`)}`;
console.log(`${loaded.events.toLocaleString("en")} events; best of ${ROUNDS}\n`);
let missed = 0;
let yardstick = 0;
for (const [name, project, path] of reports) {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now();
    const answer = await fetch(`${served.url}${path}&project_id=${project}`, { headers: { authorization } });
    const body = await answer.text();
    if (!answer.ok) throw new Error(`${name}: ${answer.status} ${body}`);
    best = Math.min(best, (performance.now() - startedAt) / 1000);
  }
  yardstick ||= best;
  const limit = LIMITS[name];
  const rate = Math.round((project === ONE_NAME ? wanted : loaded.events) / best).toLocaleString("en");
  const remark = limit === undefined ? "" : `  (at most ${limit} s)`;
  if (limit !== undefined && best > limit) missed++;
  console.log(
    `${name.padEnd(38)} ${best.toFixed(2).padStart(6)} s ${rate.padStart(12)} events/s  × ${
      (best / yardstick).toFixed(2)
    } of the export${remark}`,
  );
}
await served.stop();
store.close();
process.exit(missed === 0 ? 0 : 1);
