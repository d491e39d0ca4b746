/** Keeps the files of an import apart: none is written over what is read, or over another. */
import { inputError } from "../../../errors.ts";
import { refuseSources } from "../../../jobs/import/reject_file.ts";
import type { RecordSource } from "../../../records/read/record_source.ts";
import { isSameFile, resolve } from "../../../runtime/files/files.ts";

/**
 * @param outputs paths by the flags that name them
 * @throws MpError (input) when two of these files are one
 */
export async function checkDistinct(
  outputs: Readonly<Record<string, string | undefined>>,
  sources: readonly RecordSource[],
): Promise<void> {
  const given = Object.entries(outputs).filter((entry): entry is [string, string] => entry[1] !== undefined);
  for (const [index, [flag, path]] of given.entries()) {
    await refuseSources(path, sources, `name another for ${flag}`);
    for (const [other, otherPath] of given.slice(0, index)) {
      if (resolve(path) !== resolve(otherPath) && !await isSameFile(path, otherPath)) continue;
      throw inputError(
        `Cannot write ${JSON.stringify(path)} for both ${other} and ${flag}`,
        `name another for ${flag}`,
        "unwritable_file",
      );
    }
  }
}
