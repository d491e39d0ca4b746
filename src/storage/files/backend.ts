import { basename, dirname } from "../../runtime/files/files.ts";
import type { Backend } from "../backend.ts";

const split = (address: string) => ({ storage: dirname(address), path: basename(address) });

/** Paths of this machine. */
export const filesBackend: Backend = {
  example: "folder",
  variables: [],
  isWhole: () => false,
  split,
  root: split,
  async open(address) {
    return (await import("./local.ts")).localStorage(address);
  },
};
