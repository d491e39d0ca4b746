/** mixpanel-headless, Mixpanel's own client: the commands of its `mp`. */
import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import type { Call, Client } from "../client.ts";
import { SEED_COHORT, SEED_DAY, SEED_FUNNEL, SEED_RECORDING } from "../seed.ts";
import { answers, has, lists, one } from "./checks.ts";
import { ALERT, dated, day, headlessClient, IS_PRO, local, oneSchema, PRO_USERS, VIEWS } from "./headless_seeded.ts";

type Json = Record<string, unknown>;

const gone = (left: readonly unknown[], key?: string) => lists(left, "it is no more in the list", key);
const all = (wanted: readonly unknown[], key?: string) => lists(wanted, "all by their names", key);
/** What `read` makes of the answer. */
// deno-lint-ignore no-explicit-any
const reads = (read: (answer: any) => unknown, wanted: unknown, shows: string): Call => ({
  shows,
  check: (_lab, answer) => assert.deepEqual(read(answer), wanted),
});
// deno-lint-ignore no-explicit-any
const reportsOf = (board: any) => Object.values(board.contents.report as Record<string, Json>).map(({ name }) => name);

const ACCOUNTS: Client["calls"] = {
  login: { not: "guides people at a terminal; `account add` and `account test` ask the same" },
  help: local,
  "account list": local,
  "account add": answers("Added account 'team' (service_account, us)\n(promoted to active)", "the account"),
  "account update": local,
  "account use": local,
  "account show": local,
  "account remove": local,
  "account token": local,
  "account test": has({ ok: true, accessible_project_count: 1, error: null }, "the account works"),
  "account login": { not: "opens a browser" },
  "account logout": local,
  "account export-bridge": local,
  "account remove-bridge": local,
  "project list": all([SANDBOX.projectName]),
  "project use": local,
  "project show": local,
  "workspace list": all(["All Project Data"]),
  "workspace use": local,
  "workspace show": local,
  "target add": local,
  "target use": local,
  "target list": local,
  "target show": local,
  "target remove": local,
};

const QUERIES: Client["calls"] = {
  "inspect events": answers(
    ["$mp_session_record", "Seed Buy", "Seed Cart", "Seed Click", "Seed View"],
    "the names of all events",
  ),
  "inspect properties": answers(["$insert_id", "amount", "distinct_id", "plan"], "the properties of an event"),
  "inspect values": answers(["pro", "free"], "the values of a property"),
  "inspect subproperties": answers([
    { name: "price", type: "number", sample_values: [5] },
    { name: "sku", type: "string", sample_values: ["A-1"] },
  ], "the members of an object"),
  "inspect funnels": answers([{ funnel_id: SEED_FUNNEL.id, name: SEED_FUNNEL.name }], "saved funnels"),
  "inspect cohorts": reads(
    (cohorts: Json[]) => cohorts.map(({ name, count }) => [name, count]),
    [[SEED_COHORT.name, 1], ["Spare", 1]],
    "saved cohorts with the number of their members",
  ),
  "inspect top-events": answers([], "nothing has happened today"),
  "inspect bookmarks": all(["After a view", "Spare", "Views"]),
  "inspect lexicon-schemas": reads(
    (schemas: Json[]) => schemas.map(({ name, property_count, description }) => [name, property_count, description]),
    [["Log In", 1, "Came"], ["Sign Up", 1, "Joined"]],
    "each schema with the number of its properties",
  ),
  "inspect lexicon-schema": oneSchema,
  "inspect schema-graph": reads(
    ({ events }) => events.map(({ name }: Json) => name).toSorted(),
    ["$mp_session_record", "Log In", "Seed Buy", "Seed Cart", "Seed Click", "Seed View", "Sign Up"],
    "all events, seen and planned",
  ),
  "query segmentation": has({ total: 3, series: { pro: day(2), free: day(1) } }, "counts by segment and day"),
  "query funnel": has({
    conversion_rate: 0.5,
    steps: [
      { event: "Seed View", count: 2, conversion_rate: 1 },
      { event: "Seed Buy", count: 1, conversion_rate: 0.5 },
    ],
  }, "people by step"),
  "query retention": reads(
    ({ cohorts: [{ date, size, retention }] }) => [date, size, retention[0]],
    [SEED_DAY, 2, 0.5],
    "people of the first day, and the share that came back",
  ),
  "query event-counts": has({ series: { "Seed View": day(3), "Seed Buy": day(1) } }, "counts by event and day"),
  "query property-counts": has({ series: { pro: day(2), free: day(1) } }, "counts by value and day"),
  "query activity-feed": reads(
    ({ events, sentinel_event }) => [
      events.map(({ event, properties: { amount } }: { event: string; properties: Json }) => [event, amount]),
      sentinel_event,
    ],
    [[["Seed View", 4]], null],
    "what a user did, all on one page",
  ),
  "query saved-report": has({ series: { Views: dated(3) } }, "the numbers of a saved report"),
  "query flows": reads(
    ({ steps: [{ nodes: [{ event, totalCount }] }] }) => [event, totalCount],
    ["Seed View", "2"],
    "the nodes of saved flows",
  ),
  "query frequency": reads(({ data }) => data[SEED_DAY].slice(0, 2), [2, 0], "people by the number of their hours"),
  "query segmentation-numeric": reads(
    ({ series }) =>
      Object.values(series as Record<string, Record<string, number>>)
        .reduce((sum, values) => sum + (values[SEED_DAY] ?? 0), 0),
    3,
    "all events in ranges of numbers",
  ),
  "query segmentation-sum": has({ results: day(12) }, "the sum of the day"),
  "query segmentation-average": has({ results: day(4) }, "the average of the day"),
};

