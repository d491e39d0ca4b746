/**
 * The account `sandbox`, which nobody has to set up: each `mp sandbox` leaves a file in the state folder while it runs,
 * with its address and its credentials. Those are the same for every sandbox, and no real ones.
 */
import {
  join,
  listFolder,
  makeFolder,
  readTextFile,
  removeAtomically,
  writeFileAtomically,
} from "../runtime/files/files.ts";
import { type Environment, isProcessAlive } from "../runtime/process.ts";
import { type Account, accountTable, readAccount } from "./account.ts";
import { stateFolder } from "./paths.ts";

/** The name of the account. One of the user's own with that name takes precedence. */
export const SANDBOX_ACCOUNT = "sandbox";

/**
 * Makes a sandbox of this process known until the function that is returned is called. Throws when the state folder
 * cannot be written to.
 */
export async function announceSandbox(
  env: Environment,
  { port, account, processId, startedMs }: { port: string; account: Account; processId: number; startedMs: number },
): Promise<() => Promise<void>> {
  const folder = sandboxFolder(env);
  await makeFolder(folder, 0o700);
  const path = join(folder, `${port}.json`);
  const content = { ...accountTable(account), process_id: processId, started_ms: startedMs };
  await writeFileAtomically(path, JSON.stringify(content) + "\n", { mode: 0o600, isOnlyWriter: true });
  return () => removeAtomically(path);
}

/** The account of the sandbox that was started last among those that run; undefined when none does. */
export async function runningSandbox(env: Environment): Promise<Account | undefined> {
  const folder = sandboxFolder(env);
  const found: { table: Record<string, unknown>; startedMs: number }[] = [];
  for (const name of await namesIn(folder)) {
    const table = readTable(await readTextFile(join(folder, name)) ?? "");
    // A sandbox that was killed has left its file.
    if (table === undefined || !isProcessAlive(Number(table.process_id))) continue;
    found.push({ table, startedMs: Number(table.started_ms) });
  }
  const newest = found.sort((a, b) => b.startedMs - a.startedMs)[0];
  return newest && readAccount(SANDBOX_ACCOUNT, newest.table);
}

function sandboxFolder(env: Environment): string {
  return join(stateFolder(env), "sandboxes");
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await listFolder(folder)).filter((name) => /^\d+\.json$/.test(name));
  } catch (error) {
    // No sandbox has ever run.
    if ((error as { code?: string }).code === "ENOENT") return [];
    throw error;
  }
}

function readTable(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isTable = typeof value === "object" && value !== null && "process_id" in value;
    return isTable && Number.isInteger(value.process_id) ? value as Record<string, unknown> : undefined;
  } catch (error) {
    // expected: a file that a crash of the machine has left, which stands for no sandbox that runs
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}
