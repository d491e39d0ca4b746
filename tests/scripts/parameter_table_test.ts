/** Every parameter of the API reference that the project implements, by hand from that document: each has a flag. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parameterRows, unneeded } from "../../scripts/parameter_table.ts";
import { argumentsOf } from "../../src/cli/help.ts";
import { flagsOf } from "../../src/cli/flags.ts";
import { globalInput } from "../../src/cli/globals.ts";
import { allCommands } from "../../src/commands/api/shared/list.ts";
import { tree } from "../../src/commands/tree.ts";

/**
 * By operation. What the reference names otherwise: `data` of the trackers is the list of records (`--encoding form` makes
 * it base64), a service account's `name` is `username`, and its `project_ids` and `role` are its `projects`.
 */
const REFERENCE: Record<string, string> = {
  "ingestion.track": "events verbose strict ip redirect callback test img",
  "profiles.set": "updates verbose strict",
  "profiles.set_once": "updates verbose strict",
  "profiles.add": "updates verbose strict",
  "profiles.append": "updates verbose strict",
  "profiles.union": "updates verbose strict",
  "profiles.unset": "updates verbose strict",
  "profiles.delete": "updates verbose strict",
  "ingestion.import": "events strict",
  "identity.identify": "data",
  "identity.alias": "data",
  "identity.merge": "events",
  "query.events": "event type unit interval from_date to_date where timezone format",
  "query.events.top": "type limit",
  "query.events.names": "type limit",
  "query.events.properties": "event name type unit interval values limit format",
  "query.events.properties.top": "event limit",
  "query.events.properties.values": "event name limit bucket",
  "query.segmentation": "event from_date to_date type unit where on limit format",
  "query.funnel": "funnel_id from_date to_date interval unit on",
  "query.retention": "from_date to_date retention_type born_event event where interval interval_count",
  "query.insights": "workspace_id bookmark_id",
  "query.jql": "script",
  "export.events": "from_date to_date event where limit page",
  "query.engage": "where session_id page page_size",
  "query.engage.one": "distinct_id",
  "events.delete": "event_name start_date end_date",
  "projects.create": "name timezone",
  "service_accounts.create": "username projects role organization_id",
  "service_accounts.add_to_project": "service_account_ids projects organization_id",
  "service_accounts.delete": "service_account_id organization_id",
  "gdpr.retrieve": "distinct_ids compliance_type disclosure_type",
  "gdpr.retrieval_status": "tracking_id",
  "gdpr.delete": "distinct_ids compliance_type",
  "pipelines.sync": "warehouse_id sync_type tables",
  "pipelines.sync_status": "sync_id",
  "cohorts.create": "name project_id filter",
  "annotations.list": "fromDate toDate",
  "annotations.create": "date description",
  "flags.evaluate": "context",
  "oauth.token": "grant_type client_id client_secret",
};

describe("the table of parameters", () => {
  it("has a flag for every parameter of every operation", async () => {
    const rows = await parameterRows();
    assert.deepEqual(rows.filter(({ flag }) => flag === undefined), []);
    assert.deepEqual(unneeded(rows), []);
  });

  it("has every parameter of the reference", async () => {
    const known = new Set((await parameterRows()).map(({ operation, parameter }) => `${operation} ${parameter}`));
    for (const [operation, parameters] of Object.entries(REFERENCE)) {
      for (const one of parameters.split(" ")) assert.ok(known.has(`${operation} ${one}`), `${operation} ${one}`);
    }
  });

  it("names only flags and arguments that the commands have", async () => {
    const commands = await allCommands(tree);
    const global = flagsOf(globalInput).map(({ flag }) => flag);
    for (const { operation, flag, parameter } of await parameterRows()) {
      const own = commands.filter(({ command }) => command.operations?.some(({ id }) => id === operation));
      const words = own.flatMap(({ command }) => {
        const { positional, flags } = argumentsOf(command);
        return [...positional.map(({ key }) => `<${key.replaceAll("_", "-")}>`), ...flags.map((one) => one.flag)];
      });
      for (const [word] of flag!.matchAll(/<[\w-]+>|--[\w-]+/g)) {
        const plain = word.replace(/^--no-/, "--");
        const isHelp = operation === "query.engage" && word === "<distinct-id>";
        assert.ok(
          isHelp || [...words, ...global].some((one) => one === word || one === plain),
          `${operation} ${parameter}: ${word}`,
        );
      }
    }
  });
});
