/** Flags are known by their keys, and the API asks for their ids. */
import { call } from "../../../api/call.ts";
import { listFlags } from "../../../api/feature_flags.ts";
import type { Context } from "../../../cli/context.ts";
import { workspaceOf } from "../../../cli/scope.ts";
import { nearest } from "../../../streams/nearest.ts";
import { MpError } from "../../../errors.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The `prepare` of commands on one flag: finds it by its key, unless it is an id already. */
export async function findFlag(
  { flag_id: typed = "" }: { flag_id?: string },
  context: Context,
): Promise<{ workspace_id: string; flag_id: string }> {
  const workspace_id = await workspaceOf(context);
  if (UUID.test(typed)) return { workspace_id, flag_id: typed };
  const flags = (await call(await context.client(), listFlags, { workspace_id, include_archived: true })).result();
  const flag = flags.find(({ key }) => key === typed) ?? flags.find(({ id }) => id === typed);
  if (flag !== undefined) return { workspace_id, flag_id: flag.id };
  const near = nearest(typed, flags.map(({ key }) => key));
  throw new MpError(`Cannot find a flag ${JSON.stringify(typed)}: no flag has this key or id`, {
    category: "not_found",
    hint: near === undefined ? "'mp flags list' shows all" : `did you mean ${near}?`,
  });
}
