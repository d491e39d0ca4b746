/** Which projects a command on memberships is for. */
import type { Context } from "../../../cli/context.ts";
import { missingProject } from "../../../cli/scope.ts";

/** The ids that were given, else the project in use. Throws an input error when there is none. */
export async function projectsOf(context: Context, given: readonly string[] | undefined): Promise<string[]> {
  if (given !== undefined) return [...given];
  const { projectId } = (await context.client()).connection;
  if (projectId !== undefined) return [projectId];
  throw missingProject("Cannot tell which project is meant: none is set");
}
