/**
 * From flags, environment and config file to one answer: whom to ask, and as whom. Each value says where it came from.
 *
 * Every value is taken from the first place that has it: a flag, the account that `--account` names, the environment,
 * the account in use, the default. What proves who one is (`identity.ts`) counts as a single value.
 */
import type { Connection, Region, SettingPlaces } from "../client/types.ts";
import type { ProxyVariables } from "../runtime/network/proxy.ts";
import type { Credentials } from "../client/credentials.ts";
import {
  type ClientCertificateFiles,
  clientCertificateFiles,
  readCertificates,
  readClientCertificate,
} from "./certificates.ts";
import type { Environment } from "../runtime/process.ts";
import { readVariable, type VariableName } from "./environment.ts";
import type { Config } from "./file.ts";
import { AddressRule, type SettingsPlace } from "./address_rule.ts";
import { findIdentity, findTokens, type HeldCredential } from "./identity.ts";
import { stateFolder } from "./paths.ts";
import type { RunShell } from "./secret.ts";
import { secretFetcher } from "./secret_fetcher.ts";
import { selectAccount, type SelectedAccount } from "./select_account.ts";
import type { SettingSource, Sourced } from "./source.ts";
import { checkBaseUrl, checkId, checkRegion } from "./values.ts";

/** The global flags that settings come from. */
export interface SettingsFlags {
  account?: string;
  project?: string;
  workspace?: string;
  region?: Region;
  timeoutMs?: number;
  secretIn?: Connection["secretIn"];
  /** False with `--no-pacing`. */
  pacing?: boolean;
}

/** Everything from outside that decides. */
export interface SettingsSources {
  flags: SettingsFlags;
  env: Environment;
  readConfig(): Promise<Config>;
  runShell: RunShell;
  signal?: AbortSignal;
  /** How long a `secret_command` may take. Default 30 s. */
  secretTimeoutMs?: number;
}

export interface ResolvedSettings {
  configPath: string;
  /** Where the ledger of quotas lives. */
  stateFolder: string;
  /** The account in use; absent when the environment says everything. */
  account?: Sourced<string>;
  region: Sourced<Region>;
  baseUrl?: Sourced<string>;
  projectId?: Sourced<string>;
  workspaceId?: Sourced<string>;
  /** What there is to prove who asks, without its secrets. */
  credentials: readonly HeldCredential[];
  /** Why there is no project token, although the environment has one. */
  unsentToken?: string;
  /** Why the address of the account in use is not used. */
  passedOverAddress?: string;
  timeoutMs: Sourced<number>;
  secretIn?: Connection["secretIn"];
  pacing: Sourced<boolean>;
  proxy: ProxyVariables;
  /** Files of certificate authorities to trust besides the system's. */
  certificateFiles: readonly Sourced<string>[];
  /** Files of the certificate that is shown to servers which ask for one, and of its private key. */
  clientCertificate?: ClientCertificateFiles;
  /**
   * Fetches the secrets of these kinds, or of all: a command is run when its secret is first asked for, and once.
   *
   * @throws MpError (auth) when a secret can't be had.
   */
  resolveSecrets(kinds?: readonly HeldCredential["kind"][]): Promise<Credentials>;
}

/** Above the 488 s after which Mixpanel's own edge gives up on a query: a quota is not spent for an answer unseen. */
const DEFAULT_TIMEOUT_MS = 500_000;
const SECRET_TIMEOUT_MS = 30_000;

/**
 * Decides all settings.
 *
 * @throws MpError (input) for a value that can't be right, and (auth) for half a pair of credentials.
 */
export async function resolveSettings(sources: SettingsSources): Promise<ResolvedSettings> {
  const { flags, env } = sources;
  const config = await sources.readConfig();
  const selected = await selectAccount(flags, env, config);
  const pick = picker(env, selected);
  const identity = findIdentity(env, selected);
  const rule = new AddressRule(identity, env, selected);
  const baseUrl = pick("baseUrl", undefined, "MP_API_BASE_URL", checkBaseUrl, (place) => rule.mayUse(place));
  const { token, unsent } = chooseToken(findTokens(env, selected), rule, baseUrl, selected);
  const credentials = [...identity, ...token];
  return {
    configPath: config.path,
    stateFolder: stateFolder(env),
    account: selected && { value: selected.account.name, source: selected.source },
    region: pick("region", ["--region", flags.region], "MP_REGION", checkRegion) ??
      { value: "us", source: { kind: "default" } },
    baseUrl,
    projectId: pick("projectId", ["--project", flags.project], "MP_PROJECT_ID", checkId),
    workspaceId: pick("workspaceId", ["--workspace", flags.workspace], "MP_WORKSPACE_ID", checkId),
    credentials,
    unsentToken: unsent,
    passedOverAddress: passedOver(selected, rule, baseUrl),
    timeoutMs: flags.timeoutMs === undefined
      ? { value: DEFAULT_TIMEOUT_MS, source: { kind: "default" } }
      : { value: flags.timeoutMs, source: { kind: "flag", name: "--timeout" } },
    secretIn: flags.secretIn,
    pacing: flags.pacing === false
      ? { value: false, source: { kind: "flag", name: "--no-pacing" } }
      : { value: true, source: { kind: "default" } },
    proxy: proxySettings(env),
    certificateFiles: certificateFiles(env),
    clientCertificate: clientCertificateFiles(env),
    resolveSecrets: secretFetcher(credentials, {
      env,
      runShell: sources.runShell,
      timeoutMs: sources.secretTimeoutMs ?? SECRET_TIMEOUT_MS,
      signal: sources.signal,
    }),
  };
}

