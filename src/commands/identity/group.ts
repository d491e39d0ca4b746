import type { Group } from "../../cli/command.ts";

export const group: Group = {
  identify: () => import("./identify.ts"),
  alias: () => import("./alias.ts"),
  merge: () => import("./merge.ts"),
};
