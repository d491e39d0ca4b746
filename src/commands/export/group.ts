import type { Group } from "../../cli/command.ts";

export const group: Group = {
  events: () => import("./events.ts"),
  verify: () => import("./verify.ts"),
  profiles: () => import("./profiles.ts"),
  groups: () => import("./groups.ts"),
  lexicon: () => import("./lexicon.ts"),
  annotations: () => import("./annotations.ts"),
  cohorts: () => import("./cohorts.ts"),
  all: () => import("./all.ts"),
};
