/** What the methods of the library's Workspace that keep things show. */
import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import type { Call, Client } from "../client.ts";
import { SEED_COHORT, SEED_DAY, SEED_FUNNEL, SEED_RECORDING, SEED_REPORT, SEED_SECONDS } from "../seed.ts";
import { answers, has } from "./checks.ts";
import { ALERT, day, IS_PRO, local, oneSchema, PRO_USERS, VIEWS } from "./headless_seeded.ts";

type Json = Record<string, unknown>;

const gone = (left: readonly unknown[]) => answers(left, "it is no more in the list");
const names = (wanted: readonly string[]) => answers(wanted, "the names of all");
const done = answers(null, "it is done");
const yes = (shows: string) => answers(true, shows);
const prepared = { not: "makes the question of a call that is checked" };
/** Contents of a board by their kind, by what `show` makes of them. */
const contents = (kind: string, show: (content: Json) => unknown, wanted: unknown[], shows: string): Call => ({
  shows,
  check(_lab, answer) {
    const { [kind]: found } = (answer as { contents: Record<string, Record<string, Json>> }).contents;
    assert.deepEqual(Object.values(found!).map(show), wanted);
  },
});
const context = (content: string) => has({ level: "project", content }, "the text of the project");

const READS: Client["calls"] = {
  me: answers([String(SANDBOX.projectId)], "the projects of the account"),
  projects: names([SANDBOX.projectName]),
  workspaces: names(["All Project Data"]),
  list_workspaces: names(["All Project Data"]),
  resolve_workspace_id: yes("a workspace is found"),
  events: answers(
    ["$mp_session_record", "Seed Buy", "Seed Cart", "Seed Click", "Seed View"],
    "the names of all events",
  ),
  properties: answers(["$insert_id", "amount", "distinct_id", "plan"], "the properties of an event"),
  property_values: answers(["pro", "free"], "the values of a property"),
  subproperties: answers([["price", "number"], ["sku", "string"]], "the members of an object, with their types"),
  funnels: names([SEED_FUNNEL.name]),
  top_events: answers([], "nothing has happened today"),
  activity_feed: answers(["Seed View"], "what a user did"),
  stream_events: answers(["Seed Buy", "Seed View", "Seed View", "Seed View"], "raw events by their names"),
  stream_profiles: answers(["seed-1", "seed-2"], "all profiles"),
  segmentation: answers({ pro: day(2), free: day(1) }, "counts by segment and day"),
  segmentation_sum: answers(day(12), "the sum of the day"),
  segmentation_average: answers(day(4), "the average of the day"),
  segmentation_numeric: answers(3, "all events in ranges of numbers"),
  event_counts: answers({ "Seed View": day(3), "Seed Buy": day(1) }, "counts by event and day"),
  property_counts: answers({ pro: day(2), free: day(1) }, "counts by value and day"),
  funnel: answers([2, 1], "people by step"),
  retention: answers([[SEED_DAY, 2, 0.5]], "people of the first day, and the share that came back"),
  frequency: answers([2, 0], "people by the number of their hours"),
  run_retention_params: answers(
    { [SEED_DAY]: { first: 2, counts: [2], rates: [1] } },
    "retention of what `build_retention_params` made",
  ),
  run_flow_params: answers(["Seed View", "Seed View", "DROPOFF"], "flows of what `build_flow_params` made"),
  run_user_params: answers(1, "the number of those with a property"),
  build_params: prepared,
  build_funnel_params: prepared,
  build_retention_params: prepared,
  build_flow_params: prepared,
  build_user_params: prepared,
  lexicon_schema: oneSchema,
  account: local,
  api: local,
  project: local,
  session: local,
  workspace: local,
  use: local,
  close: local,
  clear_discovery_cache: local,
};