const BOARDS: Client["calls"] = {
  "dashboards list": all(["Growth 2", "Seed board"], "title"),
  "dashboards create": has({ title: "Growth", description: "Who comes" }, "title and description"),
  "dashboards get": has({ title: "Growth", description: "Who comes" }, "title and description"),
  "dashboards update": has({ title: "Growth 2", description: "Who comes" }, "the new title"),
  "dashboards delete": gone(["Growth", "Growth 2", "Seed board"], "title"),
  "dashboards bulk-delete": gone(["Seed board"], "title"),
  "dashboards favorite": has({ is_favorited: true }, "it is a favorite"),
  "dashboards unfavorite": has({ is_favorited: false }, "it is none"),
  "dashboards pin": reads(({ pinned_date }) => typeof pinned_date, "string", "it has been pinned"),
  "dashboards unpin": has({ pinned_date: null }, "it is not pinned"),
  "dashboards remove-report": reads(reportsOf, ["Duplicate of Views a day"], "the board shows the other copy alone"),
  "dashboards add-report": reads(
    reportsOf,
    ["Duplicate of Views by day", "Duplicate of Views a day"],
    "the board shows a further copy of the report: the client has placed one when it was made",
  ),
  "dashboards blueprints": all(["ecommerce", "growth"]),
  "dashboards blueprint-create": reads(reportsOf, ["$mp_anything_event", "Sign Up"], "a board with reports"),
  "dashboards rca": has({ title: "Root cause of anomaly 5" }, "a board"),
  "dashboards erf": reads(({ id }) => typeof id, "number", "the board's object"),
  "dashboards update-report-link": reads(
    ({ contents }) => Object.values(contents["report-link"] as Record<string, Json>).map(({ type }) => type),
    ["embedded"],
    "the new type",
  ),
  "dashboards update-text-card": reads(
    ({ contents }) => Object.values(contents.text as Record<string, Json>).map(({ markdown }) => markdown),
    ["<p>New</p>"],
    "the new text",
  ),
  "reports list": all(["Duplicate of Views by day", "Spare", "Views", "Views a day"]),
  "reports create": has({ name: "Views by day", bookmark_type: "insights", params: VIEWS }, "name, type and params"),
  "reports get": has({ name: "Views by day", params: VIEWS }, "name and params"),
  "reports update": has({ name: "Views a day", description: "All of them", params: VIEWS }, "what was set"),
  "reports delete": gone([]),
  "reports bulk-delete": reads(
    (reports: Json[]) => ["Spare", "Views"].map((name) => reports.some((report) => report.name === name)),
    [false, true],
    "it is no more in the list",
  ),
  "reports bulk-update": has({ name: "Views daily", description: "All of them" }, "the new name"),
  "reports linked-dashboards": reads((ids) => ids.length, 1, "the board that shows it"),
  "reports dashboard-ids": reads((ids) => ids.length, 1, "the board that shows it"),
  "reports history": reads(
    ({ results }) => results.map(({ name }: Json) => name),
    ["Views by day"],
    "its name before the change",
  ),
  "reports link": has({ report_type: "insights", name: "Views" }, "its type and name"),
  "reports resolve": reads(({ series }) => Object.values(series), [dated(3)], "the numbers of the report behind it"),
};

