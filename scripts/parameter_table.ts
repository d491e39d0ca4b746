/** Which flag gives which parameter of which endpoint: from the declarations of operations and commands. */
import type { z } from "zod";
import { loadOperations } from "../src/api/catalog.ts";
import { type Operation, paramNames, pathParameters } from "../src/api/operation.ts";
import { paramMeta } from "../src/api/params.ts";
import type { Command } from "../src/cli/command.ts";
import { argumentsOf } from "../src/cli/help.ts";
import { allCommands, closenessOf } from "../src/commands/api/shared/list.ts";
import { tree } from "../src/commands/tree.ts";

/** A parameter of an operation. */
export interface ParameterRow {
  operation: string;
  /** Its name on the wire. */
  parameter: string;
  place: "path" | "query" | "form" | "body";
  /** What gives it: a flag, an argument in angle brackets, a variable. Undefined where nothing does. */
  flag?: string;
}

/** Taken from what is set for all commands. */
const FROM_SETTINGS: Record<string, string> = { project_id: "--project", workspace_id: "--workspace" };

/**
 * Parameters that commands make of other flags, by operation and parameter; `*` stands for any text, and the first that
 * fits counts. One that nothing needs is a mistake.
 */
export const MADE_OF: readonly (readonly [pattern: string, flags: string])[] = [
  ["ingestion.import events", "<files>, --data"],
  ["ingestion.import verbose", "--no-strict"],
  ["ingestion.track events", "<event>, --distinct-id, --property, --properties, --time, --insert-id, --data"],
  ["profiles.delete updates", "<distinct-ids>, --ignore-alias, --data"],
  ["groups.delete updates", "<group-key> <group-ids>, --data"],
  ["profiles.unset updates", "<distinct-id> <property>, --data"],
  ["groups.unset updates", "<group-key> <group-id> <property>, --data"],
  ["profiles.batch updates", "<files>, --data"],
  ["groups.batch updates", "<files>, --data"],
  ["profiles.* updates", "<distinct-id> <property>, --properties, --data"],
  ["groups.* updates", "<group-key> <group-id> <property>, --properties, --data"],
  ["identity.alias data", "<distinct-id> <alias>, --data"],
  ["identity.identify data", "<identified-id> <anon-id>, --data"],
  ["identity.merge events", "<ids>, --data"],
  ["lookup_tables.replace csv", "<file>, --data"],
  ["lookup_tables.create data-group-id", "--into"],
  ["lookup_tables.create path", "made of the uploaded file"],
  ["lookup_tables.create key", "made of the uploaded file"],
  ["lookup_tables.upload_url content-type", "always text/csv"],
  ["lookup_tables.upload_status upload-id", "asked after by mp lookup-tables create"],
  ["query.engage distinct_id", "<distinct-id> of mp profiles get"],
  ["query.funnel funnel_id", "<funnel>"],
  ["query.insights.ask bookmark", "the flags of mp query insights, funnel and retention, --params, <address>"],
  ["query.insights.ask queryLimits", "--limit"],
  ["query.insights.csv bookmark", "the same"],
  ["query.insights.csv format", "--server-format"],
  ["query.flows bookmark", "the flags of mp query flows, --params, <address>"],
  ["query.flows query_type", "--shape"],
  ["query.flows.saved query_type", "--shape"],
  ["report_links.create *", "--link, with the flags of the report"],
  ["report_links.get slug", "<address>"],
  ["query.jql script", "<file>, --code"],
  ["query.jql params", "--param, --params"],
  ["service_accounts.create projects", "--join, --data"],
  ["service_accounts.add_to_project projects", "--project-id, --project, --role, --data"],
  ["service_accounts.remove_from_project projects", "--project-id, --project, --data"],
  ["lexicon.delete_type entity_name", "<name>"],
  ["lexicon.list_type entity_type", "--entity-type"],
  ["lexicon.list_type entity_name", "--entity-name"],
  ["lexicon.set schema", "--description, --display-name, --tag, --contact, --hidden, --dropped, --data"],
  ["lexicon.upload entries", "<file>, --data"],
  ["lexicon.drop_filters.* filters", "--where, --filters, --data"],
  ["lexicon.patch schema", "--data"],
  ["lexicon.patch_many entries", "--file"],
  ["lexicon.events.update_many events", "<names>, --file, --data"],
  ["lexicon.events.update name", "<names>, --file, --data"],
  ["lexicon.properties.update_many properties", "<names>, --file, --data"],
  ["lexicon.properties.update name", "<names>, --file, --data"],
  ["lexicon.properties.update resourceType", "--of"],
  ["lexicon.tags.delete delete", "always true"],
  ["lexicon.anomalies.update_many anomalies", "<ids>, --class, --data"],
  ["lexicon.anomalies.update id", "<ids>, --data"],
  ["lexicon.anomalies.update anomalyClass", "--class, --data"],
  ["lexicon.anomalies.* status", "mp lexicon anomalies dismiss or reopen"],
  ["flags.evaluate context", "<distinct-id>, --device-id, --property, --context"],
  ["alerts.delete alert_id", "<alert-ids>"],
  ["alerts.list skip_user_filter", "always true"],
  ["business_context.set* content", "<file>"],
  ["query.data_definitions.events fetch_per_event_properties", "always true"],
  ["replays.sign replays", "<replay-ids>, --env"],
  ["warehouse.create_* import_type", "the command's name"],
  ["cohorts.update cohort_id", "<cohort-ids>"],
  ["cohorts.delete cohort_id", "<cohort-ids>"],
  ["custom_events.list custom_event", "always true"],
  ["metrics.update id", "<ids>"],
  ["metrics.delete metrics", "<ids>"],
  ["behaviors.update id", "<ids>"],
  ["behaviors.delete behaviors", "<ids>"],
  ["behaviors.delete_one id", "<ids>"],
  ["reports.* v", "always 2"],
  ["reports.delete bookmark_id", "<bookmark-ids>"],
  ["boards.delete dashboard_id", "<dashboard-ids>"],
  ["boards.contents.update_text markdown", "--html"],
  ["oauth.token scope", "all that the client has"],
  ["oauth.token client_id", "$MP_CLIENT_ID"],
  ["oauth.token *", "made by mp login"],
];

