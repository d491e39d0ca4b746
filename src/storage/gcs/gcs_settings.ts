/** Whom to ask about a bucket at Google, and as whom: from the variables and files that Google's own tools use. */
import { oneLine } from "../../client/wording.ts";
import { inputError, MpError } from "../../errors.ts";
import { readFault } from "../../runtime/files/file_faults.ts";
import { join, readTextFile } from "../../runtime/files/files.ts";
import { NetworkFault } from "../../runtime/network/network_fault.ts";
import { type Environment, homeFolder } from "../../runtime/process.ts";
import {
  type CredentialOptions,
  type CredentialSource,
  endpointAddress,
  noCredentials,
  renewed,
} from "../objects/credentials.ts";
import type { SigningKeys } from "../s3/v4_signature.ts";
import { credentialsOfFile, metadataCredentials, type TokenIssuer } from "./google_credentials.ts";

/** Nobody, for an emulator; an HMAC key; or whoever the tokens are for. */
export type GcsIdentity = { kind: "nobody" } | { kind: "key"; keys: SigningKeys } | {
  kind: "tokens";
  token: CredentialSource<string>;
};

export interface GcsSettings {
  /** Without a `/` at its end. */
  endpoint: string;
  identity: GcsIdentity;
}

const ENDPOINT = "https://storage.googleapis.com";
const HINT = "set GOOGLE_APPLICATION_CREDENTIALS to a service account's JSON file, run " +
  "'gcloud auth application-default login', or set GS_ACCESS_KEY_ID and GS_SECRET_ACCESS_KEY";

/**
 * Decides all settings: an HMAC key takes precedence over a token, that before a file, gcloud's default credentials and the
 * machine's own.
 *
 * @throws MpError (auth) when there are no credentials, and (input) for a file or address that cannot be used.
 */
export async function gcsSettings(address: string, env: Environment, options: CredentialOptions): Promise<GcsSettings> {
  const emulator = emulatorOf(env);
  const endpoint = emulator ?? ENDPOINT;
  const identity = keyOf(address, env) ?? await tokensOf(address, env, options, emulator !== undefined);
  // A token is good for whoever sees it.
  if (identity.kind === "tokens" && !isPrivate(endpoint)) {
    throw inputError(
      "Cannot use STORAGE_EMULATOR_HOST: it is not on this machine, and tokens would be sent to it without encryption",
      "write it as https://host:port, or unset the credentials",
      "bad_endpoint",
    );
  }
  // A job that cannot write its output is to fail before it has asked Mixpanel for anything.
  if (identity.kind === "tokens") await identity.token();
  return { endpoint, identity };
}

function keyOf(address: string, env: Environment): GcsIdentity | undefined {
  const { GS_ACCESS_KEY_ID: id, GS_SECRET_ACCESS_KEY: secret } = env;
  if (id && secret) return { kind: "key", keys: { accessKeyId: id, secretAccessKey: secret } };
  if (!id && !secret) return undefined;
  const [there, missing] = id ? ["ACCESS_KEY_ID", "SECRET_ACCESS_KEY"] : ["SECRET_ACCESS_KEY", "ACCESS_KEY_ID"];
  throw noCredentials(address, `GS_${there} is set and GS_${missing} is not`, HINT);
}

async function tokensOf(
  address: string,
  env: Environment,
  options: CredentialOptions,
  isEmulated: boolean,
): Promise<GcsIdentity> {
  const source = (issuer: TokenIssuer): GcsIdentity => ({
    kind: "tokens",
    token: renewed(() => newToken(address, issuer, options), options.now),
  });
  const given = env.CLOUDSDK_AUTH_ACCESS_TOKEN?.trim();
  if (given) return source({ who: "CLOUDSDK_AUTH_ACCESS_TOKEN", newToken: () => Promise.resolve({ value: given }) });
  const named = env.GOOGLE_APPLICATION_CREDENTIALS;
  if (named) {
    const text = await readTextFile(named).catch((cause) => {
      throw unreadable(named, readFault(cause) ?? String(cause));
    });
    if (text === undefined) throw unreadable(named, "no such file");
    return source(credentialsOfFile(address, named, text, options));
  }
  // What was not meant for it is not shown to an emulator.
  if (isEmulated) return { kind: "nobody" };
  const usual = usualFile(env);
  const text = await readTextFile(usual);
  if (text !== undefined) return source(credentialsOfFile(address, usual, text, options));
  return source(metadataCredentials(address, env.GCE_METADATA_HOST, HINT, options));
}

async function newToken(address: string, { who, newToken }: TokenIssuer, { onSecret, signal }: CredentialOptions) {
  try {
    const fetched = await newToken();
    onSecret?.(fetched.value);
    return fetched;
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof NetworkFault)) throw error;
    throw new MpError(`Cannot use ${address}: no token could be fetched with ${who}: ${oneLine(error.detail, 200)}`, {
      category: "network",
      code: error.kind,
      hint: "is the network up? One that needs a proxy needs HTTPS_PROXY",
      cause: error,
    });
  }
}

function usualFile(env: Environment): string {
  const name = "application_default_credentials.json";
  if (env.CLOUDSDK_CONFIG) return join(env.CLOUDSDK_CONFIG, name);
  if (env.APPDATA) return join(env.APPDATA, "gcloud", name);
  return join(env.HOME || homeFolder(), ".config", "gcloud", name);
}

function unreadable(path: string, state: string): MpError {
  return inputError(
    `Cannot read ${JSON.stringify(path)}: ${state}`,
    "GOOGLE_APPLICATION_CREDENTIALS names the JSON file of a service account",
    "unreadable_file",
  );
}

function emulatorOf(env: Environment): string | undefined {
  const value = env.STORAGE_EMULATOR_HOST?.trim();
  if (!value) return undefined;
  const endpoint = endpointAddress(value.includes("://") ? value : `http://${value}`);
  if (endpoint !== undefined) return endpoint;
  // The value is not shown: it may carry a password.
  throw inputError(
    "Cannot use STORAGE_EMULATOR_HOST: it is not an http or https address",
    "write it as http://host:port",
    "bad_endpoint",
  );
}

const isPrivate = (endpoint: string): boolean =>
  endpoint.startsWith("https:") || /^http:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|\/|$)/.test(endpoint);
