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
  insights: () => import("./insights.ts"),
  frequency: () => import("./frequency.ts"),
  names: () => import("./names.ts"),
  top: () => import("./top.ts"),
  values: () => import("./values.ts"),
};
