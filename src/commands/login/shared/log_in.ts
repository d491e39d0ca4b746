/** What `mp login` does: get credentials, find out where they belong, choose a project, store it all. */
import { inputError, MpError } from "../../../errors.ts";
import type { Region } from "../../../client/types.ts";
import type { Context } from "../../../cli/context.ts";
import { type Account, checkAccountName } from "../../../settings/account.ts";
import type { Config } from "../../../settings/file.ts";
import { type ResolvedSettings, toConnection } from "../../../settings/resolve.ts";
import { definedFields } from "../../../streams/json/defined_fields.ts";
import { runShell } from "../../../runtime/shell.ts";
import { fetchAccountSecrets } from "../../../settings/secret_fetcher.ts";
import { checkId, REGIONS } from "../../../settings/values.ts";
import { findRegion, requireVisible, type VisibleProject, type Who } from "../../account/shared/check_credentials.ts";
import { changeConfig, openConfig } from "../../account/shared/config_access.ts";
import { type Connect, settingsWithoutAccount } from "../../account/shared/connect.ts";
import type { Prompts } from "../../account/shared/prompts.ts";
import { hasCredentials, readCredentials, type SecretInput, secretValue } from "../../account/shared/secret_flags.ts";

/** What logging in needs besides the context. */
export interface LoginParts {
  connect: Connect;
  /** Undefined without a terminal: then nothing is asked. */
  prompts: Prompts | undefined;
}

/** How often a secret may be typed. */
const MOST_TRIES = 3;

export interface LoginResult {
  account: Account;
  who: Who;
}

/** Logs in under a name; undefined with `--dry-run`, when nothing is sent or stored. */
export async function logIn(
  context: Context,
  name: string,
  input: SecretInput,
  parts: LoginParts,
): Promise<LoginResult | undefined> {
  checkAccountName(name);
  const { project, workspace } = context.globals;
  const wanted = project === undefined ? undefined : checkId(project, "--project");
  const workspaceId = workspace === undefined ? undefined : checkId(workspace, "--workspace");
  const before = await openConfig(context);
  const settings = await settingsWithoutAccount(context);
  let isTyped = false;
  const prompts = parts.prompts && { ...parts.prompts, secret: typedSecret(parts.prompts, () => isTyped = true) };
  let given = await credentialsOf(context, name, settings, input, prompts);
  await confirmReplacing(context, before, name, given);
  if (context.globals.dryRun) {
    await context.note(`Would check the credentials with GET /api/app/me, and store them as account ${name}`);
    return undefined;
  }
  const check = async (tries: number): Promise<{ region: Region; who: Who }> => {
    try {
      return await checkSomewhere(context, settings, { ...given, name }, parts.connect);
    } catch (error) {
      const isRefused = error instanceof MpError && error.category === "auth" && isTyped;
      if (!isRefused || prompts === undefined || tries >= MOST_TRIES) throw error;
      // Its hint names variables, or what else may hold a secret; this one was typed.
      await context.note(`${error.message}\nhint: type it again; Ctrl-C ends it`);
      given = await typedAgain(given, prompts);
      return await check(tries + 1);
    }
  };
  const { region, who } = await check(1);
  const projectId = await chooseProject(context, who, wanted, parts.prompts);
  const account: Account = { ...given, name, region, projectId, workspaceId, baseUrl: settings.baseUrl?.value };
  await changeConfig(
    context,
    `Logged in${who.user === undefined ? "" : ` as ${who.user}`}: account ${name}`,
    (config) => ({ set: [{ ...ofSameProject(config, account), ...definedFields(account) }], active: name }),
  );
  return { account, who };
}

async function credentialsOf(
  context: Context,
  name: string,
  settings: ResolvedSettings,
  input: SecretInput,
  prompts: Prompts | undefined,
): Promise<Partial<Account>> {
  const given = await readCredentials(context, input, prompts);
  if (hasCredentials(given)) return given;
  const inBrowser = async (opensBrowser: boolean): Promise<Partial<Account>> => {
    if (context.globals.dryRun) return {};
    const region = await regionOf(settings, prompts);
    const { logInWithBrowser } = await import("./browser_login.ts");
    return { region, sessionFile: await logInWithBrowser(context, name, settings, { region, opensBrowser, prompts }) };
  };
  if (typeof input.browser === "boolean") return await inBrowser(input.browser);
  if (prompts === undefined) {
    throw inputError(
      "Cannot log in: no credentials were given, and there is no terminal to ask at",
      "mp login --username USER --secret-stdin < FILE, or --browser",
      "missing_credentials",
    );
  }
  const kind = await prompts.select("How do you want to log in?", [
    { value: "browser", label: "In the browser", hint: "as yourself" },
    { value: "service_account", label: "Service account", hint: "Organization Settings → Service Accounts" },
    { value: "oauth_token", label: "Bearer token" },
    { value: "client", label: "OAuth client", hint: "client id and secret" },
  ]);
  if (kind === "browser") return await inBrowser(true);
  if (kind === "oauth_token") return { oauthToken: secretValue(await prompts.secret("Bearer token")) };
  if (kind === "client") {
    const clientId = await prompts.text("Client id");
    return { clientId, clientSecret: secretValue(await prompts.secret("Client secret")) };
  }
  const username = await prompts.text("User name", "ana.0a1b2c.mp-service-account");
  return { username, secret: secretValue(await prompts.secret("Secret")) };
}

