import type { Group } from "../../cli/command.ts";

export const group: Group = {
  get: () => import("./get.ts"),
  list: () => import("./list.ts"),
  stats: () => import("./stats.ts"),
  set: () => import("./set.ts"),
  "set-once": () => import("./set_once.ts"),
  add: () => import("./add.ts"),
  append: () => import("./append.ts"),
  union: () => import("./union.ts"),
  remove: () => import("./remove.ts"),
  unset: () => import("./unset.ts"),
  delete: () => import("./delete.ts"),
  batch: () => import("./batch.ts"),
};