/** The connection of these settings, with all their secrets or with the credentials given. */
export async function toConnection(resolved: ResolvedSettings, credentials?: Credentials): Promise<Connection> {
  return {
    region: resolved.region.value,
    baseUrl: resolved.baseUrl?.value,
    projectId: resolved.projectId?.value,
    workspaceId: resolved.workspaceId?.value,
    credentials: credentials ?? await resolved.resolveSecrets(),
    timeoutMs: resolved.timeoutMs.value,
    secretIn: resolved.secretIn,
    pacing: resolved.pacing.value,
    proxy: resolved.proxy,
    extraCertificates: await readCertificates(resolved.certificateFiles),
    clientCertificate: await readClientCertificate(resolved.clientCertificate),
    places: settingPlaces(credentials === undefined ? resolved : { ...resolved, credentials: [] }),
    unsentToken: resolved.unsentToken,
  };
}

/** What comes from an account. A region that nobody has chosen is the account's to choose, when the credentials are its. */
function settingPlaces({ credentials, region, baseUrl, projectId }: ResolvedSettings): SettingPlaces {
  const account = (source: SettingSource | undefined) =>
    source?.kind === "account" ? `account '${source.name}'` : undefined;
  const identity = account(credentials.find(({ kind }) => kind !== "project_token")?.source);
  return {
    identity,
    projectToken: account(credentials.find(({ kind }) => kind === "project_token")?.source),
    region: region.source.kind === "default" ? identity : account(region.source),
    baseUrl: account(baseUrl?.source),
    projectId: identity !== undefined && projectId?.source.kind === "environment" ? projectId.source.name : undefined,
  };
}

/** The first token that may go to the address; `unsent` says why that of the environment may not, where there is none. */
function chooseToken(
  tokens: readonly HeldCredential[],
  rule: AddressRule,
  address: Sourced<string> | undefined,
  selected: SelectedAccount | undefined,
): { token: HeldCredential[]; unsent?: string } {
  const token = tokens.filter((one) => rule.mayTake(one, address)).slice(0, 1);
  const isUnsent = token.length === 0 && tokens.some(({ source }) => source.kind === "environment");
  if (!isUnsent) return { token };
  const owner = `account '${selected?.account.name}'`;
  return {
    token,
    unsent: address?.source.kind === "account"
      ? `MP_TOKEN does not go to ${address.value}, the address of ${owner}`
      : `MP_TOKEN goes to MP_API_BASE_URL alone, and ${owner} does not`,
  };
}

/** Says that an account's address is not used, when the environment's credentials have taken its place. */
function passedOver(
  selected: SelectedAccount | undefined,
  rule: AddressRule,
  address: Sourced<string> | undefined,
): string | undefined {
  const { name, baseUrl } = selected?.account ?? {};
  if (baseUrl === undefined || rule.mayUse("account") || address !== undefined) return undefined;
  return `The credentials of the environment go to Mixpanel, and not to ${baseUrl}, which is for those of account ` +
    `'${name}'; --account ${name} uses these`;
}

/** Takes plain values from the first place that has them, and checks them. */
function picker(env: Environment, selected: SelectedAccount | undefined) {
  return <T extends string>(
    field: "region" | "baseUrl" | "projectId" | "workspaceId",
    flag: readonly [name: string, text: string | undefined] | undefined,
    variable: VariableName,
    check: (text: string, origin: string) => T,
    mayUse: (place: SettingsPlace) => boolean = () => true,
  ): Sourced<T> | undefined => {
    const [flagName, flagText] = flag ?? [];
    if (flagName !== undefined && flagText !== undefined) {
      return { value: check(flagText, flagName), source: { kind: "flag", name: flagName } };
    }
    const own = selected?.account[field];
    const ofAccount: Sourced<T> | undefined = selected === undefined || own === undefined || !mayUse("account")
      ? undefined
      : { value: own as T, source: { kind: "account", name: selected.account.name } };
    if (ofAccount !== undefined && selected?.source.kind === "flag") return ofAccount;
    const text = readVariable(env, variable);
    if (text === undefined || !mayUse("environment")) return ofAccount;
    return { value: check(text, variable), source: { kind: "environment", name: variable } };
  };
}

/** As curl does, the lower-case name comes first. */
function proxySettings(env: Environment): ProxyVariables {
  return {
    http: readVariable(env, "http_proxy") ?? readVariable(env, "HTTP_PROXY"),
    https: readVariable(env, "https_proxy") ?? readVariable(env, "HTTPS_PROXY"),
    all: readVariable(env, "all_proxy") ?? readVariable(env, "ALL_PROXY"),
    none: readVariable(env, "no_proxy") ?? readVariable(env, "NO_PROXY"),
  };
}

function certificateFiles(env: Environment): Sourced<string>[] {
  return (["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"] as const).flatMap((name): Sourced<string>[] => {
    const value = readVariable(env, name);
    return value === undefined ? [] : [{ value, source: { kind: "environment", name } }];
  });
}
