import type { Group } from "../../cli/command.ts";

export const group: Group = {
  list: () => import("./list.ts"),
  top: () => import("./top.ts"),
  properties: () => import("./properties.ts"),
  definitions: () => import("./definitions.ts"),
  values: () => import("./values.ts"),
  tail: () => import("./tail.ts"),
  delete: () => import("./delete.ts"),
};
