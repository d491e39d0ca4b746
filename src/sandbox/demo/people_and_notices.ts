/** Who hears what of the demo's project: alerts, webhooks, business context, and the organization's people. */
import { ALERT, type SavedAlert } from "../app/alerts.ts";
import { type Author, timestamp } from "../app/author.ts";
import { BUSINESS_CONTEXT, ORGANIZATION_CONTEXT, type SavedContext } from "../app/business_context.ts";
import { ORGANIZATION_TEAM, ORGANIZATION_USER } from "../app/organization.ts";
import { type SavedWebhook, WEBHOOK } from "../app/webhooks.ts";
import type { Store } from "../store/store.ts";

const DAY_MS = 86_400_000;
const FIRST_ALERT = 7101;

/** Loads them; their days are counted back from `nowMs`. */
export function loadPeopleAndNotices(store: Store, projectId: number, nowMs: number, owner: Author): void {
  const put = <T extends object>(kind: string, id: number, body: T, place = projectId) =>
    store.savedObjects.put(place, kind, id, body);
  const made = { creator: owner, modifier: owner };
  for (const [index, alert] of alerts(nowMs).entries()) {
    const createdMs = nowMs - (30 - index) * DAY_MS;
    put<SavedAlert>(ALERT, FIRST_ALERT + index, { ...alert, ...made, createdMs, modifiedMs: createdMs });
  }
  for (const [index, [name, url, enabled]] of WEBHOOKS.entries()) {
    const createdMs = nowMs - (20 - index) * DAY_MS;
    const hook = { id: webhookId(index + 1), name, url, is_enabled: enabled };
    const auth = { auth_type: null, username: null, password: null };
    put<SavedWebhook>(WEBHOOK, index + 1, { ...hook, ...auth, ...made, createdMs, modifiedMs: createdMs });
  }
  put<SavedContext>(BUSINESS_CONTEXT, 1, { content: PROJECT_CONTEXT });
  const organizationId = store.projects.project(projectId)?.organizationId;
  if (organizationId === undefined) return;
  put<SavedContext>(ORGANIZATION_CONTEXT, 1, { content: ORGANIZATION }, organizationId);
  for (const [index, user] of USERS.entries()) put(ORGANIZATION_USER, index + 1, user, organizationId);
  for (const [index, team] of TEAMS.entries()) put(ORGANIZATION_TEAM, index + 1, team, organizationId);
}

/** The shape of conditions is not known: these are made up. */
function alerts(
  nowMs: number,
): Pick<SavedAlert, Exclude<keyof SavedAlert, "creator" | "modifier" | "createdMs" | "modifiedMs">>[] {
  const by = (mail: string) => [{ type: "email", value: mail }];
  const common = { notification_windows: null, paused: false, subscriptions: by("owner@example.com") };
  const check = (daysAgo: number, fired: boolean, value: number) => ({
    timestamp: timestamp(nowMs - daysAgo * DAY_MS),
    fired,
    value,
    gcs_key: fired ? `alerts/${FIRST_ALERT}-${daysAgo}.png` : null,
  });
  const below = (value: number) => ({ operator: "less_than", value });
  return [
    {
      ...common,
      name: "Few purchases",
      bookmark_id: 9001,
      condition: below(5),
      frequency: 86_400,
      history: [check(1, false, 41), check(2, true, 3), check(3, false, 38)],
    },
    { ...common, name: "Odd week", bookmark_id: 9002, condition: { type: "anomaly" }, frequency: 604_800, history: [] },
    { ...common, name: "Checkout leaks", bookmark_id: 9003, condition: below(0.1), frequency: 3600, history: [] },
    {
      ...common,
      name: "Old threshold",
      bookmark_id: 9001,
      condition: below(1),
      frequency: 86_400,
      paused: true,
      history: [],
    },
  ];
}

const webhookId = (number: number) => `a0000000-0000-4000-8000-00000000000${number}`;

const WEBHOOKS: readonly [name: string, url: string, enabled: boolean][] = [
  ["Pager", "https://pager.example.com/mixpanel", true],
  ["Old CRM", "https://crm.example.com/hook", false],
];

const PROJECT_CONTEXT = `# Coffee shop

A web shop and two apps. *Purchase* is an order that was paid, *amount* is in US dollars.
`;
const ORGANIZATION = "Roastery: coffee, by mail and in shops.\n";

const USERS = [
  { email: "owner@example.com", first_name: "Ada", last_name: "Roaster", role: "owner" },
  { email: "analyst@example.com", first_name: "Ben", last_name: "Grinder", role: "analyst" },
];

const TEAMS = [{ name: "Growth", members: 2 }, { name: "Shop", members: 1 }];