const BOARDS: Client["calls"] = {
  create_dashboard: contents("text", ({ markdown }) => markdown, ["<p>Hello</p>"], "a board with a text"),
  get_dashboard: has({ title: "Growth" }, "its title"),
  list_dashboards: names(["Growth", "Seed board"]),
  update_dashboard: has({ title: "Growth 2" }, "the new title"),
  favorite_dashboard: has({ is_favorited: true }, "it is a favorite"),
  unfavorite_dashboard: has({ is_favorited: false }, "it is none"),
  pin_dashboard: {
    shows: "it has been pinned",
    check: (_lab, answer) => assert.equal(typeof (answer as Json).pinned_date, "string"),
  },
  unpin_dashboard: has({ pinned_date: null }, "it is not pinned"),
  get_dashboard_erf: yes("the board's object"),
  create_bookmark: has({ name: "By day", bookmark_type: "insights", params: VIEWS }, "name, type and params"),
  get_bookmark: has({ name: "By day", params: VIEWS }, "name and params"),
  update_bookmark: has({ name: "A day", params: VIEWS }, "the new name"),
  bulk_update_bookmarks: has({ name: "A day", description: "All" }, "the new description"),
  list_bookmarks: names(["A day", "After a view", "Duplicate of By day", "Spare", "Views"]),
  list_bookmarks_v2: names(["A day", "Duplicate of By day", "Spare", "Views"]),
  get_bookmark_history: answers(["A day", "By day"], "the names before the changes, the newest first"),
  add_report_to_dashboard: {
    shows: "the board shows a further copy of the report: the client has placed one when it was made",
    check: (_lab, answer) =>
      assert.deepEqual((answer as Json[]).map(({ name, params }) => [name, params]), [
        ["Duplicate of By day", VIEWS],
        ["Duplicate of A day", VIEWS],
      ]),
  },
  bookmark_linked_dashboard_ids: yes("the id of the board that shows it"),
  get_bookmark_dashboard_ids: yes("the id of the board that shows it"),
  remove_report_from_dashboard: contents(
    "report",
    ({ name }) => name,
    ["Duplicate of A day"],
    "the board shows the other copy alone",
  ),
  list_blueprint_templates: names(["ecommerce", "growth"]),
  create_blueprint: contents("report", ({ name }) => name, ["$mp_anything_event", "Sign Up"], "a board with reports"),
  get_blueprint_config: answers({ variables: { template_type: "growth" } }, "what the template needs"),
  update_blueprint_cohorts: done,
  finalize_blueprint: has({ title: "Growth" }, "the board"),
  create_rca_dashboard: has({ title: "Root cause of anomaly 5" }, "a board"),
  update_text_card: answers("<p>New</p>", "the new text"),
  update_report_link: answers("embedded", "the new type"),
  create_report_link: has({ report_type: "insights", name: "Views" }, "its type and name"),
  resolve_report_link: has({ report_type: "insights", project_id: SANDBOX.projectId }, "its type and project"),
  query_report_link: answers([{ [`${SEED_DAY}T00:00:00+00:00`]: 3 }], "the numbers of the report behind it"),
  saved_report_link: answers(
    `https://mixpanel.com/project/${SANDBOX.projectId}/app/insights#report/${SEED_REPORT.id}`,
    "the address on the web page",
  ),
  delete_bookmark: {
    shows: "it is no more in the list",
    check: (_lab, answer) =>
      assert.ok(!(answer as string[]).includes("A day") && (answer as string[]).includes("Views")),
  },
  bulk_delete_bookmarks: {
    shows: "it is no more in the list",
    check: (_lab, answer) =>
      assert.ok(!(answer as string[]).includes("Spare") && (answer as string[]).includes("Views")),
  },
  delete_dashboard: gone(["Growth", "Growth 2", "Seed board"]),
  bulk_delete_dashboards: gone(["Seed board"]),
};

const COHORTS: Client["calls"] = {
  create_cohort: has({ name: "Pro users", count: 1, selector: PRO_USERS }, "name, definition and number of members"),
  get_cohort: has({ name: "Pro users", selector: PRO_USERS }, "name and definition"),
  update_cohort: has({ name: "Payers", selector: PRO_USERS }, "the new name"),
  bulk_update_cohorts: has({ name: "Payers", description: "All" }, "the new description"),
  list_cohorts_full: names(["Payers", SEED_COHORT.name, "Spare"]),
  cohorts: names(["Payers", SEED_COHORT.name, "Spare"]),
  delete_cohort: gone([SEED_COHORT.name, "Spare"]),
  bulk_delete_cohorts: gone([SEED_COHORT.name]),
};

