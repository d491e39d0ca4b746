/** What clients that read find: flags, an annotation, a funnel, a cohort, and events and profiles of two users. */
import { RECORDED_SESSION, type SavedRecording } from "../../src/sandbox/app/recordings.ts";
import { BOOKMARK, type SavedBookmark } from "../../src/sandbox/app/saved_bookmark.ts";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { COHORT, type SavedCohort } from "../../src/sandbox/query/saved_cohort.ts";
import { FUNNEL, type SavedFunnel } from "../../src/sandbox/query/funnels.ts";
import type { Store } from "../../src/sandbox/store/store.ts";
import type { ClientLab } from "./client_lab.ts";

/** Seconds: yesterday at noon, UTC, so that all events lie in one day that has ended. */
export const SEED_SECONDS = Math.floor(Date.now() / 86_400_000) * 86_400 - 43_200;
export const SEED_DAY = new Date(SEED_SECONDS * 1000).toISOString().slice(0, 10);

/** What all users get of the flag `new-nav`. */
export const VARIANT = { key: "treatment", value: { colour: "blue" } };

const event = (event: string, distinctId: string, minute: number, properties: { plan: string; amount: number }) => ({
  event,
  properties: {
    time: SEED_SECONDS + minute * 60,
    distinct_id: distinctId,
    $insert_id: `seed-${minute}`,
    ...properties,
  },
});

export const SEED_EVENTS = [
  event("Seed View", "seed-1", 0, { plan: "pro", amount: 3 }),
  event("Seed View", "seed-2", 1, { plan: "free", amount: 4 }),
  event("Seed View", "seed-1", 2, { plan: "pro", amount: 5 }),
  event("Seed Buy", "seed-1", 3, { plan: "pro", amount: 20 }),
];

export const SEED_PROFILES = [
  { $distinct_id: "seed-1", $set: { plan: "pro", $email: "one@example.com" } },
  { $distinct_id: "seed-2", $set: { plan: "free", $email: "two@example.com" } },
];

export const SEED_ANNOTATION = { date: `${SEED_DAY} 10:00:00`, description: "Release" };

export const SEED_FUNNEL = { id: 7001, name: "View and buy", steps: ["Seed View", "Seed Buy"] };
export const SEED_COHORT = {
  id: 8001,
  name: "Pro",
  selector: 'properties["plan"] == "pro"',
  createdMs: SEED_SECONDS * 1000,
};

/** Counts views by day. */
export const SEED_REPORT = {
  id: 9001,
  name: "Views",
  type: "insights",
  params: {
    sections: {
      show: [{
        type: "metric",
        name: "Views",
        behavior: { type: "event", name: "Seed View", resourceType: "events", filters: [], filtersDeterminer: "all" },
        measurement: { math: "total" },
      }],
      time: [{ dateRangeType: "between", unit: "day", value: [SEED_DAY, SEED_DAY] }],
    },
    displayOptions: { chartType: "line" },
  },
} as const;

/** What follows a view. */
export const SEED_FLOW = {
  id: 9002,
  name: "After a view",
  type: "flows",
  params: {
    steps: [{ event: "Seed View", forward: 1, reverse: 0 }],
    date_range: { type: "between", from_date: SEED_DAY, to_date: SEED_DAY },
  },
} as const;

/** A recording; the events that come with it are loaded by those who look for it. */
export const SEED_RECORDING: SavedRecording = {
  id: "replay-1",
  env: "prod",
  retention: 30,
  files: 2,
  startedMs: (SEED_SECONDS + 600) * 1000,
  page: "https://shop.example.com/",
};

const flag = (key: string, { key: variant, value }: { key: string; value: unknown }) => ({
  name: key,
  key,
  tags: [],
  context: "distinct_id",
  serving_method: "client",
  status: "enabled",
  ruleset: {
    variants: [
      { key: variant, value, is_control: false, split: 1 },
      { key: "control", value: false, is_control: true, split: 0 },
    ],
    rollout: [{ rollout_percentage: 1, variant_splits: {} }],
    test: { users: { tester: "control" } },
  },
});

export async function loadSeed({ ask }: Pick<ClientLab, "ask">, { savedObjects }: Store): Promise<void> {
  const { id: funnelId, ...funnel } = SEED_FUNNEL;
  savedObjects.put(SANDBOX.projectId, FUNNEL, funnelId, funnel satisfies SavedFunnel);
  const { id: cohortId, ...cohort } = SEED_COHORT;
  savedObjects.put(SANDBOX.projectId, COHORT, cohortId, cohort satisfies SavedCohort);
  for (const { id, ...report } of [SEED_REPORT, SEED_FLOW]) {
    savedObjects.put(SANDBOX.projectId, BOOKMARK, id, report satisfies SavedBookmark);
  }
  savedObjects.put(SANDBOX.projectId, RECORDED_SESSION, 1, SEED_RECORDING);
  const project = `/api/app/projects/${SANDBOX.projectId}`;
  for (const one of [flag("new-nav", VARIANT), flag("gate", { key: "on", value: true })]) {
    await ask(`${project}/workspaces/${SANDBOX.workspaceId}/feature-flags`, one);
  }
  await ask(`${project}/annotations`, SEED_ANNOTATION);
  await ask(`/import?strict=1&project_id=${SANDBOX.projectId}`, SEED_EVENTS);
  await ask("/engage?verbose=1", SEED_PROFILES.map((one) => ({ $token: SANDBOX.token, ...one })));
}
