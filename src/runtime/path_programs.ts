/** Programs that the shell would find by their name. */
import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";

/** The paths of a program in the folders of the PATH, in their order; links are followed, and each file stands once. */
export function pathPrograms(name: string, path: string = process.env.PATH ?? ""): string[] {
  const names = process.platform === "win32" ? [`${name}.exe`, `${name}.cmd`] : [name];
  const found = path.split(delimiter).filter((folder) => folder !== "")
    .flatMap((folder) => names.map((one) => join(folder, one))).filter(isExecutable);
  return [...new Set(found.map((one) => realpathSync(one)))];
}

/** Whether a path is that of a program. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    // expected: ENOENT, ENOTDIR or EACCES: then there is none
    return false;
  }
}
