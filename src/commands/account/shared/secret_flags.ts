/** Flags that say where a secret is. None takes the secret itself: it would stay in the shell's history. */
import { z } from "zod";
import { inputError } from "../../../errors.ts";
import { text } from "../../../api/params.ts";
import type { Context } from "../../../cli/context.ts";
import { rememberSecret } from "../../../client/redact.ts";
import type { Account } from "../../../settings/account.ts";
import type { SecretSource } from "../../../settings/secret.ts";
import type { Prompts } from "./prompts.ts";

type SecretFlags<P extends string> =
  & { [K in `${P}_stdin`]: z.ZodDefault<z.ZodBoolean> }
  & { [K in `${P}_env` | `${P}_command`]: z.ZodOptional<z.ZodString> };

function secretFlags<const P extends string>(prefix: P, what: string): SecretFlags<P> {
  return {
    [`${prefix}_stdin`]: z.boolean().default(false).meta({ description: `Read the ${what} from standard input` }),
    [`${prefix}_env`]: text(`Variable that holds the ${what}`, { placeholder: "VARIABLE" }).optional(),
    [`${prefix}_command`]: text(`Command that prints the ${what}`, { placeholder: "COMMAND" }).optional(),
  } as SecretFlags<P>;
}

/** Flags of the credentials that can be checked by asking who they belong to. */
export const identityFlags = {
  username: text("User name of a service account", { placeholder: "USER" }).optional(),
  ...secretFlags("secret", "service account's secret"),
  ...secretFlags("oauth_token", "bearer token"),
  client_id: text("Id of an OAuth client", { placeholder: "ID" }).optional(),
  ...secretFlags("client_secret", "OAuth client's secret"),
};

/** Flags of the credentials that belong to a project. */
export const projectFlags = {
  ...secretFlags("project_secret", "project secret (retired by Mixpanel on 2027-03-03)"),
  ...secretFlags("token", "project token"),
};

/** The flags' values, in whatever command has them. */
export type SecretInput = Readonly<Record<string, unknown>>;

const KINDS = [
  { prefix: "secret", field: "secret", what: "service account's secret" },
  { prefix: "oauth_token", field: "oauthToken", what: "bearer token" },
  { prefix: "client_secret", field: "clientSecret", what: "OAuth client's secret" },
  { prefix: "project_secret", field: "projectSecret", what: "project secret" },
  { prefix: "token", field: "projectToken", what: "project token" },
] as const;

/**
 * The credentials that the flags give. A secret that is missing beside a user name or client id is asked for at a
 * terminal; elsewhere it is an input error that names the flags. Nothing given: an empty object.
 */
export async function readCredentials(
  context: Context,
  input: SecretInput,
  prompts: Prompts | undefined,
): Promise<Partial<Account>> {
  checkPipes(input);
  const found: Partial<Account> = {};
  if (typeof input.username === "string") found.username = input.username;
  if (typeof input.client_id === "string") found.clientId = input.client_id;
  for (const { prefix, field, what } of KINDS) {
    found[field] = await readSecret(context, input, prefix, what, prompts);
  }
  if (found.username !== undefined) found.secret ??= await askSecret("--username", "--secret", KINDS[0].what, prompts);
  if (found.clientId !== undefined) {
    found.clientSecret ??= await askSecret("--client-id", "--client-secret", KINDS[2].what, prompts);
  }
  requireUser(found.username, found.secret, "--secret-…", "--username");
  requireUser(found.clientId, found.clientSecret, "--client-secret-…", "--client-id");
  return found;
}

/** Whether any credential was given. */
export function hasCredentials(account: Partial<Account>): boolean {
  return KINDS.some(({ field }) => account[field] !== undefined);
}

/** A secret that was typed or piped, as it is stored. From here on no message shows it. */
export function secretValue(value: string): SecretSource {
  rememberSecret(value);
  return { kind: "value", value };
}

async function readSecret(
  context: Context,
  input: SecretInput,
  prefix: string,
  what: string,
  prompts: Prompts | undefined,
): Promise<SecretSource | undefined> {
  const flag = `--${prefix.replaceAll("_", "-")}`;
  const variable = input[`${prefix}_env`];
  const command = input[`${prefix}_command`];
  const given = [input[`${prefix}_stdin`] === true, variable !== undefined, command !== undefined];
  if (given.filter(Boolean).length > 1) {
    throw inputError(`Cannot take the ${what} from more than one place`, `keep one of the ${flag}-… flags`);
  }
  if (typeof variable === "string") {
    if (/^[A-Za-z_]\w*$/.test(variable)) return { kind: "env", variable };
    // The value is not repeated: it may be the secret itself, given by mistake.
    throw inputError(`Cannot use ${flag}-env: its value is not the name of a variable`, `for example ${flag}-env NAME`);
  }
  if (typeof command === "string") return { kind: "command", command };
  if (!given[0]) return undefined;
  if (prompts !== undefined) return secretValue(await prompts.secret(`The ${what}`));
  return secretValue(await readPipedSecret(context, `${flag}-stdin`));
}

function checkPipes(input: SecretInput): void {
  const piped = KINDS.filter(({ prefix }) => input[`${prefix}_stdin`] === true)
    .map(({ prefix }) => `--${prefix.replaceAll("_", "-")}-stdin`);
  if (piped.length <= 1) return;
  throw inputError(
    `Cannot read more than one secret from standard input: ${piped.join(", ")}`,
    "give the others by --…-env or --…-command",
  );
}

async function askSecret(
  userFlag: string,
  flag: string,
  what: string,
  prompts: Prompts | undefined,
): Promise<SecretSource> {
  if (prompts !== undefined) return secretValue(await prompts.secret(`The ${what}`));
  throw inputError(
    `Cannot use ${userFlag} without its secret`,
    `add ${flag}-stdin and pipe it in, or ${flag}-env VARIABLE, or ${flag}-command COMMAND`,
    "missing_secret",
  );
}

function requireUser(user: string | undefined, secret: SecretSource | undefined, flag: string, userFlag: string): void {
  if (secret === undefined || user !== undefined) return;
  throw inputError(`Cannot use ${flag} without ${userFlag}`, `add ${userFlag}`, "missing_username");
}

const MAX_SECRET_BYTES = 64 * 1024;

async function readPipedSecret(context: Context, flag: string): Promise<string> {
  const decoder = new TextDecoder();
  let content = "";
  for await (const bytes of context.stdin.stream()) {
    content += decoder.decode(bytes, { stream: true });
    if (content.length > MAX_SECRET_BYTES) throw inputError(`Cannot use ${flag}: what was piped in is no secret`);
  }
  const secret = content.trim();
  if (secret === "") throw inputError(`Cannot use ${flag}: standard input is empty`, "pipe the secret in");
  if (/\s/.test(secret)) throw inputError(`Cannot use ${flag}: what was piped in is more than one word`);
  return secret;
}
