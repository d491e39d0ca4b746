import type { Group } from "../../cli/command.ts";

export const group: Group = {
  list: () => import("./list.ts"),
  groups: () => import("./groups.ts"),
  create: () => import("./create.ts"),
  replace: () => import("./replace.ts"),
  rename: () => import("./rename.ts"),
  download: () => import("./download.ts"),
  link: () => import("./link.ts"),
  delete: () => import("./delete.ts"),
};
