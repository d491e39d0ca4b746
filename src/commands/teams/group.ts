import type { Group } from "../../cli/command.ts";

export const group: Group = {
  list: () => import("./list.ts"),
};
