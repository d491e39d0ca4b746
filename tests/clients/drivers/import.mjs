/** Runs mixpanel-import with each kind of record that its types name. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import process from "node:process";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { drive } from "./driver.mjs";

const { env } = process;
const require = createRequire(join(env.MP_CLIENT_FOLDER, "index.js"));
const mp = require("mixpanel-import");
const types = readFileSync(join(env.MP_CLIENT_FOLDER, "node_modules/mixpanel-import/index.d.ts"), "utf8");
const [, union] = /type RecordType =([^;]+);/.exec(types);
const surface = ["validateToken", "createMpStream", ...union.match(/[a-z-]+(?=")/g)];

const account = { acct: env.MP_USERNAME, pass: env.MP_SERVICE_SECRET, project: env.MP_PROJECT };
const creds = { ...account, token: env.MP_TOKEN };
const options = { region: "US", verbose: false, logs: false, showProgress: false, workers: 2 };
const old = Math.floor(Date.now() / 1000) - 90 * 86_400;
const days = { start: env.MP_DAY, end: env.MP_DAY };

const events = (name, count) =>
  Array.from({ length: count }, (_, n) => ({
    event: name,
    properties: { distinct_id: `u-${n % 7}`, time: old + n, $insert_id: `${name.replaceAll(" ", "-")}-${n}`, n },
  }));
const run = async (recordType, data, more = {}, who = creds) => {
  const result = await mp(who, data, { ...options, recordType, ...more });
  const { success, failed, total, dryRun } = result;
  return { success, failed, total, dryRun };
};

await drive(surface, {
  createMpStream: async () => {
    const stream = await mp.createMpStream(creds, { ...options, recordType: "event" }, () => {});
    const answers = [];
    stream.on("data", (answer) => answers.push(answer));
    await pipeline(Readable.from(events("Import stream", 10)), stream);
    return answers.map(({ num_records_imported }) => num_records_imported);
  },
  event: () => run("event", events("Import event", 4500), { compress: true }),
  user: () =>
    run("user", [{ $distinct_id: "imported", plan: "pro" }, { $distinct_id: "other", plan: "free" }], {
      fixData: true,
    }),
  group: () =>
    run("group", [{ $distinct_id: "Acme", plan: "pro" }], { fixData: true }, { ...creds, groupKey: "company" }),
  table: () =>
    run("table", "product_id,name,price\np-1,Tea,3\np-2,Coffee,4\n", { streamFormat: "csv" }, {
      ...creds,
      lookupTableId: env.MP_LOOKUP_TABLE,
    }),
  export: () => run("export", null, { ...days, skipWriteToDisk: true }),
  "profile-export": () => run("profile-export", null, { skipWriteToDisk: true }),
  "export-import-event": () => {
    const transformFunc = ({ event, ...properties }) => ({
      event: `Copied ${event}`,
      properties: { ...properties, $insert_id: `copy-${properties.$insert_id}` },
    });
    return run("export-import-event", null, { ...days, transformFunc }, { ...creds, secondToken: env.MP_TOKEN });
  },
  "export-import-profile": () =>
    run("export-import-profile", null, {
      fixData: true,
      transformFunc: ({ $distinct_id, plan }) => ({ $distinct_id: `copy-${$distinct_id}`, plan }),
    }, { ...creds, secondToken: env.MP_TOKEN }),
  "profile-delete": () => mp(creds, null, { ...options, recordType: "profile-delete" }).then(() => "deleted"),
});
process.exit(0);
