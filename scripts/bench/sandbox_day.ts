/**
 * Whether an emulator that is left running stays as it is: a day of random traffic, as fast as it is answered.
 *
 *     bun scripts/bench/sandbox_day.ts [--requests 24000] [--binary dist/mp]
 *
 * The same requests come in each hour, in another order: reports, exports, profiles, scripts, logins, flags, events that are
 * taken and many that are refused. Resident memory after the third hour is compared with that after the last one.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { createRandom } from "../../src/sandbox/demo/random.ts";
import { ROOT } from "../project.ts";
import { startEmulator } from "./emulator_process.ts";

const HOURS = 24;
/** Until then caches fill, and the compiler still compiles. */
const WARM_HOURS = 3;
const AT_ONCE = 10;
const GROWTH_LIMIT = 1.2;

const { values } = parseArgs({
  options: {
    requests: { type: "string", default: "24000" },
    binary: { type: "string", default: join(ROOT, "dist", "mp") },
  },
});

const home = mkdtempSync(join(tmpdir(), "mp-day-"));
const emulator = await startEmulator(values.binary, home, ["--demo", "--events", "50000"]);
const { MP_USERNAME, MP_SECRET, MP_PROJECT_ID, MP_TOKEN } = emulator.variables;
const authorization = `Basic ${btoa(`${MP_USERNAME}:${MP_SECRET}`)}`;
const random = createRandom(24);
const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
const range = `from_date=${day(30)}&to_date=${day(0)}&project_id=${MP_PROJECT_ID}`;
const json = { authorization, "content-type": "application/json" };
const get = (path: string) => fetch(`${emulator.url}${path}`, { headers: { authorization } });
const post = (path: string, body: unknown) =>
  fetch(`${emulator.url}${path}`, { method: "POST", headers: json, body: JSON.stringify(body) });
const user = () => `day-${random.between(1, 200)}`;
const script = "function main() { return People().groupBy(['properties.plan'], mixpanel.reducer.count()) }";

/** What is asked, and how often in a hundred. */
const TRAFFIC: [share: number, ask: () => Promise<Response>][] = [
  [15, () => get(`/api/query/segmentation?event=Purchase&${range}&on=${encodeURIComponent('properties["plan"]')}`)],
  [8, () => get(`/api/query/funnels?funnel_id=7001&${range}`)],
  [8, () => get(`/api/query/retention?born_event=Sign%20Up&event=Purchase&interval_count=4&unit=week&${range}`)],
  [3, () => get(`/api/2.0/export?${range}`)],
  [15, () => post(`/api/query/engage?project_id=${MP_PROJECT_ID}`, { where: 'properties["plan"] == "pro"' })],
  [15, () => post("/engage", [{ $token: MP_TOKEN, $distinct_id: user(), $set: { visits: random.between(1, 1e6) } }])],
  [10, () => post("/track", [{ event: "Unknown", properties: { token: "of-no-project", distinct_id: user() } }])],
  [5, () => post("/track", { event: 5 })],
  [5, () => post(`/import?strict=1&project_id=${MP_PROJECT_ID}`, [{ event: "Bad", properties: {} }])],
  [2, () => post("/track", [{ event: "Visit", properties: { token: MP_TOKEN, distinct_id: user() } }])],
  [7, () => get(`/flags?token=${MP_TOKEN}&context=${encodeURIComponent(JSON.stringify({ distinct_id: user() }))}`)],
  [2, () => post(`/api/query/jql?project_id=${MP_PROJECT_ID}`, { script })],
  [5, () => get("/no/such/path")],
];

function ask(): Promise<Response> {
  let point = random.fraction() * TRAFFIC.reduce((sum, [share]) => sum + share, 0);
  const [, chosen] = TRAFFIC.find(([share]) => (point -= share) < 0) ?? TRAFFIC[0]!;
  return chosen();
}

async function hour(requests: number): Promise<void> {
  let left = requests;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (left-- > 0) {
      const answer = await ask();
      await answer.arrayBuffer();
      if (answer.status >= 500) throw new Error(`${answer.url}: ${answer.status}`);
    }
  }));
}

function residentMegabytes(): number {
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${emulator.pid}/status`, "utf8"))?.[1];
  return Math.round(Number(kilobytes) / 1000);
}

let isFlat = false;
try {
  const sizes: number[] = [];
  for (let count = 0; count < HOURS; count++) {
    await hour(Math.ceil(Number(values.requests) / HOURS));
    sizes.push(residentMegabytes());
  }
  const early = Math.max(...sizes.slice(0, WARM_HOURS));
  const late = Math.min(...sizes.slice(-WARM_HOURS));
  isFlat = late <= early * GROWTH_LIMIT;
  console.log(`resident memory by the hour, MB: ${sizes.join(" ")}`);
  console.log(`× ${(late / early).toFixed(2)} after the day (at most ${GROWTH_LIMIT})${isFlat ? "" : "  MISSED"}`);
} finally {
  await emulator.stop();
  rmSync(home, { recursive: true });
}
process.exit(isFlat ? 0 : 1);
