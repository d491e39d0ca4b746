import { z } from "zod";
import { inputError } from "../../errors.ts";
import { text } from "../../api/params.ts";
import { command } from "../../cli/command.ts";
import { jsonResult } from "../../output/print.ts";
import { type Account, checkAccountName } from "../../settings/account.ts";
import { checkBaseUrl, checkId } from "../../settings/values.ts";
import { changeConfig, openConfig } from "./shared/config_access.ts";
import { describeAccount, fieldRows } from "./shared/describe.ts";
import { promptsOf } from "./shared/prompts.ts";
import { hasCredentials, identityFlags, projectFlags, readCredentials } from "./shared/secret_flags.ts";

export default command({
  summary: "store an account without asking Mixpanel",
  description: `An account is a name for credentials, a region and a project. Its secrets can be stored in the config
file (0600), or stay in an environment variable or a password manager; then only where they are is stored.

--region, --project and --workspace are stored with the account. 'mp login' does the same and checks the credentials.`,
  examples: [
    {
      text: "A service account whose secret stays in a variable",
      run: "mp account add staging --username ana.mp-service-account --secret-env STAGING_SECRET --project 12345",
    },
    {
      text: "A service account whose secret is with a password manager, and a project token for tracking",
      run: "mp account add production --username ana.mp-service-account --secret-command 'pass show mixpanel' " +
        "--token-env MP_TOKEN --region eu",
    },
  ],
  args: ["name"],
  input: z.object({
    name: text("Name of the account"),
    ...identityFlags,
    ...projectFlags,
    base_url: text("One origin for every API, as MP_API_BASE_URL", { placeholder: "URL" }).optional(),
    use: z.boolean().default(false).meta({ description: "Make it the active account; the first one is in any case" }),
    replace: z.boolean().default(false).meta({ description: "Replace an account of the same name" }),
  }),
  async run(context, input) {
    const { name, replace, use } = input;
    checkAccountName(name);
    // Before anything is asked or read, so that nobody types a secret for nothing.
    requireNew((await openConfig(context)).names, name, replace);
    const { globals } = context;
    const plain: Account = {
      name,
      region: globals.region,
      projectId: globals.project === undefined ? undefined : checkId(globals.project, "--project"),
      workspaceId: globals.workspace === undefined ? undefined : checkId(globals.workspace, "--workspace"),
      baseUrl: input.base_url === undefined ? undefined : checkBaseUrl(input.base_url, "--base-url"),
    };
    const account = { ...plain, ...await readCredentials(context, input, await promptsOf(context)) };
    if (!hasCredentials(account)) {
      throw inputError(
        `Cannot add account ${JSON.stringify(name)}: no credentials were given`,
        `add --username USER --secret-stdin, or log in with 'mp login ${name}'`,
        "missing_credentials",
      );
    }
    let active = false;
    await changeConfig(context, `Stored account ${name}`, (config) => {
      requireNew(config.names, name, replace);
      active = use || config.names.length === 0 || config.active === name;
      return { set: [account], active: active ? name : undefined };
    });
    const info = describeAccount(account, active);
    await context.print(jsonResult(info, { rows: fieldRows(info) }));
  },
});

function requireNew(names: readonly string[], name: string, replace: boolean): void {
  if (replace || !names.includes(name)) return;
  throw inputError(
    `Cannot add account ${JSON.stringify(name)}: there is one already`,
    "choose another name, or add --replace",
    "account_exists",
  );
}
