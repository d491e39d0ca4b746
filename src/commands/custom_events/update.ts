import { z } from "zod";
import { call } from "../../api/call.ts";
import {
  customEventChanges,
  customEventParam,
  describeCustomEvent,
  getCustomEvent,
  replaceCustomEvent,
} from "../../api/custom_events.ts";
import { command } from "../../cli/command.ts";
import { DATA, dataFields } from "../../cli/operation_command.ts";
import { inputError, MpError } from "../../errors.ts";
import { definedFields } from "../../streams/json/defined_fields.ts";
import {
  ALTERNATIVE_FLAG,
  customEventIn,
  presentCustomEvent,
  presentCustomEventDefinitions,
} from "./shared/present.ts";

export default command({
  summary: "change a custom event: its name and description, or the events that it stands for",
  description:
    "What is not named stays as it is. With --event the list of events is replaced, by an older endpoint; the rest is changed in the Lexicon.",
  args: ["custom_event_id"],
  examples: [
    { text: "Say what it means", run: "mp custom-events update 6001 --description 'Paid in any way'" },
    { text: "Other events", run: "mp custom-events update 6001 --event Purchase" },
  ],
  operations: [describeCustomEvent, replaceCustomEvent, getCustomEvent],
  input: z.object({ custom_event_id: customEventParam, events: ALTERNATIVE_FLAG, ...customEventChanges, ...DATA }),
  async run(context, { custom_event_id, events, data, ...flags }) {
    const changes = { ...dataFields(data, z.object(customEventChanges)), ...definedFields(flags) };
    const hasChanges = Object.keys(changes).length > 0;
    if (!hasChanges && events === undefined) {
      throw inputError(
        `Cannot update custom event ${custom_event_id}: nothing to change is given`,
        "add --name, --description, --event or --data",
        "missing_argument",
      );
    }
    const client = await context.client();
    if (events !== undefined) {
      if (context.globals.dryRun) await context.note("The custom event is read first, and then written changed");
      const before = customEventIn((await call(client, getCustomEvent, { custom_event_id })).result());
      const alternatives = events.map((event) => ({ event }));
      const answer = await call(client, replaceCustomEvent, { custom_event_id, name: before.name, alternatives });
      if (!hasChanges) {
        await context.note(`Changed custom event ${custom_event_id}`);
        return await context.print({ ...answer, ...presentCustomEvent(answer.result()) });
      }
    }
    const answer = await call(client, describeCustomEvent, { custom_event_id, ...changes });
    const definition = answer.result();
    const { customEventId: changed } = definition;
    if (changed !== undefined && changed !== null && String(changed) !== String(custom_event_id)) {
      throw new MpError(`Cannot update custom event ${custom_event_id}: the server changed the entry of ${changed}`, {
        category: "server",
        code: "wrong_target",
        hint: "'mp custom-events list' shows what there is now",
      });
    }
    await context.note(`Changed custom event ${custom_event_id}`);
    await context.print({ ...answer, ...presentCustomEventDefinitions([definition]) });
  },
});
