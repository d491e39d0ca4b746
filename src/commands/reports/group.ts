import type { Group } from "../../cli/command.ts";

export const group: Group = {
  list: () => import("./list.ts"),
  get: () => import("./get.ts"),
  create: () => import("./create.ts"),
  update: () => import("./update.ts"),
  "update-many": () => import("./update_many.ts"),
  delete: () => import("./delete.ts"),
  run: () => import("./run.ts"),
  history: () => import("./history.ts"),
  boards: () => import("./boards.ts"),
  link: () => import("./link.ts"),
};
