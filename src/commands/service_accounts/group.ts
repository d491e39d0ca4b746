import type { Group } from "../../cli/command.ts";

export const group: Group = {
  list: () => import("./list.ts"),
  get: () => import("./get.ts"),
  create: () => import("./create.ts"),
  delete: () => import("./delete.ts"),
  members: () => import("./members.ts"),
  "add-to-project": () => import("./add_to_project.ts"),
  "remove-from-project": () => import("./remove_from_project.ts"),
};
