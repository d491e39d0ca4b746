/** Reads the files in which AWS's own tools keep credentials and settings. */
import { inputError } from "../../errors.ts";
import { readFault } from "../../runtime/files/file_faults.ts";
import { join, readTextFile } from "../../runtime/files/files.ts";
import { homeFolder } from "../../runtime/process.ts";
import type { Environment } from "../../runtime/process.ts";

/** Settings by their names in lower case. */
export type Settings = ReadonlyMap<string, string>;

/** What both files say about a profile; undefined when neither knows it. */
export async function readProfile(name: string, env: Environment): Promise<Settings | undefined> {
  const folder = join(env.HOME || homeFolder(), ".aws");
  const [credentials, config] = await Promise.all([
    readSections(env.AWS_SHARED_CREDENTIALS_FILE || join(folder, "credentials")),
    readSections(env.AWS_CONFIG_FILE || join(folder, "config")),
  ]);
  // The config file calls all but the default one `[profile NAME]`.
  const ofConfig = config.get(`profile ${name}`) ?? (name === "default" ? config.get(name) : undefined);
  const ofCredentials = credentials.get(name);
  if (ofConfig === undefined && ofCredentials === undefined) return undefined;
  return new Map([...ofConfig ?? [], ...ofCredentials ?? []]);
}

async function readSections(path: string): Promise<Map<string, Map<string, string>>> {
  const text = await readTextFile(path).catch((cause) => {
    const state = readFault(cause);
    if (state === undefined) throw cause;
    throw inputError(`Cannot read ${JSON.stringify(path)}: ${state}`, undefined, "unreadable_file");
  });
  return parseSections(text ?? "");
}

/** Sections of an ini file as AWS's tools read it: `#` and `;` begin comments, indented lines belong to what is before. */
export function parseSections(text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  for (const line of text.replace(/^\ufeff/, "").split(/\r?\n/)) {
    if (/^\s*([#;]|$)/.test(line)) continue;
    const header = /^\[\s*([^\]]+?)\s*\]/.exec(line);
    if (header !== null) {
      const name = header[1]!.replace(/\s+/g, " ").replace(/^profile "(.*)"$/, "profile $1");
      section = sections.get(name) ?? new Map();
      sections.set(name, section);
      continue;
    }
    // What is indented is a list of nested settings, of which none is needed here.
    const setting = /^([^\s=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
    if (setting !== null) section?.set(setting[1]!.toLowerCase(), setting[2]!.replace(/\s+[#;].*$/, ""));
  }
  return sections;
}
