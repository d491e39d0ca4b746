/** The tools of `mp mcp`. Few, since a model reads all of them in every conversation. */
import type { Tool, ToolCommand } from "./tool.ts";

const DAYS = ["from_date", "to_date"];
const WHO = ["by", "by_cohort", "cohort", "not_cohort"];
const NAMES = { names: "names" };
const SAVING = "With print_params it costs nothing and gives the JSON that save_report takes.";

const insights: ToolCommand = {
  name: "query insights",
  load: () => import("../../query/insights.ts"),
  takes: [
    ...["event", "math", "per_user", "together", "formula", "unit", "totals", "cumulative", "rolling", "where"],
    ...[...DAYS, ...WHO, "limit", "compare", "print_params"],
  ],
};

const READING: readonly Tool[] = [
  {
    name: "ask_insights",
    title: "Count events and users",
    description: "Counts events, users or a property's values over time, by up to five properties, with formulas. " +
      `Give the days by last ("30d") or from and to. ${SAVING}`,
    effect: "reads",
    commands: { insights },
  },
  {
    name: "ask_funnel",
    title: "Funnel",
    description: "How many users get from the first step to the last, in order, by default within 14 days. " +
      `Give the days by last or from and to. ${SAVING}`,
    effect: "reads",
    commands: {
      funnel: {
        name: "query funnel",
        load: () => import("../../query/funnel.ts"),
        takes: [...DAYS, "within", "math", "unit", "where", "any_order", "hold", "exclude", ...WHO, "print_params"],
        words: {
          name: "steps",
          description: "The events of the steps in their order, at least two; or the id of a saved funnel alone",
        },
      },
    },
  },
  {
    name: "ask_retention",
    title: "Retention",
    description: "How many users come back, and after how long, by the day, week or month of their first event. " +
      `Give the days by last or from and to. ${SAVING}`,
    effect: "reads",
    commands: {
      retention: {
        name: "query retention",
        load: () => import("../../query/retention.ts"),
        takes: ["born_event", "return_event", ...DAYS, "unit", "where", ...WHO, "print_params"],
      },
    },
  },
  {
    name: "ask_flows",
    title: "Flows",
    description: "Which events users do before and after one event. Give the days by last, or since and until.",
    effect: "reads",
    commands: {
      flows: {
        name: "query flows",
        load: () => import("../../query/flows.ts"),
        takes: ["anchor", "steps", "before", "shape", "branches", "hide", "where", ...DAYS, "cohort", "print_params"],
      },
    },
  },
  {
    name: "ask_segmentation",
    title: "One event, any expression",
    description: "Counts one event over time with any expression as where and on, where ask_insights takes lists of " +
      'conditions only. Expressions: properties["plan"] == "pro" and properties["amount"] > 30.',
    effect: "reads",
    commands: {
      segmentation: {
        name: "query segmentation",
        load: () => import("../../query/segmentation.ts"),
        takes: ["event", ...DAYS, "on", "where", "unit", "type", "limit"],
      },
    },
  },
  {
    name: "list_names",
    title: "Names of events, properties and values",
    description: "The events of the last month, the properties of an event, or the values of a property, most " +
      "frequent first. Look names up before asking about them: they must match exactly.",
    effect: "reads",
    searches: true,
    commands: {
      events: { name: "events list", load: () => import("../../events/list.ts"), takes: ["limit"] },
      properties: {
        name: "events properties",
        load: () => import("../../events/properties.ts"),
        takes: ["event", "limit"],
      },
      values: {
        name: "events values",
        load: () => import("../../events/values.ts"),
        takes: ["event", "property", "limit"],
      },
    },
  },
  {
    name: "list_saved",
    title: "Saved reports, boards, cohorts and notes",
    description: "What people have saved in the project, with ids for show_saved and run_report.",
    effect: "reads",
    searches: true,
    commands: {
      reports: { name: "reports list", load: () => import("../../reports/list.ts"), takes: ["type"] },
      boards: { name: "boards list", load: () => import("../../boards/list.ts"), takes: [] },
      cohorts: { name: "cohorts list", load: () => import("../../cohorts/list.ts"), takes: [] },
      funnels: { name: "funnels list", load: () => import("../../funnels/list.ts"), takes: [] },
      annotations: { name: "annotations list", load: () => import("../../annotations/list.ts"), takes: DAYS },
    },
  },
  {
    name: "show_saved",
    title: "One saved thing",
    description: "What a report asks, what a board shows row by row, or who is in a cohort.",
    effect: "reads",
    commands: {
      report: {
        name: "reports get",
        load: () => import("../../reports/get.ts"),
        takes: ["bookmark_id"],
        names: { bookmark_id: "id" },
        isJson: true,
      },
      board: {
        name: "boards contents list",
        load: () => import("../../boards/contents/list.ts"),
        takes: ["dashboard_id"],
        names: { dashboard_id: "id" },
      },
      cohort: {
        name: "cohorts get",
        load: () => import("../../cohorts/get.ts"),
        takes: ["cohort_id"],
        names: { cohort_id: "id" },
        isJson: true,
      },
    },
  },
  {
    name: "run_report",
    title: "Run a saved report",
    description: "The numbers of a saved report, whatever its kind, as people see them in Mixpanel.",
    effect: "reads",
    commands: {
      report: {
        name: "reports run",
        load: () => import("../../reports/run.ts"),
        takes: ["bookmark_id"],
        names: { bookmark_id: "id" },
      },
    },
  },
  {
    name: "describe_data",
    title: "What events and properties mean",
    description: "The Lexicon: descriptions, display names, tags and states of events or properties, all or by name.",
    effect: "reads",
    searches: true,
    commands: {
      events: {
        name: "lexicon events list",
        load: () => import("../../lexicon/events/list.ts"),
        takes: ["names"],
        names: NAMES,
      },
      properties: {
        name: "lexicon properties list",
        load: () => import("../../lexicon/properties/list.ts"),
        takes: ["names", "of"],
        names: NAMES,
      },
    },
  },
  {
    name: "find_profiles",
    title: "User profiles",
    description:
      "Profiles of users by id, by a text in name, address or id, or by an expression; 20 unless limit says " +
      "more. They are about persons: ask for no more than the question needs.",
    effect: "reads",
    commands: {
      profiles: {
        name: "profiles list",
        load: () => import("../../profiles/list.ts"),
        takes: ["distinct_ids", "search", "where", "output_properties", "limit"],
        always: ["--limit=20"],
      },
    },
  },
  {
    name: "limits",
    title: "What is left of the rate limits",
    description: "How many of Mixpanel's 60 queries an hour are used. Costs none.",
    effect: "reads",
    commands: { limits: { name: "limits", load: () => import("../../limits.ts"), takes: [] } },
  },
];

