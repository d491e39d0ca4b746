/** What somebody has already set up in the demo's project through the App API. */
import { isoDay } from "../../streams/iso_time.ts";
import { ANNOTATION, ANNOTATION_TAG, type SavedAnnotation, type SavedTag } from "../app/annotations.ts";
import type { Author } from "../app/author.ts";
import { FEATURE_FLAG, type SavedFlag } from "../app/feature_flags.ts";
import { LEXICON_SCHEMA, type SavedSchema } from "../app/lexicon_entries.ts";
import type { Rollout, Variant } from "../app/ruleset.ts";
import { EXPERIMENT, type SavedExperiment } from "../app/saved_experiment.ts";
import { loadBoards } from "./boards.ts";
import { loadSavedDefinitions } from "./saved_definitions.ts";
import { loadDefinitions } from "./definitions.ts";
import type { Role } from "../store/projects.ts";
import type { Store } from "../store/store.ts";
import { loadPeopleAndNotices } from "./people_and_notices.ts";
import { loadRecordings } from "./recordings.ts";

const DAY_MS = 86_400_000;

const OWNER: Author = { id: 0, name: "Ada Roaster", email: "owner@example.com" };

/** Loads them into a project; their days are counted back from `nowMs`. */
export function loadManagedObjects(store: Store, projectId: number, nowMs: number): void {
  const put = <T extends object>(kind: string, id: number, body: T) =>
    store.savedObjects.put(projectId, kind, id, body);
  for (const [index, name] of ["release", "prices"].entries()) put<SavedTag>(ANNOTATION_TAG, 9101 + index, { name });
  for (const [index, annotation] of annotations(nowMs).entries()) put(ANNOTATION, 9001 + index, annotation);
  for (const [index, schema] of SCHEMAS.entries()) put<SavedSchema>(LEXICON_SCHEMA, 1 + index, schema);
  for (const [index, experiment] of experiments(nowMs).entries()) put(EXPERIMENT, 1 + index, experiment);
  for (const [index, flag] of flags(nowMs).entries()) put(FEATURE_FLAG, 1 + index, flag);
  loadBoards(store, projectId, nowMs, OWNER);
  loadSavedDefinitions(store, projectId, nowMs, OWNER);
  loadDefinitions(store, projectId, nowMs);
  addServiceAccounts(store, projectId, nowMs);
  loadPeopleAndNotices(store, projectId, nowMs, OWNER);
  loadRecordings(store, projectId, nowMs);
}

function annotations(nowMs: number): SavedAnnotation[] {
  const user = { id: OWNER.id, first_name: "Ada", last_name: "Roaster" };
  const at = (daysAgo: number) => `${isoDay(nowMs - daysAgo * DAY_MS)} 09:00:00`;
  return [
    { date: at(40), description: "New shop front", tags: [9101], user },
    { date: at(21), description: "Price test begins", tags: [9102], user },
    { date: at(20), description: "Price test begins (entered twice)", tags: [], user },
  ];
}

const ownMetadata = (displayName: string, tags: string[] = []) => ({ "com.mixpanel": { displayName, tags } });

const SCHEMAS: readonly SavedSchema[] = [
  {
    entityType: "event",
    name: "Purchase",
    schemaJson: {
      description: "An order was paid",
      properties: {
        amount: { type: "number", description: "What it cost, in US dollars" },
        items: { type: "array", description: "What was bought" },
      },
      metadata: ownMetadata("Purchase", ["core"]),
    },
  },
  {
    entityType: "event",
    name: "Sign Up",
    schemaJson: { description: "Somebody made an account", properties: {}, metadata: ownMetadata("Sign-up") },
  },
  {
    entityType: "event",
    name: "Old Checkout",
    schemaJson: { description: "Not sent any more", metadata: { "com.mixpanel": { hidden: true } } },
  },
  {
    entityType: "profile",
    name: "$user",
    schemaJson: { properties: { plan: { type: "string", description: "Subscription, if any" } } },
  },
];

/** Ids that are easily told apart. */
const experimentId = (number: number) => `e0000000-0000-4000-8000-00000000000${number}`;
const flagId = (number: number) => `f0000000-0000-4000-8000-00000000000${number}`;

