import type { Group } from "../../cli/command.ts";

export const group: Group = {
  list: () => import("./list.ts"),
  get: () => import("./get.ts"),
  set: () => import("./set.ts"),
  upload: () => import("./upload.ts"),
  delete: () => import("./delete.ts"),
};