const COHORTS: Client["calls"] = {
  "cohorts list": all(["Payers", SEED_COHORT.name, "Spare"]),
  "cohorts create": has({ name: "Pro users", description: "Who pays", count: 1, selector: PRO_USERS }, "all of it"),
  "cohorts get": has({ name: "Pro users", selector: PRO_USERS }, "name and definition"),
  "cohorts update": has({ name: "Payers", selector: PRO_USERS }, "the new name"),
  "cohorts delete": gone([SEED_COHORT.name, "Spare"]),
  "cohorts bulk-delete": gone([SEED_COHORT.name]),
  "cohorts bulk-update": has({ name: "Payers", description: "All who pay" }, "the new description"),
};

const FLAGS: Client["calls"] = {
  "experiments list": all(["Button again", "Button colour"]),
  "experiments create": has({ name: "Button", hypothesis: "Green sells", status: "draft" }, "name and status"),
  "experiments get": has({ name: "Button", description: "Colour" }, "name and description"),
  "experiments update": has({ name: "Button colour", tags: ["shop"] }, "what was set"),
  "experiments delete": gone(["Button colour"]),
  "experiments launch": has({ status: "active" }, "the status"),
  "experiments conclude": has({ status: "concluded" }, "the status"),
  "experiments decide": has(
    { status: "success", results_cache: { variant: "Green", message: "Done" } },
    "the decision",
  ),
  "experiments archive": gone(["Button colour"]),
  "experiments restore": has({ name: "Button again" }, "it is back"),
  "experiments duplicate": has({ name: "Button again", hypothesis: "Green sells", status: "draft" }, "a draft"),
  "experiments erf": all(["Button again", "Button colour"]),
  "flags list": all(["Darker", "Darker (copy)", "gate", "new-nav"]),
  "flags create": has({ name: "Dark mode", key: "dark", tags: ["look"], status: "disabled" }, "what was sent"),
  "flags get": has({ name: "Dark mode", description: "Night" }, "name and description"),
  "flags update": has({ name: "Darker", status: "enabled" }, "what was set"),
  "flags delete": gone(["Darker (copy)", "gate", "new-nav"]),
  "flags archive": gone(["Darker (copy)", "gate", "new-nav"]),
  "flags restore": has({ name: "Darker", status: "disabled" }, "it is back"),
  "flags duplicate": has({ key: "dark-copy", status: "disabled" }, "a disabled copy"),
  "flags set-test-users": reads(({ ruleset }) => ruleset.test, { users: { "u-9": "on" } }, "who gets which variant"),
  "flags history": reads(({ events, count }) => [events.length, count], [2, 3], "a page of the changes"),
  "flags limits": answers(
    { limit: 10, is_trial: false, current_usage: 3, contract_status: "active" },
    "how many there are and may be",
  ),
};

const NOTICES: Client["calls"] = {
  "alerts list": all(["No views", "Spare"]),
  "alerts create": has({ name: "Few views", paused: false, ...ALERT }, "all that was sent"),
  "alerts get": has({ name: "Few views" }, "its name, which is all that there is of one"),
  "alerts update": has({ name: "No views" }, "the new name"),
  "alerts delete": gone(["Spare"]),
  "alerts bulk-delete": gone([]),
  "alerts count": answers({ anomaly_alerts_count: 0, alert_limit: 5, is_below_limit: true }, "how many there may be"),
  "alerts history": has({ results: [] }, "it has not been checked yet"),
  "alerts test": answers({}, "it is done"),
  "alerts screenshot": reads(({ signed_url }) => new URL(signed_url).pathname.endsWith("shot.png"), true, "an address"),
  "alerts validate": has({ invalid_count: 0 }, "it fits the report"),
  "annotations list": all(["2.0.1", "Release"], "description"),
  "annotations create": has({ date: `${SEED_DAY} 11:00:00`, description: "2.0" }, "date and text"),
  "annotations get": has({ date: `${SEED_DAY} 11:00:00`, description: "2.0" }, "date and text"),
  "annotations update": has({ date: `${SEED_DAY} 11:00:00`, description: "2.0.1" }, "the new text"),
  "annotations delete": gone(["Release"], "description"),
  "annotations tags list": all(["release"]),
  "annotations tags create": has({ name: "release" }, "its name"),
  "webhooks list": all(["Hook 2"]),
  "webhooks create": has({ name: "Hook" }, "its name"),
  "webhooks update": one(
    { name: "Hook 2", url: "https://hook.example.com/in", auth_type: "basic", is_enabled: false },
    "what was set, and the rest as it was",
  ),
  "webhooks delete": gone([]),
  "webhooks test": has({ success: true, status_code: 200 }, "the outcome"),
};

