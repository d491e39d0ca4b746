/** The files that `mp` keeps: can they be read and written, and by nobody else? */
import type { Context } from "../../../cli/context.ts";
import { ledgerPath } from "../../../cli/connect.ts";
import { openLedger } from "../../../client/pacing/ledger.ts";
import { MpError } from "../../../errors.ts";
import { fileFault, writeFault } from "../../../runtime/files/file_faults.ts";
import { fileInfo, join, makeFolder, removeFile, writeFileAtomically } from "../../../runtime/files/files.ts";
import { platform } from "../../../runtime/process.ts";
import { readConfig } from "../../../settings/file.ts";
import { exposedIn } from "../../../settings/account.ts";
import { exposedSecret } from "../../../settings/secret.ts";
import { configPath, stateFolder } from "../../../settings/paths.ts";
import { type Finding, foundProblem, ok, skipped, warning } from "./finding.ts";

export async function lookAtFiles(context: Context): Promise<Finding[]> {
  return [await lookAtConfig(context), await lookAtState(context), await lookAtLedger(context)];
}

async function lookAtConfig({ env }: Context): Promise<Finding> {
  const path = configPath(env);
  try {
    const { exists, names, official, account } = await readConfig(path);
    if (!exists) return ok("config file", `${path} is not there; credentials come from the environment`);
    const open = names.find((name) => exposedIn(account(name)) !== undefined);
    if (open !== undefined) {
      const { message, hint } = exposedSecret(exposedIn(account(open))!, `account '${open}'`);
      return foundProblem("config file", message, hint);
    }
    const count = `${names.length} account${names.length === 1 ? "" : "s"}`;
    if (official) return ok("config file", `${path}: ${count}, in the Python client's layout`);
    const info = await fileInfo(path);
    const mode = platform() === "win32" ? "" : `, mode ${info?.mode.toString(8)}`;
    return ok("config file", `${path}: ${count}${mode}`);
  } catch (error) {
    if (!(error instanceof MpError)) throw error;
    return foundProblem("config file", error.message, error.hint);
  }
}

async function lookAtState({ env }: Context): Promise<Finding> {
  const folder = stateFolder(env);
  const trial = join(folder, ".doctor");
  const fix = "set XDG_STATE_HOME to a folder that can be written";
  try {
    await makeFolder(folder, 0o700);
    await writeFileAtomically(trial, "", { mode: 0o600 });
    await removeFile(trial);
  } catch (error) {
    return warning(
      "state folder",
      `${folder}: ${writeFault(error)}; limits are not counted, outputs not locked, and no job resumes`,
      fix,
    );
  }
  const mode = (await fileInfo(folder))?.mode ?? 0;
  const isOpen = platform() !== "win32" && (mode & 0o022) !== 0;
  return isOpen
    ? warning("state folder", `${folder} can be written by others`, `chmod go-w ${folder}`)
    : ok("state folder", `${folder} can be written`);
}

async function lookAtLedger(context: Context): Promise<Finding> {
  const path = ledgerPath(stateFolder(context.env));
  const info = await fileInfo(path).catch((error) => {
    // What the folder's permissions forbid is reported for the folder.
    if (fileFault(error) === undefined) throw error;
    return undefined;
  });
  if (info === undefined) {
    return ok("rate limits", "no request has been counted yet");
  }
  const troubles: string[] = [];
  const ledger = openLedger({ path, clock: context.clock, trace: (line) => troubles.push(line) });
  try {
    const entries = await ledger.snapshot();
    if (troubles.length > 0) return warning("rate limits", troubles[0] as string, "mp limits --reset");
    const used = entries.flatMap(({ quota, windows }) => windows.map(({ used, limit }) => ({ quota, used, limit })));
    const full = used.filter(({ used, limit }) => used >= (limit ?? Infinity));
    if (full.length > 0) {
      return warning(
        "rate limits",
        `used up: ${full.map(({ quota }) => quota).join(", ")}`,
        "mp limits",
      );
    }
    return ok(
      "rate limits",
      used.map(({ quota, used, limit }) => `${quota} ${used}${limit === null ? "" : ` of ${limit}`}`).join(", ") ||
        "none counted",
    );
  } catch (error) {
    return skipped("rate limits", (error as Error).message);
  } finally {
    ledger.close();
  }
}
