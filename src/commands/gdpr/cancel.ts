import { cancelDeletion } from "../../api/gdpr.ts";
import { call } from "../../api/call.ts";
import { command } from "../../cli/command.ts";
import { MpError } from "../../errors.ts";

export default command({
  operations: [cancelDeletion],
  args: ["tracking_id"],
  examples: [{ text: "Keep the users after all", run: "mp gdpr cancel 1000000000000000002" }],
  input: cancelDeletion.params,
  async run(context, { tracking_id }) {
    try {
      await call(await context.client(), cancelDeletion, { tracking_id });
    } catch (error) {
      // Mixpanel refuses the method, not the request, once a deletion is under way.
      if (!(error instanceof MpError) || error.status !== 405) throw error;
      throw new MpError(`Cannot cancel deletion ${tracking_id}: it has started`, {
        category: "failure",
        code: "too_late",
        hint: `see how far it is: mp gdpr status ${tracking_id} --kind deletion`,
        status: error.status,
        serverMessage: error.serverMessage,
        cause: error,
      });
    }
    await context.note(`Deletion ${tracking_id} is cancelled`);
  },
});