const anomaly = (status: string) => one({ eventName: "Seed View", actualCount: 3, status }, "the anomaly");
const deletion = one(
  { eventName: "Seed Buy", fromDate: SEED_DAY, toDate: SEED_DAY, status: "Submitted" },
  "the request",
);
const changes = (wanted: string[][]) =>
  reads((history: { changes: Json }[]) => history.map((change) => Object.keys(change.changes)), wanted, "what changed");
const SCHEMA = { type: "object", properties: { plan: { type: "string", description: "What is paid" } } };
const LEXICON: Client["calls"] = {
  "lexicon tracking-metadata": has({ event_name: "Seed View", count: 3 }, "the event with its number"),
  "lexicon event-history": changes([["hidden"], ["description", "displayName", "verified", "tags"]]),
  "lexicon property-history": changes([["hidden"], ["description", "sensitive"]]),
  "lexicon export": reads(Object.keys, ["events", "eventProperties"], "definitions by their kind"),
  "lexicon audit": reads(
    ({ violations }) => violations.map(({ name }: Json) => name).toSorted(),
    ["Seed Buy", "Seed Cart", "Seed Click", "Seed View"],
    "the events outside the plan",
  ),
  "lexicon events get": one({ name: "Seed View", description: "", hidden: false, status: "live" }, "an event as it is"),
  "lexicon events update": one(
    { display_name: "View", description: "A page was seen", verified: true, tags: ["base"], hidden: false },
    "what was set",
  ),
  "lexicon events delete": one({ name: "Seed View", display_name: "", verified: false }, "nothing is set any more"),
  "lexicon events bulk-update": one({ description: "A page was seen", hidden: true }, "it is hidden"),
  "lexicon properties get": one({ name: "plan", resource_type: "Event", sensitive: false }, "a property as it is"),
  "lexicon properties update": one({ description: "What is paid", sensitive: true, hidden: false }, "what was set"),
  "lexicon properties bulk-update": one({ description: "What is paid", hidden: true }, "it is hidden"),
  "lexicon tags list": all(["base"]),
  "lexicon tags create": has({ name: "core" }, "its name"),
  "lexicon tags update": has({ name: "base" }, "the new name"),
  "lexicon tags delete": gone([]),
  "lexicon enforcement get": has({ ruleEvent: "Warn and Accept", notificationEmails: null }, "the fields asked for"),
  "lexicon enforcement init": has({ ruleEvent: "Warn and Accept" }, "its rule"),
  "lexicon enforcement update": has({ notificationEmails: ["a@example.com"] }, "the new address"),
  "lexicon enforcement replace": has(
    { ruleEvent: "Warn and Hide", notificationEmails: ["b@example.com"] },
    "all is new",
  ),
  "lexicon enforcement delete": reads((text: string) => text.includes("This cannot be undone"), true, "it asks first"),
  "lexicon anomalies list": anomaly("open"),
  "lexicon anomalies update": anomaly("dismissed"),
  "lexicon anomalies bulk-update": anomaly("open"),
  "lexicon deletion-requests list": deletion,
  "lexicon deletion-requests create": deletion,
  "lexicon deletion-requests cancel": gone([]),
  "lexicon deletion-requests preview": answers([], "no filters"),
  "schemas list": all(["Log In", "Sign Up"]),
  "schemas create": one({ entityType: "event", name: "Sign Up", schemaJson: SCHEMA }, "the schema"),
  "schemas create-bulk": answers({ added: 1, deleted: 0 }, "how many"),
  "schemas update": one({ schemaJson: { ...SCHEMA, description: "Joined" } }, "the schema with what was added"),
  "schemas update-bulk": one({ entityType: "event", name: "Log In", status: "ok" }, "each outcome"),
  "schemas delete": answers({ deleteCount: 1 }, "how many"),
  "drop-filters list": all(["Seed Buy"], "event_name"),
  "drop-filters create": one({ event_name: "Seed Buy", filters: [IS_PRO], active: true }, "event and filters"),
  "drop-filters update": one({ event_name: "Seed Buy", filters: [IS_PRO], active: false }, "it is not active"),
  "drop-filters delete": gone([]),
  "drop-filters limits": answers({ filter_limit: 15 }, "how many there may be"),
};

