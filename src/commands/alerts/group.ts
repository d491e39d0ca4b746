import type { Group } from "../../cli/command.ts";

export const group: Group = {
  list: () => import("./list.ts"),
  get: () => import("./get.ts"),
  create: () => import("./create.ts"),
  update: () => import("./update.ts"),
  delete: () => import("./delete.ts"),
  test: () => import("./test.ts"),
  history: () => import("./history.ts"),
  count: () => import("./count.ts"),
  validate: () => import("./validate.ts"),
  screenshot: () => import("./screenshot.ts"),
};