function experiments(nowMs: number): SavedExperiment[] {
  const drafts: [name: string, status: SavedExperiment["status"], isArchived?: boolean][] = [
    ["New checkout", "active"],
    ["Price badge", "draft"],
    ["Free delivery", "active"],
    ["Darker roast first", "concluded"],
    ["Bigger pictures", "concluded"],
    ["Newsletter banner", "fail"],
    ["Loyalty points", "success", true],
    ["Untitled", "draft"],
  ];
  return drafts.map(([name, status, isArchived = false], index) => {
    const createdMs = nowMs - (30 - index) * DAY_MS;
    const dates = status === "draft" ? {} : { startDate: day(createdMs + DAY_MS) };
    const ended = status === "draft" || status === "active" ? {} : { endDate: day(nowMs - 2 * DAY_MS) };
    return {
      id: experimentId(index + 1),
      name,
      status,
      creator: OWNER,
      createdMs,
      modifier: OWNER,
      modifiedMs: createdMs,
      ...dates,
      ...ended,
      deletedMs: isArchived ? nowMs - DAY_MS : undefined,
      details: { hypothesis: `${name} brings more purchases`, variants: [{ key: "control" }, { key: "treatment" }] },
    };
  });
}

const gate = (): Variant[] => [variant("on", true, false, 1), variant("off", false, true, 0)];

function variant(key: string, value: unknown, isControl: boolean, split: number): Variant {
  return { key, value, description: null, is_control: isControl, split, is_sticky: false };
}

function flags(nowMs: number): SavedFlag[] {
  const halves = [variant("control", "old", true, 0.5), variant("treatment", "new", false, 0.5)];
  return [
    flag(nowMs, 1, "new-checkout", halves, [{ rollout_percentage: 1, variant_splits: {} }], {
      experiment_id: experimentId(1),
      is_experiment_active: true,
      tags: ["checkout"],
    }),
    flag(nowMs, 2, "price-badge", gate(), [{ rollout_percentage: 0.2, variant_splits: { on: 1, off: 0 } }]),
    flag(nowMs, 3, "old-banner", gate(), [{ rollout_percentage: 0, variant_splits: {} }], { status: "disabled" }),
    flag(nowMs, 4, "dark-roast-first", gate(), [{ rollout_percentage: 0.7, variant_splits: {} }]),
    flag(nowMs, 5, "barista-tools", gate(), [{
      rollout_percentage: 1,
      variant_splits: {},
      runtime_evaluation_rule: { "==": [{ var: "plan" }, "Barista"] },
    }]),
  ];
}

function flag(
  nowMs: number,
  number: number,
  key: string,
  variants: Variant[],
  rollout: Rollout[],
  changes: Partial<SavedFlag> = {},
): SavedFlag {
  const createdMs = nowMs - (30 - number) * DAY_MS;
  return {
    id: flagId(number),
    name: key.replaceAll("-", " "),
    key,
    description: null,
    tags: [],
    experiment_id: null,
    status: "enabled",
    context: "distinct_id",
    data_group_id: null,
    serving_method: "remote_or_local",
    ruleset: { variants, rollout, test: { users: { "qa-1": variants[0].key } } },
    is_experiment_active: null,
    hash_salt: `${number}`.repeat(32),
    creator: OWNER,
    createdMs,
    modifier: OWNER,
    modifiedMs: createdMs,
    enabledMs: createdMs,
    ...changes,
  };
}

function addServiceAccounts(store: Store, projectId: number, nowMs: number): void {
  const { projects } = store;
  const organizationId = projects.project(projectId)?.organizationId;
  if (organizationId === undefined || projects.serviceAccountById(2) !== undefined) return;
  const accounts: [id: number, name: string, role?: Role][] = [[2, "reports"], [3, "old-export"], [
    4,
    "agency",
    "analyst",
  ]];
  for (const [id, name, role] of accounts) {
    projects.addServiceAccount({
      id,
      organizationId,
      username: `${name}.demo${id}.mp-service-account`,
      secret: `sandbox-secret-of-${name}`,
      createdMs: nowMs - 90 * DAY_MS,
    });
    if (role !== undefined) projects.setRole(id, projectId, role);
  }
}

const day = (timeMs: number): string => `${isoDay(timeMs)}T00:00:00Z`;
