import assert from "node:assert/strict";
import { join } from "node:path";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import type { Call, Client } from "../client.ts";
import { installFromNpm } from "../../helpers/registries.ts";
import { SEED_DAY, SEED_EVENTS, SEED_PROFILES } from "../seed.ts";
import { both, group } from "./checks.ts";

const drivers = join(import.meta.dirname!, "..", "drivers");
const VERSION = "3.1.43";

/** What the job counted. */
const counted = (success: number): Call => ({
  shows: "all counted as done",
  check(_lab, answer) {
    const { success: done, failed } = answer as { success: number; failed: number };
    assert.deepEqual([done, failed], [success, 0]);
  },
});
/** What the job has read, and not written to a file. */
const read = (wanted: unknown[], pick: (one: never) => unknown, shows: string): Call => ({
  shows,
  check: (_lab, answer) => assert.deepEqual((answer as { dryRun: never[] }).dryRun.map(pick), wanted),
});
const numbered = (name: string, count: number): Call => ({
  shows: `${count.toLocaleString("en")} events`,
  async check(lab) {
    const found = (await lab.events(name)).map(({ n }) => n as number);
    assert.deepEqual(found.sort((a, b) => a - b), [...Array(count).keys()]);
  },
});
const refused = { not: "this version names it in its types, and refuses it before anything is sent" };

export const IMPORT: Client = {
  name: "mixpanel-import",
  registry: "npm",
  package: "mixpanel-import",
  version: VERSION,
  reaches: "Mixpanel's names point to the emulator; it knows no proxies",
  install() {
    const installed = installFromNpm("mixpanel-import", VERSION);
    if ("reason" in installed) return installed;
    const env = {
      MP_CLIENT_FOLDER: installed.folder,
      MP_DAY: SEED_DAY,
      MP_LOOKUP_TABLE: SANDBOX.lookupTableId,
    };
    return { argv: ["node", "--require", join(drivers, "names.cjs"), join(drivers, "import.mjs")], env };
  },
  calls: {
    validateToken: { not: "this version ends with 'Job is not a constructor' before anything is sent" },
    createMpStream: numbered("Import stream", 10),
    event: both(counted(4500), numbered("Import event", 4500)),
    user: counted(2),
    group: both(counted(1), group("Acme", { plan: "pro" })),
    table: {
      shows: "the table is replaced",
      check(lab, answer) {
        assert.equal((answer as { failed: number }).failed, 0);
        assert.ok(lab.requests.includes(`PUT /lookup-tables/${SANDBOX.lookupTableId}`));
      },
    },
    export: read(SEED_EVENTS, (one) => one, "all events of a day"),
    "profile-export": read(
      [...SEED_PROFILES.map(({ $distinct_id, $set }) => [$distinct_id, $set.plan]), ["imported", "pro"], [
        "other",
        "free",
      ]].sort(),
      ({ $distinct_id, $properties: { plan } }: { $distinct_id: string; $properties: { plan: string } }) => [
        $distinct_id,
        plan,
      ],
      "all profiles",
    ),
    "export-import-event": {
      shows: "what was exported is imported, changed by a function",
      async check(lab) {
        const found = [...await lab.events("Copied Seed View"), ...await lab.events("Copied Seed Buy")];
        assert.deepEqual(
          found.map(({ distinct_id, time, plan, amount, $insert_id }) => ({
            time,
            distinct_id,
            $insert_id: String($insert_id).replace("copy-", ""),
            plan,
            amount,
          })),
          SEED_EVENTS.map(({ properties }) => properties),
        );
      },
    },
    "export-import-profile": counted(4),
    "profile-delete": {
      shows: "no profile is left",
      async check(lab) {
        const { results } = await lab.ask(`/api/query/engage?project_id=${SANDBOX.projectId}`, {});
        assert.deepEqual(results, []);
      },
    },
    "group-export": refused,
    "group-delete": refused,
    "export-import-group": refused,
    annotations: refused,
    "get-annotations": refused,
    "delete-annotations": refused,
    scd: { not: "defines properties by a route that is not published" },
  },
};
