/** Every environment variable that `mp` reads. One that is not listed here is not read. */
import type { Environment } from "../runtime/process.ts";
import type { StorageVariable } from "../storage/backend.ts";
import { STORAGE_VARIABLES } from "../storage/registry.ts";

const plain = <const N extends string>(name: N, meaning: string) => ({ name, meaning, secret: false });
const secret = <const N extends string>(name: N, meaning: string) => ({ name, meaning, secret: true });

/** Those that are read whatever a command does. */
export const OWN_VARIABLES = [
  plain("MP_USERNAME", "User name of a service account; goes with MP_SECRET"),
  secret("MP_SECRET", "Secret of a service account; goes with MP_USERNAME"),
  secret("MP_OAUTH_TOKEN", "A bearer token: OAuth, or one made in Mixpanel for the GDPR API"),
  plain("MP_CLIENT_ID", "Id of an OAuth client; goes with MP_CLIENT_SECRET"),
  secret("MP_CLIENT_SECRET", "Secret of an OAuth client; goes with MP_CLIENT_ID"),
  secret("MP_API_SECRET", "Project secret; Mixpanel retires it on 2027-03-03"),
  secret("MP_TOKEN", "Project token, for tracking events and profiles"),
  plain("MP_ACCOUNT", "Account of the config file to use"),
  plain("MP_PROJECT_ID", "Project id"),
  plain("MP_WORKSPACE_ID", "Workspace id (data view)"),
  plain("MP_ORGANIZATION_ID", "Organization id, for service accounts; default: the project's"),
  plain("MP_SOURCE", "Files that questions are asked of in place of Mixpanel, as --source names them"),
  plain("MP_SOURCE_TZ", "Time zone by which the days of MP_SOURCE are cut, as --tz names it; default UTC"),
  plain("MP_REGION", "Where the project's data lives: us, eu or in"),
  plain("MP_CONFIG_PATH", "The config file, in place of the one in the config folder"),
  plain("MP_API_BASE_URL", "One origin for every API: the sandbox, a proxy or a private gateway"),
  secret("http_proxy", "Proxy for http requests; also HTTP_PROXY"),
  secret("HTTP_PROXY", "Proxy for http requests"),
  secret("https_proxy", "Proxy for https requests; also HTTPS_PROXY"),
  secret("HTTPS_PROXY", "Proxy for https requests"),
  secret("all_proxy", "Proxy for all requests that have no other; also ALL_PROXY"),
  secret("ALL_PROXY", "Proxy for all requests that have no other"),
  plain("no_proxy", "Hosts that are reached without a proxy, separated by commas; also NO_PROXY"),
  plain("NO_PROXY", "Hosts that are reached without a proxy, separated by commas"),
  plain("SSL_CERT_FILE", "PEM file of certificate authorities to trust"),
  plain("NODE_EXTRA_CA_CERTS", "PEM file of certificate authorities to trust besides the usual ones"),
  plain("MP_COMPLETION", "With 'offline' the shell's completion asks nothing of Mixpanel"),
  plain("MP_CLIENT_CERT", "PEM file of a certificate for gateways that ask who connects"),
  plain("MP_CLIENT_KEY", "PEM file of that certificate's private key; default: the same file"),
  secret("AZURE_CLIENT_SECRET", "For pipelines to Azure: the secret of the service principal"),
  secret("MP_WEBHOOK_PASSWORD", "For mp webhooks: the password with which Mixpanel signs in"),
  secret("SNOWFLAKE_PASSWORD", "For pipelines to Snowflake: the password"),
  plain("MP_PAGER", "Shows what is longer than the terminal; 'cat' or nothing for none. Default: PAGER, then less"),
  plain("PAGER", "The pager, where MP_PAGER is not set"),
  plain("NO_COLOR", "Plain text when it is set, whatever its value"),
  plain("FORCE_COLOR", "Colour also without a terminal"),
  plain("CLICOLOR_FORCE", "Colour also without a terminal"),
  plain("CLICOLOR", "Plain text when it is 0"),
  plain("TERM", "Plain text when it is 'dumb'"),
  plain("LC_ALL", "The locale; a terminal is drawn on in ASCII when it names another encoding than UTF-8"),
  plain("LC_CTYPE", "The locale, when LC_ALL is not set"),
  plain("LANG", "The locale, when LC_ALL and LC_CTYPE are not set"),
  plain("COLUMNS", "Width to print for, without a terminal"),
  plain("BROWSER", "Program that opens the pages of 'mp login' and 'mp open', in place of the desktop's own"),
  plain("DISPLAY", "With it or WAYLAND_DISPLAY, 'mp open' opens a browser"),
  plain("WAYLAND_DISPLAY", "The same, for Wayland"),
  plain("SSH_CONNECTION", "With it or SSH_TTY, and without a display, 'mp open' only prints the address"),
  plain("SSH_TTY", "The same"),
  plain("HOME", "Home folder"),
  plain("PATH", "Where the pager is looked for"),
  plain("XDG_CONFIG_HOME", "Folder of the config file's folder; default ~/.config"),
  plain("XDG_STATE_HOME", "Folder of the state folder; default ~/.local/state"),
  plain("APPDATA", "Folder of the config file's folder, on Windows"),
  plain("LOCALAPPDATA", "Folder of the state folder, on Windows"),
] as const satisfies readonly StorageVariable[];

/** Storages bring their own. */
export const VARIABLES: readonly StorageVariable[] = [...OWN_VARIABLES, ...STORAGE_VARIABLES];

export type VariableName = typeof OWN_VARIABLES[number]["name"];

/** A variable's value without surrounding space; undefined when it is unset or empty. */
export function readVariable(env: Environment, name: VariableName): string | undefined {
  const value = env[name]?.trim();
  return value === "" ? undefined : value;
}
