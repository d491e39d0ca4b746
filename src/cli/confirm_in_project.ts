/** Questions before something of a project is destroyed: they say which project it is. */
import type { Context } from "./context.ts";

/** How much of a token tells it from others, and gives it to nobody. */
const SHOWN_CHARACTERS = 4;

/**
 * Asks, naming the project, and the token where that decides which project it is.
 *
 * @param options.byToken the request names the project by its token alone
 */
export async function confirmInProject(
  context: Context,
  question: string,
  { byToken = false }: { byToken?: boolean } = {},
): Promise<void> {
  if (context.globals.yes || context.globals.dryRun) return;
  const { projectId, credentials: { projectToken } } = (await context.client()).connection;
  const parts = [
    ...projectId === undefined ? [] : [`project ${projectId}`],
    ...byToken && projectToken !== undefined ? [`the token that ends in ${projectToken.slice(-SHOWN_CHARACTERS)}`] : [],
  ];
  const place = parts.join(", ");
  await context.confirm(place === "" ? question : `${place[0]?.toUpperCase()}${place.slice(1)}: ${question}`);
}
