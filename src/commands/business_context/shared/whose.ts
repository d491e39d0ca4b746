/** Whose business context is meant: the project's, or its organization's. */
import { z } from "zod";
import { organization } from "../../../api/service_accounts.ts";
import type { Context } from "../../../cli/context.ts";
import { organizationOf } from "../../../cli/scope.ts";

export const WHOSE = {
  org: z.boolean().default(false).meta({ description: "The organization's, in place of the project's" }),
  ...organization,
};

interface Whose {
  org: boolean;
  organization_id?: unknown;
}

/** The id of the organization; undefined where the project's context is meant. `--organization` alone means it, too. */
export async function organizationMeant(
  context: Context,
  { org, organization_id }: Whose,
): Promise<{ organization_id: string } | undefined> {
  if (!org && organization_id === undefined) return undefined;
  return { organization_id: await organizationOf(context, organization_id) };
}
