import type { Group } from "../../cli/command.ts";

export const group: Group = {
  add: () => import("./add.ts"),
  list: () => import("./list.ts"),
  use: () => import("./use.ts"),
  show: () => import("./show.ts"),
  test: () => import("./test.ts"),
  remove: () => import("./remove.ts"),
  import: () => import("./import.ts"),
};
