/**
 * Every operation of Mixpanel's published specification, by a command, against a server that takes nothing else. It needs
 * the specification, which is not a part of this project.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import process from "node:process";
import { after, before, it } from "node:test";
import { declaredOperations } from "../../scripts/check_openapi.ts";
import { type PublishedOperation, readPublished } from "../../scripts/openapi/published.ts";
import { sandboxEnvironment } from "../../src/commands/sandbox/shared/sandbox_environment.ts";
import { describeUnless } from "../helpers/needs.ts";
import { openStrictServer, type StrictServer } from "../helpers/strict_server.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { runProgram } from "../helpers/world.ts";

const folder = process.env.MP_OPENAPI_SPECS;
const missing = folder === undefined || folder === "" || !existsSync(folder)
  ? "MP_OPENAPI_SPECS names no folder with Mixpanel's OpenAPI files"
  : undefined;

const DAYS = "--from 2026-11-01 --to 2026-11-02";
const ORG = "--organization 9";
const VIEW = "-w 12";
const UUID = "6f1c3a52-8d0e-4b7a-9c55-1f2e3d4c5b6a";
const TABLE = `--warehouse-source 1 --table-params '{"dataset":"d","table":"t"}' --sync-mode time_based`;
const ON = `'properties["a"]'`;

/** By the specification's own name. What stands in quotes is one word; what follows `<` is piped in. */
const COMMANDS: Record<string, string> = {
  "list-all-annotations-for-project": `annotations list ${DAYS}`,
  "create-annotation": "annotations create 'A note' --date 2026-11-01 --tag-id 5",
  "get-annotation": "annotations get 1",
  "patch-annotation": "annotations update 1 --description x --tag-id 5",
  "delete-annotation": "annotations delete 1 --yes",
  "get-annotation-tags": "annotations tags list",
  "create-annotation-tag": "annotations tags create launch",
  "list-warehouse-pipeline-jobs": "pipelines list",
  "create-warehouse-pipeline":
    "pipelines create --type gcs-raw --gcs-bucket b --gcs-region us-central1 --from 2026-11-01",
  "edit-warehouse-pipeline": "pipelines edit p --event A --where true",
  "cancel-warehouse-pipeline": "pipelines cancel p --yes",
  "pause-warehouse-pipeline": "pipelines pause p",
  "resume-warehouse-pipeline": "pipelines resume p",
  "get-warehouse-pipeline-status": "pipelines status p --task-status running --task-status failed",
  "list-warehouse-pipeline-sync-dates": "pipelines timeline p",
  "list-experiments": `experiments list ${VIEW}`,
  "create-experiment": `experiments create E --hypothesis h ${VIEW}`,
  "get-experiment": `experiments get e ${VIEW}`,
  "update-experiment": `experiments update e --description d ${VIEW}`,
  "delete-experiment": `experiments delete e --yes ${VIEW}`,
  "archive-experiment": `experiments archive e ${VIEW}`,
  "unarchive-experiment": `experiments unarchive e ${VIEW}`,
  "decide-experiment": `experiments decide e --success --variant treatment --message m ${VIEW}`,
  "force-conclude-experiment": `experiments conclude e --yes ${VIEW}`,
  "launch-experiment": `experiments launch e ${VIEW}`,
  "raw-event-export": `export events ${DAYS} --event A --where true --limit 10 --time-in-ms`,
  "list-feature-flags": `flags list ${VIEW} --include-archived`,
  "create-feature-flag": `flags create k --rollout 0.5 --status enabled ${VIEW}`,
  "get-feature-flag": `flags get ${UUID} ${VIEW}`,
  "update-feature-flag": `flags update ${UUID} --replace ${VIEW} --data '${
    JSON.stringify({
      name: "n",
      key: "k",
      tags: [],
      context: "distinct_id",
      serving_method: "client",
      ruleset: { variants: [], rollout: [] },
    })
  }'`,
  "delete-feature-flag": `flags delete ${UUID} --yes ${VIEW}`,
  "get-variant-assignments": "flags evaluate u-1 --property plan=pro",
  "get-flag-definitions": "flags definitions",
  "create-retrieval": "gdpr retrieve u-1 --compliance-type CCPA --disclosure-type Data",
  "get-retrieval": "gdpr status 1 --kind retrieval",
  "create-deletion": "gdpr delete u-1 --yes",
  "get-deletion": "gdpr status 1 --kind deletion",
  "delete-deletion": "gdpr cancel 1 --yes",
  "create-identity": `identity identify u-1 ${UUID} --strict`,
  "identity-create-alias": "identity alias u-1 a-1 --strict",
  "identity-merge": "identity merge a b --yes",
  "import-events": `import - < {"event":"A","properties":{"distinct_id":"u","time":1793000000,"$insert_id":"i"}}`,
  "track-event": "track A --distinct-id u --ip --callback cb",
  "profile-set": "profiles set u a=1 --ip --strict",
  "profile-set-property-once": "profiles set-once u a=1",
  "profile-numerical-add": "profiles add u a=1",
  "user-profile-union": "profiles union u a=1",
  "profile-append-to-list-property": "profiles append u a=1 --callback cb",
  "profile-remove-from-list-property": "profiles remove u a=1",
  "profile-delete-property": "profiles unset u a",
  "profile-batch-update": `profiles batch - < {"$distinct_id":"u","$set":{"a":1}}`,
  "delete-profile": "profiles delete u --ignore-alias --yes",
  "group-set-property": "groups set company Acme a=1 --ip --strict",
  "group-set-property-once": "groups set-once company Acme a=1",
  "group-delete-property": "groups unset company Acme a",
  "group-remove-from-list-property": "groups remove company Acme a=1",
  "group-union": "groups union company Acme a=1",
  "group-batch-update": `groups batch - < {"$group_key":"c","$group_id":"A","$set":{"a":1}}`,
  "delete-group": "groups delete company Acme --yes",
  "list-lookup-tables": "lookup-tables list",
  "replace-lookup-table": `lookup-tables replace ${UUID} - --yes < id,name\n1,a\n`,
  "list-all-schemas-for-project": "lexicon list",
  "upload-schemas-for-project":
    `lexicon upload - --truncate --yes < [{"entityType":"event","name":"E","schemaJson":{"description":"d"}}]`,
  "delete-all-schemas-in-project": "lexicon delete --all --yes",
  "list-schemas-for-entity": "lexicon list --entity-type event --entity-name E",
  "delete-schemas-for-entity": "lexicon delete event --yes",
  "list-schemas-by-entity-and-name": "lexicon get event E",
  "upload-schema-by-entity-and-name": "lexicon set event E --description d --tag core --replace",
  "delete-schema-by-entity-and-name": "lexicon delete event E --yes",
  "insights-query": `query insights 5 ${VIEW}`,
  "funnels-query": `query funnel 7 ${DAYS} --length 2 --length-unit hour --on ${ON} --where true --limit 3 ${VIEW}`,
  "funnels-list-saved": `funnels list ${VIEW}`,
  "retention-query":
    `query retention A ${DAYS} --event B --unit week --interval-count 3 --on ${ON} --unbounded --limit 3`,
  "retention-frequency-query": `query frequency ${DAYS} --event A --unit week --part day --on ${ON} --limit 3`,
  "segmentation-query": `query segmentation A ${DAYS} --on ${ON} --unit hour --math unique --limit 3 ${VIEW}`,
  "segmentation-numeric-query": `query numeric A ${ON} ${DAYS} --unit hour --math unique`,
  "segmentation-sum-query": `query sum A ${ON} ${DAYS} --unit day --where true`,
  "segmentation-query-average": `query average A ${ON} ${DAYS} --unit day`,
  "activity-stream-query": `query activity u-1 u-2 ${DAYS}`,
  "cohorts-list": `cohorts list ${VIEW}`,
  "engage-query": `profiles list --where true --output-property a --limit 3 --as-of 1793000000 --include-all-users`,
  "list-recent-events": `query events A B ${DAYS} --math unique --unit hour`,
  "query-top-events": "events top --math unique --limit 3",
  "query-months-top-event-names": "events list --math unique --limit 3",
  "query-event-properties": `query properties A name ${DAYS} --value x --unit hour --limit 3`,
  "query-events-top-properties": "events properties A --limit 3",
  "query-events-top-property-values": "events values A name --limit 3",
  "query-jql": `query jql --code 'function main() { return [] }' --param a:=1 ${VIEW}`,
  "list-service-accounts": `service-accounts list ${ORG}`,
  "create-service-account": `service-accounts create sa --role analyst --expires 2027-01-01 --join 5:admin ${ORG}`,
  "get-service-account": `service-accounts get 1 ${ORG}`,
  "delete-service-account": `service-accounts delete 1 --yes ${ORG}`,
  "list-project-service-accounts": "service-accounts members",
  "add-service-accounts-to-projects": `service-accounts add-to-project 1 --role analyst --project-id 5 ${ORG}`,
  "remove-service-accounts-from-projects": `service-accounts remove-from-project 1 --project-id 5 --yes ${ORG}`,
  "list-warehouse-imports": "warehouse list",
  "get-warehouse-import": "warehouse get 1",
  "update-warehouse-import": "warehouse update 1 --paused --run-every 1d",
  "delete-warehouse-import": "warehouse delete 1 --yes",
  "create-event-stream-import":
    `warehouse create-events ${TABLE} --event-name Order --time-column t --user-column u --insert-time-column i --run-every 1h`,
  "create-people-import": `warehouse create-people ${TABLE} --user-column u --insert-time-column i`,
  "create-groups-import":
    `warehouse create-groups ${TABLE} --group-key company --group-column g --insert-time-column i`,
  "create-lookup-table-import":
    `warehouse create-lookup-table --warehouse-source 1 --table-params '{"dataset":"d","table":"t"}' --sync-mode full_sync --key-column k --lookup-property '{"value":"sku","resourceType":"event"}'`,
  "run-an-import": "warehouse run 1",
  "get-import-history": "warehouse history 1",
};