/** Every parameter of every operation, in the order of the declarations. */
export async function parameterRows(): Promise<ParameterRow[]> {
  const commands = await allCommands(tree);
  return [...(await loadOperations()).values()].flatMap((operation) => {
    const own = commands.filter(({ command }) => command.operations?.some(({ id }) => id === operation.id))
      .toSorted((a, b) => closenessOf(b.name, operation.id) - closenessOf(a.name, operation.id));
    return Object.entries(operation.params.shape as Record<string, z.ZodType>).map(([key, schema]): ParameterRow => ({
      operation: operation.id,
      parameter: paramNames(key, schema).wire,
      place: placeOf(operation, key),
      flag: flagOf(operation, key, schema, own.map(({ command }) => command)),
    }));
  });
}

/** The entries of `MADE_OF` that no parameter needs. */
export function unneeded(rows: readonly ParameterRow[]): string[] {
  const firsts = new Set(rows.map((row) => madeOf(`${row.operation} ${row.parameter}`)));
  return MADE_OF.filter((one) => !firsts.has(one)).map(([pattern]) => pattern);
}

function placeOf(operation: Operation, key: string): ParameterRow["place"] {
  const [{ method }] = operation.routes;
  if (operation.routes.some(({ path }) => pathParameters(path).includes(key))) return "path";
  const hasBody = method !== "GET" && (method !== "DELETE" || operation.body !== undefined);
  if (!hasBody || operation.inQuery?.includes(key)) return "query";
  return operation.body?.kind === "form" ? "form" : "body";
}

function flagOf(
  operation: Operation,
  key: string,
  schema: z.ZodType,
  commands: readonly Command[],
): string | undefined {
  const made = madeOf(`${operation.id} ${paramNames(key, schema).wire}`);
  if (made !== undefined) return made[1];
  const { secret } = paramMeta(schema);
  if (secret !== undefined) return `$${secret}`;
  for (const command of commands) {
    const { positional, flags } = argumentsOf(command);
    if (positional.some((one) => one.key === key)) return `<${key.replaceAll("_", "-")}>`;
    const flag = flags.find((one) => one.key === key);
    if (flag !== undefined) return flag.defaultValue === true ? flag.flag.replace("--", "--no-") : flag.flag;
  }
  if (FROM_SETTINGS[key] !== undefined) return FROM_SETTINGS[key];
  const place = placeOf(operation, key);
  const takesBody = commands.some(({ input }) => "data" in input.shape);
  return takesBody && (place === "body" || place === "form") ? "--data" : undefined;
}

function madeOf(parameter: string): typeof MADE_OF[number] | undefined {
  return MADE_OF.find(([pattern]) =>
    new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`).test(parameter)
  );
}