const FLAGS: Client["calls"] = {
  create_experiment: has({ name: "Button", hypothesis: "Green sells", status: "draft" }, "name, hypothesis and status"),
  get_experiment: has({ name: "Button", hypothesis: "Green sells" }, "name and hypothesis"),
  update_experiment: has({ name: "Colour", hypothesis: "Green sells" }, "the new name"),
  duplicate_experiment: has({ name: "Again", hypothesis: "Green sells", status: "draft" }, "a draft of the same"),
  launch_experiment: has({ status: "active" }, "the status"),
  conclude_experiment: has({ status: "concluded", end_date: `${SEED_DAY}T12:00:00Z` }, "the status and the end"),
  decide_experiment: has({ status: "success", results_cache: { variant: "Green" } }, "the decision"),
  archive_experiment: gone(["Colour"]),
  list_experiments: answers(["Again", "Colour"], "archived ones too"),
  restore_experiment: names(["Again", "Colour"]),
  list_erf_experiments: names(["Again", "Colour"]),
  delete_experiment: gone(["Colour"]),
  create_feature_flag: has({ name: "Dark mode", key: "dark", status: "disabled" }, "name, key and status"),
  get_feature_flag: has({ name: "Dark mode", key: "dark" }, "name and key"),
  update_feature_flag: has({ name: "Darker", key: "dark", status: "enabled" }, "the new name and status"),
  set_flag_test_users: answers({ users: { "u-9": "on" } }, "who gets which variant"),
  get_flag_history: answers(1, "a page of one change"),
  get_flag_limits: answers(
    { limit: 10, is_trial: false, current_usage: 3, contract_status: "active" },
    "how many there are and may be",
  ),
  duplicate_feature_flag: has({ status: "disabled" }, "a disabled copy"),
  archive_feature_flag: gone(["Darker (copy)", "gate", "new-nav"]),
  list_feature_flags: answers(["Darker", "Darker (copy)", "gate", "new-nav"], "archived ones too"),
  restore_feature_flag: names(["Darker", "Darker (copy)", "gate", "new-nav"]),
  delete_feature_flag: gone(["Darker (copy)", "gate", "new-nav"]),
};

const NOTICES: Client["calls"] = {
  create_alert: has({ name: "Few views", paused: false, ...ALERT }, "all that was sent"),
  get_alert: has({ name: "Few views" }, "its name, which is all that there is of one"),
  update_alert: has({ name: "No views", paused: true, ...ALERT }, "the new name and state"),
  list_alerts: names(["No views", "Spare"]),
  get_alert_count: answers({ anomaly_alerts_count: 0, alert_limit: 5, is_below_limit: true }, "how many there may be"),
  get_alert_history: answers([], "it has not been checked yet"),
  test_alert: answers({}, "it is done"),
  get_alert_screenshot_url: yes("an address"),
  validate_alerts_for_bookmark: has({ invalid_count: 0 }, "it fits the report"),
  delete_alert: gone(["Spare"]),
  bulk_delete_alerts: gone([]),
  create_webhook: has({ name: "Hook" }, "its name"),
  update_webhook: has(
    { name: "Hook", url: "https://hook.example.com/in", is_enabled: false, auth_type: "basic" },
    "it is disabled, and the rest as it was",
  ),
  list_webhooks: names(["Hook"]),
  test_webhook: has({ success: true, status_code: 200 }, "the outcome"),
  delete_webhook: gone([]),
  create_annotation_tag: has({ name: "release" }, "its name"),
  list_annotation_tags: names(["release"]),
  create_annotation: has({ date: `${SEED_DAY} 11:00:00`, description: "2.0" }, "date and text"),
  get_annotation: has({ date: `${SEED_DAY} 11:00:00`, description: "2.0" }, "date and text"),
  update_annotation: has({ date: `${SEED_DAY} 11:00:00`, description: "2.0.1" }, "the new text"),
  list_annotations: answers(["2.0.1", "Release"], "those of the day"),
  delete_annotation: gone(["Release"]),
};

const anomaly = (status: string) =>
  has({ event_name: "Seed View", actual_count: 3, anomaly_class: "Event", status }, "the anomaly with its status");
