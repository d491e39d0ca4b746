import type { Group } from "../../cli/command.ts";

export const group: Group = {
  segmentation: () => import("./segmentation.ts"),
  events: () => import("./events.ts"),
  properties: () => import("./properties.ts"),
};
