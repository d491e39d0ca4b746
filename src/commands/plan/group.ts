import type { Group } from "../../cli/command.ts";

export const group: Group = {
  export: () => import("./export.ts"),
  diff: () => import("./diff.ts"),
  check: () => import("./check.ts"),
  apply: () => import("./apply.ts"),
};
