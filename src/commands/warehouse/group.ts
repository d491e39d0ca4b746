import type { Group } from "../../cli/command.ts";

export const group: Group = {
  list: () => import("./list.ts"),
  get: () => import("./get.ts"),
  "create-events": () => import("./create_events.ts"),
  "create-people": () => import("./create_people.ts"),
  "create-groups": () => import("./create_groups.ts"),
  "create-lookup-table": () => import("./create_lookup_table.ts"),
  update: () => import("./update.ts"),
  run: () => import("./run.ts"),
  history: () => import("./history.ts"),
  delete: () => import("./delete.ts"),
};
