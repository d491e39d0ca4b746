/** A release of this machine's binary, as people get it. */
import { chmodSync, copyFileSync, mkdirSync, rmSync } from "node:fs";
import { arch, platform } from "node:os";
import { dirname } from "node:path";
import { buildRelease } from "../../../scripts/release/release.ts";
import { RELEASE_TARGETS } from "../../../scripts/release/targets.ts";
import { BINARY, temporaryFolder } from "../../helpers/binary.ts";

let building: Promise<string> | undefined;
let folder: string | undefined;

/** The folder with its files, made once. */
export const builtRelease = (): Promise<string> => building ??= build();

export function removeRelease(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}

async function build(): Promise<string> {
  folder = temporaryFolder();
  await buildRelease({
    targets: RELEASE_TARGETS.filter(({ bun }) => bun === `${platform()}-${arch()}`),
    folder,
    seconds: 1_795_000_000,
    level: 1,
    attempt: (target) => Promise.resolve({ target, how: "this machine" }),
    build: (_target, outfile) => {
      mkdirSync(dirname(outfile), { recursive: true });
      copyFileSync(BINARY, outfile);
      chmodSync(outfile, 0o755);
      return Promise.resolve();
    },
  });
  return folder;
}
