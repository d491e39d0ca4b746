import { z } from "zod";
import { call } from "../../api/call.ts";
import { eventsWithProperties } from "../../api/event_definitions.ts";
import { count, text } from "../../api/params.ts";
import { command } from "../../cli/command.ts";
import type { Context } from "../../cli/context.ts";
import { dataView } from "../../cli/scope.ts";
import { inputError } from "../../errors.ts";
import { jsonResult } from "../../output/print.ts";

type Definition = z.output<typeof eventsWithProperties.result>[number];

export default command({
  summary: "list events with all their properties",
  description:
    "All events by one query, or those that are named. In large projects that can take too long for Mixpanel: " +
    "--per-query asks for so many events at a time, after one query for their names.",
  args: ["names"],
  examples: [
    { text: "All events", run: "mp events definitions" },
    { text: "Two of them, as CSV", run: "mp events definitions Purchase 'Sign Up' -f csv" },
  ],
  operations: [eventsWithProperties],
  input: z.object({
    names: z.array(text("Event")).default([]).meta({
      placeholder: "EVENT",
      completes: "events",
      description: "Only these events",
    }),
    per_query: count("Events in one query", { min: 1 }).optional(),
  }),
  async run(context, { names, per_query }) {
    const client = await context.client();
    const ask = async (params: z.input<typeof eventsWithProperties.params>) =>
      await call(client, eventsWithProperties, { ...params, ...dataView(client) });
    if (per_query === undefined) {
      const answer = await ask({ fetch_per_event_properties: true, names: names.length === 0 ? undefined : names });
      return await context.print({ ...answer, rows: rowsOf(answer.result()) });
    }
    if (context.globals.dryRun) await noteNames(context, names);
    const all = names.length > 0 ? names : (await ask({})).result().map(({ name }) => name);
    const found: Definition[] = [];
    for (let start = 0; start < all.length; start += per_query) {
      const some = all.slice(start, start + per_query);
      found.push(...(await ask({ fetch_per_event_properties: true, names: some })).result());
    }
    if (all.length === 0) throw inputError("Cannot list properties: the project has no events");
    await context.print(jsonResult({ results: found }, { rows: rowsOf(found) }));
  },
});

async function noteNames(context: Context, names: readonly string[]): Promise<void> {
  if (names.length === 0) await context.note("The names of all events are asked for first, and then their properties");
}

/** One row for each property of each event. */
function rowsOf(definitions: readonly Definition[]) {
  return definitions.flatMap(({ name, properties }) =>
    (properties ?? [{ name: null }]).map((property) => ({ event: name, property: property.name }))
  );
}
