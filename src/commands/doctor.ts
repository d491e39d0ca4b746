/** `mp doctor`: checks settings, network and credentials, and says how to fix what fails. */
import { z } from "zod";
import { text } from "../api/params.ts";
import { me } from "../api/app.ts";
import { command } from "../cli/command.ts";
import { jsonResult } from "../output/print.ts";
import type { Context } from "../cli/context.ts";
import { chosenFormat } from "../cli/format_choice.ts";
import { MpError } from "../errors.ts";
import { wantsColour } from "../output/colour.ts";
import { platform } from "../runtime/process.ts";
import { compiledProgram } from "../runtime/self.ts";
import { VARIABLES } from "../settings/environment.ts";
import { VERSION } from "../version.ts";
import { lookAtCredentials } from "./doctor/shared/credentials.ts";
import { lookAtFiles } from "./doctor/shared/files.ts";
import { type Finding, foundProblem, ok, skipped } from "./doctor/shared/finding.ts";
import { lookAtNetwork } from "./doctor/shared/network.ts";
import { lookAtProgram } from "./doctor/shared/program.ts";
import { findingsPage } from "./doctor/shared/page.ts";
import { writeBundle } from "./doctor/shared/bundle.ts";

export default command({
  description:
    `Looks at everything that a command needs: files and their permissions, settings, the connection to each host
(name, proxy, certificates, clock), credentials for each API, rate limits. Each line says what was checked, the
result, and the command or setting that fixes it. Nothing counts against a rate limit unless --spend is given.

--bundle writes the same, with the versions of everything and the names of the variables that are set, to a file that you
can attach to a bug report: there are no secrets in it.

Exit code 1 says that there is a problem.`,
  examples: [
    { text: "Why does it not work?", run: "mp doctor" },
    { text: "Also ask the query and export APIs, at one request each", run: "mp doctor --spend" },
    { text: "A file for a bug report", run: "mp doctor --bundle mp-doctor.json" },
  ],
  operations: [me],
  input: z.object({
    spend: z.boolean().default(false).meta({ description: "Also ask what counts against a rate limit" }),
    bundle: text("Write everything to this file, without secrets", { placeholder: "FILE" }).optional(),
  }),
  async run(context, { spend, bundle }) {
    const findings = await examine(context, spend);
    if (bundle !== undefined) {
      await writeBundle(context, bundle, findings);
      await context.note(`Wrote ${bundle}; it holds no secrets, but names of hosts and folders`);
    }
    await show(context, findings);
    const problems = findings.filter(({ result }) => result === "problem").length;
    if (problems > 0) await context.note(`${problems} problem${problems === 1 ? "" : "s"} found`);
    return problems > 0 ? 1 : 0;
  },
});

async function show(context: Context, findings: readonly Finding[]): Promise<void> {
  const { globals, stdout, env } = context;
  if (chosenFormat(context) === undefined && globals.jq === undefined) {
    const colour = wantsColour({ isTerminal: stdout.isTerminal, environment: env, refused: !globals.color });
    return await stdout.write(findingsPage(findings, { colour, columns: stdout.columns() }));
  }
  const rows = findings.map(({ check, result, detail, fix }) => ({ check, result, detail, fix: fix ?? "" }));
  await context.print(jsonResult(findings, { rows: rows }));
}

async function examine(context: Context, spend: boolean): Promise<Finding[]> {
  const findings = [
    ok("program", `mp ${VERSION} on ${platform()}`),
    ...await lookAtProgram(compiledProgram(), context.env.PATH),
    ...await lookAtFiles(context),
  ];
  let settings;
  try {
    settings = await context.settings();
  } catch (error) {
    if (!(error instanceof MpError)) throw error;
    const rest = skipped("network and credentials", "the settings cannot be read");
    return [...findings, foundProblem("settings", error.message, error.hint), rest];
  }
  const { region, baseUrl } = settings;
  findings.push(ok("region", baseUrl === undefined ? region.value : `${baseUrl.value} in place of Mixpanel's hosts`));
  const set = VARIABLES.filter(({ name }) => (context.env[name] ?? "") !== "").map(({ name }) => name);
  findings.push(ok("environment", set.length === 0 ? "no variable of mp is set" : `set: ${set.join(", ")}`));
  if (context.globals.dryRun) return [...findings, skipped("network and credentials", "--dry-run sends nothing")];
  const network = await lookAtNetwork(context, settings);
  const isCutOff = network.some(({ result }) => result === "problem");
  const credentials = isCutOff
    ? [skipped("credentials", "they are looked at when the network is in order")]
    : await lookAtCredentials(context, settings, { spend });
  return [...findings, ...network, ...credentials];
}