const SCHEMA = { type: "object", properties: { plan: { type: "string" } } };
const LEXICON: Client["calls"] = {
  create_lexicon_tag: has({ name: "core" }, "its name"),
  update_lexicon_tag: has({ name: "base" }, "the new name"),
  list_lexicon_tags: names(["base"]),
  get_event_definitions: has(
    { name: "Seed View", hidden: false, verified: false, status: "live" },
    "an event as it is",
  ),
  update_event_definition: has({ description: "Seen", verified: true, tags: ["base"], hidden: false }, "what was set"),
  bulk_update_event_definitions: has(
    { description: "Seen", verified: true, tags: ["base"], hidden: true },
    "it is hidden",
  ),
  get_property_definitions: has({ name: "plan", resource_type: "Event", sensitive: false }, "a property as it is"),
  update_property_definition: has({ description: "Paid", sensitive: false }, "what was set"),
  bulk_update_property_definitions: has({ description: "Paid", sensitive: true }, "it is sensitive"),
  get_tracking_metadata: has({ event_name: "Seed View" }, "the event's name"),
  get_event_history: answers([["hidden"], ["description", "verified", "tags"]], "what changed, the newest first"),
  get_property_history: answers([["sensitive"], ["description"]], "what changed, the newest first"),
  export_lexicon: answers(["eventProperties", "events", "userProperties"], "definitions by their kind"),
  run_audit: answers(["Unplanned Event"], "the kinds of violations"),
  run_audit_events_only: answers(["Seed Buy", "Seed Cart", "Seed Click", "Seed View"], "the events outside the plan"),
  delete_event_definition: has(
    { name: "Seed View", description: "", verified: false, tags: [] },
    "nothing is set any more",
  ),
  delete_lexicon_tag: gone([]),
  init_schema_enforcement: answers("Warn and Accept", "its rule"),
  get_schema_enforcement: has({ rule_event: "Warn and Accept", notification_emails: [] }, "rule and addresses"),
  update_schema_enforcement: has(
    { rule_event: "Warn and Accept", notification_emails: ["a@example.com"] },
    "the new address",
  ),
  replace_schema_enforcement: has({ rule_event: "Warn and Hide", notification_emails: [] }, "all is new"),
  delete_schema_enforcement: answers({ status: "ok" }, "it is done"),
  list_data_volume_anomalies: anomaly("open"),
  update_anomaly: anomaly("dismissed"),
  bulk_update_anomalies: anomaly("open"),
  preview_deletion_filters: answers([], "no filters"),
  create_deletion_request: has(
    { event_name: "Seed Buy", from_date: SEED_DAY, to_date: SEED_DAY, status: "Submitted", deleted_events_count: 0 },
    "the request with its status",
  ),
  list_deletion_requests: answers(["Seed Buy"], "the events of all requests"),
  cancel_deletion_request: gone([]),
  create_schema: answers([SCHEMA], "the schema"),
  update_schema: answers([{ ...SCHEMA, description: "Joined" }], "the schema with what was added"),
  create_schemas_bulk: answers({ added: 1, deleted: 0 }, "how many"),
  update_schemas_bulk: answers([{ entity_type: "event", name: "Log In", status: "ok", error: null }], "each outcome"),
  list_schema_registry: names(["Log In", "Sign Up"]),
  lexicon_schemas: names(["Log In", "Sign Up"]),
  schema_graph: answers(
    ["$mp_session_record", "Log In", "Seed Buy", "Seed Cart", "Seed Click", "Seed View", "Sign Up"],
    "all events, seen and planned",
  ),
  delete_schemas: answers({ delete_count: 1 }, "how many"),
  get_drop_filter_limits: answers({ filter_limit: 15 }, "how many there may be"),
  create_drop_filter: has({ event_name: "Seed Buy", filters: [IS_PRO], active: true }, "event and filters"),
  update_drop_filter: has({ event_name: "Seed Buy", filters: [IS_PRO], active: false }, "it is not active"),
  list_drop_filters: answers(["Seed Buy"], "the events of all"),
  delete_drop_filter: gone([]),
};

