import type { z } from "zod";
import { call, readOr } from "../../api/call.ts";
import { deleteServiceAccount, getServiceAccount } from "../../api/service_accounts.ts";
import type { Context } from "../../cli/context.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { MpError } from "../../errors.ts";

export default operationCommand(deleteServiceAccount, {
  description: "It leaves all projects, and whatever uses its secret stops working.",
  args: ["service_account_id"],
  examples: [{ text: "Without being asked", run: "mp service-accounts delete 3 --yes" }],
  async confirm({ organization_id, service_account_id }, context) {
    const name = await nameOf(context, organization_id, service_account_id);
    const which = name === undefined ? service_account_id : `${service_account_id} (${name})`;
    return `Organization ${organization_id}: Delete service account ${which}? Whatever uses its secret stops working.`;
  },
  done: (_result, { service_account_id }) => `Deleted service account ${service_account_id}`,
});

/** Undefined where it cannot be looked up: the question is asked all the same. */
async function nameOf(context: Context, organization_id: unknown, service_account_id: unknown) {
  try {
    const params = { organization_id, service_account_id } as z.input<typeof getServiceAccount.params>;
    const answer = await call(await context.client(), getServiceAccount, params, { once: true });
    const { username, name = username } = readOr(answer, { id: "" });
    return name;
  } catch (error) {
    // expected: any refusal, such as an account that is not there, which the deletion itself tells
    if (!(error instanceof MpError) || error.category === "interrupted") throw error;
    return undefined;
  }
}