const EXPORT: Tool = {
  name: "export_events",
  title: "Export events to a file",
  description: "Writes raw events of some days into a new file in the allowed folder. For counts use ask_insights.",
  effect: "reads",
  writesFile: true,
  commands: {
    events: {
      name: "export events",
      load: () => import("../../export/events.ts"),
      takes: [...DAYS, "event", "where", "limit", "columns"],
      always: ["--progress=json"],
    },
  },
};

const WRITING: readonly Tool[] = [
  {
    name: "annotate",
    title: "Add a note to the charts",
    description: "Adds a note to the project's charts, which everybody sees.",
    effect: "writes",
    commands: {
      annotation: {
        name: "annotations create",
        load: () => import("../../annotations/create.ts"),
        takes: ["description", "date"],
      },
    },
  },
  {
    name: "save_report",
    title: "Save a report",
    description: "Saves a report of the JSON that a question gives with print_params. Kind and JSON must match: " +
      "insights for ask_insights, and funnels, retention and flows.",
    effect: "writes",
    commands: {
      report: {
        name: "reports create",
        load: () => import("../../reports/create.ts"),
        takes: ["name", "type", "params", "dashboard_id", "description"],
      },
    },
  },
  {
    name: "update_lexicon",
    title: "Describe events or properties",
    description: "Changes what the Lexicon says of events or properties. Tags are replaced.",
    effect: "writes",
    commands: {
      events: {
        name: "lexicon events update",
        load: () => import("../../lexicon/events/update.ts"),
        takes: ["names", "description", "displayName", "hidden", "verified", "tags"],
      },
      properties: {
        name: "lexicon properties update",
        load: () => import("../../lexicon/properties/update.ts"),
        takes: ["names", "of", "description", "displayName", "hidden", "sensitive"],
      },
    },
  },
  {
    name: "delete_saved",
    title: "Delete a report, board, cohort or note",
    description: "Deletes what people have saved. The person behind the client is asked each time.",
    effect: "destroys",
    commands: {
      report: {
        name: "reports delete",
        load: () => import("../../reports/delete.ts"),
        takes: ["bookmark_ids"],
        names: { bookmark_ids: "id" },
      },
      board: {
        name: "boards delete",
        load: () => import("../../boards/delete.ts"),
        takes: ["dashboard_ids"],
        names: { dashboard_ids: "id" },
      },
      cohort: {
        name: "cohorts delete",
        load: () => import("../../cohorts/delete.ts"),
        takes: ["cohort_ids"],
        names: { cohort_ids: "id" },
      },
      annotation: {
        name: "annotations delete",
        load: () => import("../../annotations/delete.ts"),
        takes: ["annotation_id"],
        names: { annotation_id: "id" },
      },
    },
  },
];

/** Every tool, whatever the server allows. */
export const TOOLS: readonly Tool[] = [...READING, EXPORT, ...WRITING];
