/** `mp api --list` on a terminal, from the list that the build has made: nothing of a command is loaded. */
import type { World } from "../../cli/context.ts";
import { findPage } from "../../cli/stored_pages.ts";
import { wantsColour } from "../../output/colour.ts";
import { renderTable } from "../../output/table.ts";
import { operationRows } from "../api/shared/listed_operation.ts";

/** Prints the list and returns true; false where the program runs from source, and has none. */
export async function showStoredOperations({ stdout, env }: World): Promise<boolean> {
  const list = findPage("api --list", "pipe");
  if (list === undefined) return false;
  const colour = wantsColour({ isTerminal: stdout.isTerminal, environment: env });
  await stdout.write(renderTable(operationRows(JSON.parse(list)), { width: stdout.columns(), colour }));
  return true;
}
