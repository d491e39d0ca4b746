import type { Group } from "../../cli/command.ts";

export const group: Group = {
  set: () => import("./set.ts"),
  get: () => import("./get.ts"),
  list: () => import("./list.ts"),
};
