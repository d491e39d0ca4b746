import type { Group } from "../../cli/command.ts";

export const group: Group = {
  check: () => import("./check.ts"),
  format: () => import("./format.ts"),
  explain: () => import("./explain.ts"),
  eval: () => import("./eval.ts"),
};
