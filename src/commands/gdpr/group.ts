import type { Group } from "../../cli/command.ts";

export const group: Group = {
  retrieve: () => import("./retrieve.ts"),
  delete: () => import("./delete.ts"),
  status: () => import("./status.ts"),
  wait: () => import("./wait.ts"),
  download: () => import("./download.ts"),
  cancel: () => import("./cancel.ts"),
};
