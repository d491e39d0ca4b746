import type { Group } from "../../cli/command.ts";

export const group: Group = {
  list: () => import("./list.ts"),
  create: () => import("./create.ts"),
  edit: () => import("./edit.ts"),
  pause: () => import("./pause.ts"),
  resume: () => import("./resume.ts"),
  cancel: () => import("./cancel.ts"),
  status: () => import("./status.ts"),
  timeline: () => import("./timeline.ts"),
  sync: () => import("./sync.ts"),
  "sync-status": () => import("./sync_status.ts"),
};
