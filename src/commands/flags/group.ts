import type { Group } from "../../cli/command.ts";

export const group: Group = {
  evaluate: () => import("./evaluate.ts"),
  definitions: () => import("./definitions.ts"),
  list: () => import("./list.ts"),
  get: () => import("./get.ts"),
  create: () => import("./create.ts"),
  update: () => import("./update.ts"),
  delete: () => import("./delete.ts"),
  archive: () => import("./archive.ts"),
  restore: () => import("./restore.ts"),
  duplicate: () => import("./duplicate.ts"),
  "test-users": () => import("./test_users.ts"),
  history: () => import("./history.ts"),
  limits: () => import("./limits.ts"),
};
