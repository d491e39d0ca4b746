import type { Group } from "../../cli/command.ts";

export const group: Group = {
  segmentation: () => import("./segmentation.ts"),
  active: () => import("./active.ts"),
  events: () => import("./events.ts"),
  properties: () => import("./properties.ts"),
  numeric: () => import("./numeric.ts"),
  sum: () => import("./sum.ts"),
  average: () => import("./average.ts"),
  funnel: () => import("./funnel.ts"),
  retention: () => import("./retention.ts"),
  frequency: () => import("./frequency.ts"),
  insights: () => import("./insights.ts"),
  address: () => import("./address.ts"),
  flows: () => import("./flows.ts"),
  activity: () => import("./activity.ts"),
  jql: () => import("./jql.ts"),
};
