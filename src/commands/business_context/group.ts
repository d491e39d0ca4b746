import type { Group } from "../../cli/command.ts";

export const group: Group = {
  get: () => import("./get.ts"),
  set: () => import("./set.ts"),
  chain: () => import("./chain.ts"),
};
