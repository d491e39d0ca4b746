import type { Group } from "../../cli/command.ts";

export const group: Group = {
  find: () => import("./find.ts"),
  sign: () => import("./sign.ts"),
  download: () => import("./download.ts"),
};