const behavior = (wanted: Json, shows: string) => has({ name: "View to buy", type: "funnel", ...wanted }, shows);
const DEFINITIONS: Client["calls"] = {
  validate_custom_property: answers({ valid: true }, "it is valid"),
  create_custom_property: has({ name: "Twice", resource_type: "events", display_formula: "A * 2" }, "name and formula"),
  get_custom_property: has({ name: "Twice", display_formula: "A * 2" }, "name and formula"),
  update_custom_property: has({ name: "Thrice", display_formula: "A * 3" }, "the new name and formula"),
  list_custom_properties: names(["Thrice"]),
  delete_custom_property: gone([]),
  create_custom_event: has(
    { name: "Any seed", alternatives: [{ event: "Seed View" }, { event: "Seed Buy" }] },
    "name and events",
  ),
  update_custom_event: has({ name: "Any seed", description: "Both" }, "the description"),
  list_custom_events: names(["Any seed"]),
  delete_custom_event: gone([]),
  create_metric: has({ name: "Views", type: "metric" }, "name and type"),
  get_metric: has({ name: "Views", type: "metric", verified: false }, "name and type"),
  update_metric: has({ name: "All views", verified: true }, "the new name; it is verified"),
  bulk_update_metrics: has({ name: "All views", description: "All" }, "the description"),
  list_metrics: names(["All views"]),
  run_params: answers([{ [`${SEED_DAY}T00:00:00+00:00`]: 3 }], "the numbers of a saved metric"),
  delete_metric: gone([]),
  delete_metrics: gone([]),
  create_behavior: behavior({}, "name and type"),
  get_behavior: behavior({ verified: false }, "name and type"),
  update_behavior: behavior({ description: "Bought" }, "the description"),
  list_behaviors: names(["View to buy"]),
  run_funnel_params: answers([2, 1], "the funnel of a saved behavior"),
  delete_behavior: gone([]),
  delete_behaviors: gone([]),
  upload_lookup_table: has({ name: "Prices" }, "its name"),
  list_lookup_tables: {
    shows: "the table",
    check: (_lab, answer) => assert.deepEqual((answer as Json[]).map(({ name }) => name), ["Prices"]),
  },
  update_lookup_table: {
    shows: "the new name",
    check: (_lab, answer) => assert.deepEqual((answer as Json[]).map(({ name }) => name), ["Price list"]),
  },
  download_lookup_table: answers("id,price\n1,5\n2,7\n", "the bytes that were uploaded"),
  get_lookup_upload_url: yes("an address"),
  get_lookup_download_url: yes("an address"),
  get_lookup_upload_status: has({ uploadStatus: "NOTFOUND" }, "there is no such upload"),
  mark_lookup_table_ready: { not: "the last part of `upload_lookup_table`, which is called" },
  delete_lookup_tables: gone([]),
  set_business_context: context("# Shop"),
  get_business_context: context("# Shop"),
  get_business_context_chain: {
    shows: "the texts of the organization and the project",
    check(_lab, answer) {
      const { organization, project } = answer as Record<string, { content: string }>;
      assert.deepEqual([organization!.content, project!.content], ["", "# Shop"]);
    },
  },
  clear_business_context: context(""),
};

const { id, retention } = SEED_RECORDING;
const REPLAYS: Client["calls"] = {
  list_replays: answers([{
    replay_id: id,
    distinct_id: "seed-1",
    project_id: SANDBOX.projectId,
    start_time: (SEED_SECONDS + 600) * 1000,
    retention_days: retention,
  }], "a user's recordings, with their start"),
  sign_replay: answers(id, "an address of it"),
  sign_replays: answers([id], "an address of each"),
  fetch_replay: answers(8, "all events of the recording's two files"),
  fetch_replays: answers([id], "each recording"),
  stream_replay: answers(8, "all events of the recording's two files"),
  analyze_replay: yes("where it was made"),
  events_for_replay: answers(["Seed Cart", "Seed Click"], "what was tracked meanwhile"),
  events_for_replays: answers({ [id]: ["Seed Cart", "Seed Click"] }, "what was tracked meanwhile, by recording"),
  replays_for_user: answers([id], "the user's recordings"),
};

export const METHODS: Client["calls"] = {
  ...READS,
  ...BOARDS,
  ...COHORTS,
  ...FLAGS,
  ...NOTICES,
  ...LEXICON,
  ...DEFINITIONS,
  ...REPLAYS,
};
