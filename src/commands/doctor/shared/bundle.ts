/** What `mp doctor --bundle` writes for whoever helps: everything that was found, and no secret. */
import { redact } from "../../../client/redact.ts";
import type { Context } from "../../../cli/context.ts";
import { inputError } from "../../../errors.ts";
import { writeFault } from "../../../runtime/files/file_faults.ts";
import { writeFileAtomically } from "../../../runtime/files/files.ts";
import { machineInfo } from "../../../runtime/process.ts";
import { VARIABLES } from "../../../settings/environment.ts";
import { VERSION } from "../../../version.ts";
import type { Finding } from "./finding.ts";

/** Writes the file, readable by its owner alone. */
export async function writeBundle(context: Context, path: string, findings: readonly Finding[]): Promise<void> {
  const bundle = {
    mp_doctor: 1,
    version: VERSION,
    made_at: new Date(context.clock.now()).toISOString(),
    machine: machineInfo(),
    // Names only: a value may be a secret, or tell one.
    variables_set: VARIABLES.filter(({ name }) => (context.env[name] ?? "") !== "").map(({ name }) => name),
    findings,
  };
  await writeFileAtomically(path, redact(JSON.stringify(bundle, null, 2)) + "\n", { mode: 0o600 }).catch((cause) => {
    throw inputError(`Cannot write ${JSON.stringify(path)}: ${writeFault(cause)}`, undefined, "unwritable_file");
  });
}
