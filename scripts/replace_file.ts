import { renameSync, writeFileSync } from "node:fs";
import process from "node:process";

/** Writes a file whole: two runs at the same time leave one of their files, and no mixture. */
export function replaceFile(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}