describeUnless(missing, "the published specification, by commands, against a server that takes nothing else", () => {
  let server: StrictServer;
  const published: readonly PublishedOperation[] = readPublished(folder!);
  const home = temporaryFolder();
  before(async () => void (server = openStrictServer(published, await declaredOperations())));
  after(() => server.stop());

  it("has 105 operations, with a command for each", () => {
    assert.equal(published.length, 105);
    assert.deepEqual(Object.keys(COMMANDS).sort(), published.map(({ id }) => id).sort());
  });

  const mp = (line: string, credentials: Record<string, string>) => {
    const [words = "", stdin] = line.split(" < ");
    return runProgram([...wordsOf(words), "--no-pacing"], {
      stdin: stdin?.replaceAll("\\n", "\n"),
      env: { ...sandboxEnvironment(server.url), HOME: home.path("home"), ...credentials },
    });
  };

  for (const { id, credentials } of published) {
    const kinds: Record<string, Record<string, string>> = {
      none: {},
      // The account has priority over a token, but what takes tokens alone must find one.
      OAuthToken: credentials.length === 1 ? {} : { MP_USERNAME: "", MP_SECRET: "" },
      ServiceAccount: { MP_OAUTH_TOKEN: "" },
      ProjectSecret: { MP_USERNAME: "", MP_SECRET: "", MP_OAUTH_TOKEN: "", MP_API_SECRET: "project-secret" },
    };
    for (const kind of credentials) {
      it(`${id}${kind === "none" ? "" : ` as ${kind}`}`, async () => {
        server.faults.length = 0;
        server.asked.clear();
        const { code, stderr, stdout } = await mp(COMMANDS[id]!, kinds[kind]!);
        assert.deepEqual(server.faults, [], COMMANDS[id]);
        assert.ok(server.asked.has(id), `${COMMANDS[id]} asked for ${[...server.asked].join(", ")}: ${stderr}`);
        assert.equal(code, 0, `${COMMANDS[id]}: ${stderr}${stdout}`);
      });
    }
    // An export has formats of its own.
    if (id === "raw-event-export") continue;
    it(`${id} as a table and as CSV`, async () => {
      for (const format of ["table", "csv"]) {
        const line = COMMANDS[id]!.replace(/ < |$/, (end) => ` -f ${format}${end}`);
        const { code, stderr } = await mp(line, credentials.includes("OAuthToken") ? {} : { MP_OAUTH_TOKEN: "" });
        assert.equal(code, 0, `${line}: ${stderr}`);
      }
    });
  }
});

/** Words of a command line; what stands in single quotes is one. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|\S+/g)].map((match) => match[1] ?? match[0]);
}
