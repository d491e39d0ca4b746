/** Reports and boards of the demo's project, as its people have saved them. */
import type { Author, Authorship } from "../app/author.ts";
import type { JsonObject } from "../app/body.ts";
import { EMAIL_DIGEST } from "../app/email_digests.ts";
import { BOOKMARK, type SavedBookmark } from "../app/saved_bookmark.ts";
import {
  type ContentType,
  DASHBOARD,
  type LayoutRow,
  REPORT_LINK,
  type SavedDashboard,
  type SavedReportLink,
  type SavedTextCard,
  TEXT_CARD,
} from "../app/saved_dashboard.ts";
import type { Store } from "../store/store.ts";

const DAY_MS = 86_400_000;

const event = (name: string, more: JsonObject = {}): JsonObject => ({
  type: "event",
  name,
  resourceType: "events",
  filtersDeterminer: "all",
  filters: [],
  ...more,
});

const metric = (name: string, math = "total", property: string | null = null): JsonObject => ({
  type: "metric",
  behavior: event(name),
  measurement: {
    math,
    property: property === null ? null : { name: property, resourceType: "events", type: "number" },
    perUserAggregation: null,
  },
});

interface Question {
  show: JsonObject[];
  unit: string;
  days: number;
  chartType: string;
  group?: JsonObject[];
  more?: JsonObject;
}

const asked = ({ show, unit, days, chartType, group = [], more = {} }: Question): JsonObject => ({
  sections: {
    show,
    time: [{ dateRangeType: "in the last", unit, window: { unit: "day", value: days } }],
    filter: [],
    group,
    formula: [],
  },
  displayOptions: { chartType },
  ...more,
});

const by = (property: string): JsonObject => ({
  value: property,
  propertyName: property,
  resourceType: "events",
  propertyType: "string",
  propertyDefaultType: "string",
});

const step = (name: string) => event(name, { id: null, funnelOrder: "loose" });

/** What the web page needs to show a saved report of retention. */
const RETENTION_LAYOUT: JsonObject = {
  sorting: { bar: { sortBy: "column", colSortAttrs: [{ sortBy: "value", sortOrder: "desc" }] } },
  columnWidths: { bar: {} },
};

type DemoReport = Pick<SavedBookmark, "name" | "description" | "type" | "params"> & {
  id: number;
  dashboard_id: number;
};

const REPORTS: readonly DemoReport[] = [
  {
    id: 9001,
    dashboard_id: 9501,
    name: "Sign-ups and purchases",
    description: "How the shop grows",
    type: "insights",
    params: asked({ show: [metric("Sign Up"), metric("Purchase")], unit: "day", days: 30, chartType: "line" }),
  },
  {
    id: 9002,
    dashboard_id: 9501,
    name: "Buyers by operating system",
    description: "",
    type: "insights",
    params: asked({
      show: [metric("Purchase", "unique")],
      unit: "week",
      days: 56,
      chartType: "line",
      group: [by("$os")],
    }),
  },
  {
    id: 9003,
    dashboard_id: 9501,
    name: "From product to purchase",
    description: "Where people stop",
    type: "funnels",
    params: asked({
      show: [{
        type: "metric",
        behavior: {
          type: "funnel",
          resourceType: "events",
          funnelOrder: "loose",
          conversionWindowDuration: 7,
          conversionWindowUnit: "day",
          behaviors: ["View Product", "Add to Cart", "Begin Checkout", "Purchase"].map(step),
          exclusions: [],
          aggregateBy: [],
          filter: [],
        },
        measurement: { math: "conversion_rate_unique", property: null, stepIndex: null },
      }],
      unit: "day",
      days: 30,
      chartType: "funnel-steps",
    }),
  },
  {
    id: 9004,
    dashboard_id: 9501,
    name: "Buying again",
    description: "",
    type: "retention",
    params: asked({
      show: [{
        type: "metric",
        behavior: {
          type: "retention",
          resourceType: "events",
          retentionType: "birth",
          retentionUnit: "week",
          retentionAlignmentType: "birth",
          retentionCustomBucketSizes: [],
          retentionUnboundedMode: "none",
          behaviors: [event("Sign Up"), event("Purchase")],
          filters: [],
        },
        measurement: { math: "retention_rate", property: null, retentionBucketIndex: null },
      }],
      unit: "week",
      days: 56,
      chartType: "retention-curve",
      more: RETENTION_LAYOUT,
    }),
  },
  {
    id: 9005,
    dashboard_id: 9502,
    name: "Turnover",
    description: "In US dollars",
    type: "insights",
    params: asked({ show: [metric("Purchase", "total", "amount")], unit: "week", days: 56, chartType: "bar" }),
  },
  {
    id: 9006,
    dashboard_id: 9502,
    name: "After the first look",
    description: "",
    type: "flows",
    params: {
      steps: [{
        event: "View Product",
        step_label: "View Product",
        forward: 3,
        reverse: 0,
        bool_op: "and",
        property_filter_params_list: [],
      }],
      date_range: { type: "in the last", from_date: { unit: "day", value: 30 }, to_date: "$now" },
      chartType: "sankey",
      flows_merge_type: "graph",
      count_type: "unique",
      cardinality_threshold: 3,
      version: 2,
      conversion_window: { unit: "day", value: 7 },
      anchor_position: 1,
      collapse_repeated: false,
      show_custom_events: true,
      hidden_events: [],
      exclusions: [],
    },
  },
];

