import type { Group } from "../../cli/command.ts";

export const group: Group = {
  events: () => import("./events.ts"),
};
