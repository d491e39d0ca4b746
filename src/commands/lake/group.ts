import type { Group } from "../../cli/command.ts";

export const group: Group = {
  ddl: () => import("./ddl.ts"),
};
