/** Which `mp` the shell finds: Mixpanel's own Python client has a command of the same name. */
import { realPath } from "../../../runtime/files/files.ts";
import { pathPrograms } from "../../../runtime/path_programs.ts";
import type { Finding } from "./finding.ts";
import { ok, warning } from "./finding.ts";

/**
 * @param own the file of this program; undefined when it runs from source
 * @param path the folders in which the shell looks
 */
export async function lookAtProgram(own: string | undefined, path: string | undefined): Promise<Finding[]> {
  if (own === undefined) return [];
  const program = await realPath(own);
  const found = pathPrograms("mp", path ?? "");
  const others = found.filter((one) => one !== program);
  if (found[0] === undefined || others.length === 0) return [];
  const detail = `${others[0]} is another program called mp, such as Mixpanel's Python client`;
  if (found[0] === program) return [ok("other mp", `${detail}; this one comes first on the PATH`)];
  return [warning(
    "other mp",
    `${detail}, and comes first on the PATH`,
    "give this one another name, or put its folder before the other's",
  )];
}
