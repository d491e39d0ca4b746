import type { Group } from "../../cli/command.ts";

export const group: Group = {
  list: () => import("./list.ts"),
  get: () => import("./get.ts"),
  create: () => import("./create.ts"),
  update: () => import("./update.ts"),
  launch: () => import("./launch.ts"),
  conclude: () => import("./conclude.ts"),
  decide: () => import("./decide.ts"),
  archive: () => import("./archive.ts"),
  unarchive: () => import("./unarchive.ts"),
  duplicate: () => import("./duplicate.ts"),
  erf: () => import("./erf.ts"),
  delete: () => import("./delete.ts"),
};
