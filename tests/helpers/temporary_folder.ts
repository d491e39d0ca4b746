/** A folder for one test file, removed when it ends. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { after } from "node:test";

export interface TemporaryFolder {
  path(name: string): string;
  /** Writes a file, in folders that are made for it, and returns its path. */
  write(name: string, content: string | Uint8Array): string;
}

const folders: string[] = [];
const remove = (folder: string) => rmSync(folder, { recursive: true, force: true });
// Bun loads a lab that several test files share once, and `after` then belongs to the first of them.
process.once("exit", () => folders.forEach(remove));

export function temporaryFolder(): TemporaryFolder {
  const folder = mkdtempSync(join(tmpdir(), "mp-test-"));
  folders.push(folder);
  after(() => remove(folder));
  const path = (name: string) => join(folder, name);
  return {
    path,
    write(name, content) {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), content);
      return path(name);
    },
  };
}
