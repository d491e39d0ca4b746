/** Certificate authorities that the user adds. */
import { inputError } from "../errors.ts";
import { readTextFile } from "../runtime/files.ts";
import { describeSource, type Sourced } from "./source.ts";

/**
 * The PEM text of all files, or undefined without any.
 *
 * @throws MpError (input) for a file that is not there or holds no certificate: the user wants it to count.
 */
export async function readCertificates(files: readonly Sourced<string>[]): Promise<string | undefined> {
  const paths = new Map(files.map((file) => [file.value, describeSource(file.source)]));
  const texts: string[] = [];
  for (const [path, origin] of paths) {
    const text = await readTextFile(path).catch((error: Error) => {
      throw inputError(`Cannot use ${origin} ${path}: ${error.message}`);
    });
    if (text === undefined) {
      throw inputError(`Cannot use ${origin} ${path}: no such file`, `unset ${origin} to trust the usual authorities`);
    }
    if (!text.includes("-----BEGIN ")) {
      throw inputError(`Cannot use ${origin} ${path}: it holds no PEM certificate`);
    }
    texts.push(text.trimEnd());
  }
  return texts.length === 0 ? undefined : texts.join("\n") + "\n";
}