const metric = (wanted: Json, shows: string) => has({ type: "metric", ...wanted }, shows);
const behavior = (wanted: Json, shows: string) => has({ name: "View to buy", type: "funnel", ...wanted }, shows);
const context = (content: string) => has({ level: "project", content }, "the text of the project");
const DEFINITIONS: Client["calls"] = {
  "custom-properties list": all(["Thrice"]),
  "custom-properties get": has({ name: "Twice", display_formula: "A * 2" }, "name and formula"),
  "custom-properties create": has({ name: "Twice", display_formula: "A * 2" }, "name and formula"),
  "custom-properties update": has({ name: "Thrice", display_formula: "A * 3" }, "the new name and formula"),
  "custom-properties delete": gone([]),
  "custom-properties validate": answers({ valid: true }, "it is valid"),
  "custom-events list": all(["Any seed"]),
  "custom-events create": has(
    { name: "Any seed", alternatives: [{ event: "Seed View" }, { event: "Seed Buy" }] },
    "name and events",
  ),
  "custom-events update": one({ name: "Any seed", description: "Both" }, "the description"),
  "custom-events delete": gone([]),
  "metrics list": all(["All views"]),
  "metrics get": metric({ name: "Views", description: "All", verified: false }, "what was sent"),
  "metrics create": metric({ name: "Views", description: "All" }, "what was sent"),
  "metrics update": metric({ name: "All views", description: "All" }, "the new name"),
  "metrics verify": metric({ name: "All views", verified: true }, "it is verified"),
  "metrics query": reads(({ series }) => series, { "All views": dated(3) }, "its numbers"),
  "metrics delete": gone([]),
  "behaviors list": all(["View to buy"]),
  "behaviors get": behavior({ verified: false }, "name and type"),
  "behaviors create": behavior({}, "name and type"),
  "behaviors update": behavior({ description: "Bought" }, "the description"),
  "behaviors delete": gone([]),
  "lookup-tables list": all(["Prices", "Products"]),
  "lookup-tables upload": has({ name: "Prices" }, "its name"),
  "lookup-tables update": all(["Price list", "Products"]),
  "lookup-tables delete": gone(["Products"]),
  "lookup-tables upload-url": reads(({ url, path, key }) => [url, path, key].map((text) => typeof text), [
    "string",
    "string",
    "string",
  ], "an address, a path and a key"),
  "lookup-tables download": answers("id,price\n1,5\n2,7", "the text that was uploaded"),
  "lookup-tables download-url": reads(({ url }) => typeof url, "string", "an address"),
  "business-context get": context("# Shop"),
  "business-context set": context("# Shop"),
  "business-context clear": context(""),
  "business-context chain": reads(
    ({ organization, project }) => [organization.content, project.content],
    ["", "# Shop"],
    "the texts of the organization and the project",
  ),
};

const { id, retention, page } = SEED_RECORDING;
const REPLAYS: Client["calls"] = {
  "replays list": one({ replay_id: id, distinct_id: "seed-1", retention_days: retention }, "a user's recordings"),
  "replays events": lists(["Seed Cart", "Seed Click"], "what was tracked meanwhile", "event_name"),
  "replays sign": one({ replay_id: id, env: "prod" }, "an address, of which the secret is not shown"),
  "replays fetch": answers(`fetched ${id} — 8 events, 0m 16s, 30-day retention`, "all events of its two files"),
  "replays analyze": one({ action: "navigate", url: page }, "where it was made"),
  "replays for-user": reads((text: string) => text.includes("- total events: 8\n"), true, "a summary"),
};

export const HEADLESS_COMMANDS = headlessClient("mixpanel-headless: the commands of its mp", "headless_commands.py", {
  ...ACCOUNTS,
  ...QUERIES,
  ...BOARDS,
  ...COHORTS,
  ...FLAGS,
  ...NOTICES,
  ...LEXICON,
  ...DEFINITIONS,
  ...REPLAYS,
});
