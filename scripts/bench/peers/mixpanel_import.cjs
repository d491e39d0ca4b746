/**
 * The same work by the npm package mixpanel-import, run by Node.js, for comparison:
 *
 *     node mixpanel_import.cjs PACKAGE_FOLDER import|export URL FILE
 *
 * The package always talks to Mixpanel, so the address that its jobs compute is replaced by the one given.
 */
const { join } = require("node:path");

const [folder, task, url, file] = process.argv.slice(2);
const Job = require(join(folder, "components", "job.js"));
Object.defineProperty(Job.prototype, "url", { get: () => url });
const run = require(join(folder, "index.js"));

const credentials = { acct: "bench", pass: "bench", project: "1", token: "bench", secret: "bench" };
const shared = { logs: false, verbose: false, showProgress: false, abridged: true, transport: "got" };
const tasks = {
  import: [file, { ...shared, recordType: "event", streamFormat: "jsonl", fixData: false, compress: true }],
  export: [null, { ...shared, recordType: "export", start: "2026-09-01", end: "2026-09-30", where: file }],
};

run(credentials, ...tasks[task]).then(() => process.exit(0), (error) => {
  console.error(error);
  process.exit(1);
});