const typedSecret = (prompts: Prompts, onTyped: () => void): Prompts["secret"] => async (question) => {
  const secret = await prompts.secret(question);
  onTyped();
  return secret;
};

/** The credentials with the secret typed once more; the rest of them stays. */
async function typedAgain(given: Partial<Account>, prompts: Prompts): Promise<Partial<Account>> {
  const ask = async (whose: string) => secretValue(await prompts.secret(`${whose}, again`));
  if (given.secret !== undefined) return { ...given, secret: await ask(`Secret of ${given.username}`) };
  if (given.clientSecret !== undefined) return { ...given, clientSecret: await ask(`Secret of ${given.clientId}`) };
  return { ...given, oauthToken: await ask("Bearer token") };
}

/** Each region has an authorization server of its own, so that it must be known before. */
async function regionOf({ baseUrl, region }: ResolvedSettings, prompts: Prompts | undefined): Promise<Region> {
  if (baseUrl !== undefined || region.source.kind !== "default" || prompts === undefined) return region.value;
  return await prompts.select("Where does your data live?", [
    { value: "us", label: "United States" },
    { value: "eu", label: "Europe" },
    { value: "in", label: "India" },
  ]);
}

/** Logging in again is no loss; putting someone else under the same name is. */
async function confirmReplacing(
  context: Context,
  config: Config,
  name: string,
  given: Partial<Account>,
): Promise<void> {
  const existing = config.names.includes(name) ? readable(config, name) : undefined;
  const isSame = existing !== undefined && existing.username === given.username && existing.clientId === given.clientId;
  if (!config.names.includes(name) || isSame || context.globals.dryRun) return;
  const owner = existing?.username ?? existing?.clientId;
  await context.confirm(`Replace account ${name}${owner === undefined ? "" : ` of ${owner}`} and its secrets?`);
}

async function checkSomewhere(
  context: Context,
  settings: ResolvedSettings,
  given: Partial<Account> & { name: string },
  connect: Connect,
): Promise<{ region: Region; who: Who }> {
  const credentials = await fetchAccountSecrets(given, {
    env: context.env,
    runShell,
    timeoutMs: 30_000,
    signal: context.signal,
  });
  const base = await toConnection(settings, credentials);
  // One address serves all regions, and a region that the user names is not to be doubted.
  const isKnown = settings.baseUrl !== undefined || settings.region.source.kind !== "default";
  const known = given.region ?? (isKnown ? settings.region.value : undefined);
  const regions = known === undefined ? REGIONS : [known];
  return await findRegion(regions, (region) => connect({ ...base, region }), context.signal);
}

async function chooseProject(
  context: Context,
  who: Who,
  wanted: string | undefined,
  prompts: Prompts | undefined,
): Promise<string | undefined> {
  if (wanted !== undefined) {
    requireVisible(who, wanted);
    return wanted;
  }
  const [first, ...others] = who.projects;
  if (first === undefined) {
    await context.note("These credentials see no project; give one to each command with --project ID");
    return undefined;
  }
  if (others.length === 0) return first.id;
  if (prompts !== undefined) {
    const choices = who.projects.map((project) => ({ value: project.id, label: project.name, hint: hintOf(project) }));
    return await prompts.select("Which project?", choices);
  }
  const some = who.projects.slice(0, 10).map((project) => `  ${project.id}  ${project.name}`);
  const rest = who.projects.length > some.length ? [`  … and ${who.projects.length - some.length} more`] : [];
  const lines = ["No project was chosen; give one with --project ID, now or to each command:", ...some, ...rest];
  for (const line of lines) await context.note(line);
  return undefined;
}

function hintOf(project: VisibleProject): string {
  return project.organization === undefined ? project.id : `${project.id}, ${project.organization}`;
}

/** What stays of the account that is replaced, when it is about the same project. */
function ofSameProject(config: Config, account: Account): Partial<Account> {
  const existing = config.names.includes(account.name) ? readable(config, account.name) : undefined;
  if (existing === undefined || existing.projectId !== account.projectId) return {};
  const { projectToken, projectSecret, workspaceId } = existing;
  return { projectToken, projectSecret, workspaceId };
}

function readable(config: Config, name: string): Account | undefined {
  try {
    return config.account(name);
  } catch (error) {
    if (error instanceof MpError) return undefined;
    throw error;
  }
}
