/** Which projects a command on memberships is for. */
import type { Context } from "../../../cli/context.ts";
import { inputError } from "../../../errors.ts";

/** The ids that were given, else the project in force. Throws an input error when there is none. */
export async function projectsOf(context: Context, given: readonly string[] | undefined): Promise<string[]> {
  if (given !== undefined) return [...given];
  const { projectId } = (await context.client()).connection;
  if (projectId !== undefined) return [projectId];
  throw inputError(
    "Cannot tell which project is meant: none is set",
    "add --project ID or set MP_PROJECT_ID; 'mp projects list' shows what you can see",
    "missing_project_id",
  );
}
