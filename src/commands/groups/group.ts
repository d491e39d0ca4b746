import type { Group } from "../../cli/command.ts";

export const group: Group = {
  set: () => import("./set.ts"),
  "set-once": () => import("./set_once.ts"),
  union: () => import("./union.ts"),
  remove: () => import("./remove.ts"),
  unset: () => import("./unset.ts"),
  delete: () => import("./delete.ts"),
  batch: () => import("./batch.ts"),
};
