/** Commands on an organization's service accounts find out which organization is meant. */
import type { Context } from "../../../cli/context.ts";
import { organizationOf } from "../../../cli/scope.ts";

/** The `prepare` of these commands. */
export async function inOrganization(
  input: { organization_id?: string | number | bigint },
  context: Context,
): Promise<{ organization_id: string }> {
  const given = input.organization_id === undefined ? undefined : String(input.organization_id);
  return { organization_id: await organizationOf(context, given) };
}
