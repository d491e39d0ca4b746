import type { Context } from "../../../cli/context.ts";

/** Says that an unpublished endpoint has answered, where it is Mixpanel that has. */
export async function noteUnpublished(context: Context, endpoint: string, command: string): Promise<void> {
  if (context.known !== undefined) return;
  await context.note(`Asked by ${endpoint}, which Mixpanel does not publish; see 'mp help ${command}'`);
}
