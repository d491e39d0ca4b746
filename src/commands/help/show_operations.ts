/** `mp api --list` without any other flag, from the list that the build has made: nothing of a command is loaded. */
import type { World } from "../../cli/context.ts";
import { wantsColour } from "../../output/colour.ts";
import { renderTable } from "../../output/table.ts";
import { hasAsset, readAsset } from "../../runtime/asset.ts";
import { operationRows, OPERATIONS_ASSET } from "../api/shared/listed_operation.ts";

/** Prints the list and returns true; false where the program runs from source, and has none. */
export async function showStoredOperations({ stdout, env }: World): Promise<boolean> {
  if (!hasAsset(OPERATIONS_ASSET)) return false;
  const text = new TextDecoder().decode(await readAsset(OPERATIONS_ASSET));
  if (!stdout.isTerminal) await stdout.write(`${text}\n`);
  else {
    const colour = wantsColour({ isTerminal: true, environment: env });
    await stdout.write(renderTable(operationRows(JSON.parse(text)), { width: stdout.columns(), colour }));
  }
  return true;
}
