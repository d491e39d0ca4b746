import type { Group } from "../../cli/command.ts";

export const group: Group = {
  list: () => import("./list.ts"),
  get: () => import("./get.ts"),
  create: () => import("./create.ts"),
  update: () => import("./update.ts"),
  delete: () => import("./delete.ts"),
};