/** Of the first board: it was deleted from there, and can be brought back. */
const DELETED_REPORT = {
  id: 9007,
  dashboard_id: 9501,
  name: "Visits",
  type: "insights",
  params: asked({ show: [metric("Session Start")], unit: "day", days: 30, chartType: "line" }),
  isDeleted: true,
} as const;

const TEXTS: Readonly<Record<number, string>> = {
  9601: "<h2>The shop at a glance</h2><p>Numbers of the last weeks. Ask <strong>Ada</strong> what they mean.</p>",
  9602: "<p>Test orders are not left out.</p>",
};

type DemoRow = readonly [height: number, ...cells: (readonly [ContentType, id: number, width: number])[]];

const BOARDS: readonly {
  id: number;
  title: string;
  description: string;
  rows: readonly DemoRow[];
  template?: string;
}[] = [
  {
    id: 9501,
    title: "Shop",
    description: "Who comes, who buys, who comes back",
    rows: [
      [0, ["text", 9601, 12]],
      [336, ["report", 9001, 6], ["report", 9002, 6]],
      [418, ["report", 9003, 8], ["report", 9004, 4]],
    ],
  },
  {
    id: 9502,
    title: "Turnover",
    description: "",
    rows: [[336, ["report", 9005, 4], ["text", 9602, 8]], [588, ["report", 9006, 9], ["report-link", 9701, 3]]],
    template: "ecommerce",
  },
];

/** Loads them into a project; the owner made them before `nowMs`. */
export function loadBoards(store: Store, projectId: number, nowMs: number, owner: Author): void {
  const put = (kind: string, id: number, body: object) => store.savedObjects.put(projectId, kind, id, body);
  const made = (daysAgo: number): Authorship => {
    const createdMs = nowMs - daysAgo * DAY_MS;
    return { creator: owner, createdMs, modifier: owner, modifiedMs: createdMs };
  };
  for (const { id, ...report } of [...REPORTS, DELETED_REPORT]) put(BOOKMARK, id, { ...report, ...made(50) });
  for (const [id, markdown] of Object.entries(TEXTS)) {
    const board = BOARDS.find(({ rows }) => rows.some(([, ...cells]) => cells.some((cell) => cell[1] === Number(id))));
    put(TEXT_CARD, Number(id), { dashboardId: board!.id, markdown } satisfies SavedTextCard);
  }
  put(REPORT_LINK, 9701, { dashboardId: 9502, bookmarkId: 9001, type: "insights" } satisfies SavedReportLink);
  put(EMAIL_DIGEST, 9801, {
    fields: { dashboard_id: 9501, name: "Monday numbers", recipients: [owner.email], recur: 7 },
  });
  for (const { id, title, description, rows, template } of BOARDS) {
    put(
      DASHBOARD,
      id,
      {
        title,
        description,
        is_private: false,
        is_restricted: false,
        filters: [],
        breakdowns: [],
        time_filter: null,
        ...laidOut(rows),
        removed: id === DELETED_REPORT.dashboard_id ? [{ content_type: "report", content_id: DELETED_REPORT.id }] : [],
        template,
        favoriteOf: [],
        pinnedMs: nowMs - 49 * DAY_MS,
        ...made(50),
      } satisfies SavedDashboard,
    );
  }
}

function laidOut(rows: readonly DemoRow[]): Pick<SavedDashboard, "rows" | "lastNumber"> {
  let lastNumber = 0;
  const laid = rows.map(([height, ...cells]): LayoutRow => ({
    id: `r${++lastNumber}`,
    height,
    cells: cells.map(([content_type, content_id, width]) => ({
      id: `c${++lastNumber}`,
      width,
      content_id,
      content_type,
    })),
  }));
  return { rows: laid, lastNumber };
}
