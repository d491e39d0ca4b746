/** Who asks a store: keys from the variables, files and helpers that AWS's own tools use, fetched again before they expire. */
import { readTextFile } from "../../runtime/files/files.ts";
import { NetworkFault } from "../../runtime/network/network_fault.ts";
import { runShell } from "../../runtime/shell.ts";
import type { Environment } from "../../runtime/process.ts";
import {
  askForJson,
  type CredentialOptions,
  type CredentialSource,
  type Fetched,
  jsonObject,
  noCredentials,
  renewed,
} from "../objects/credentials.ts";
import { readProfile, type Settings } from "./aws_profile.ts";
import type { SigningKeys } from "./v4_signature.ts";

const HINT =
  "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE; other stores than AWS also need AWS_ENDPOINT_URL";
const HELPER_TIMEOUT_MS = 60_000;
const CONTAINER_TIMEOUT_MS = 10_000;
const CONTAINER_HOST = "http://169.254.170.2";

type FetchedKeys = Fetched<SigningKeys>;

/** The source of keys; it throws MpError (auth) when there are none. */
export function credentialSource(
  address: string,
  env: Environment,
  options: CredentialOptions,
): CredentialSource<SigningKeys> {
  return renewed(async () => {
    const fetched = await fetchKeys(address, env, options);
    const { secretAccessKey, sessionToken } = fetched.value;
    options.onSecret?.(secretAccessKey);
    if (sessionToken !== undefined) options.onSecret?.(sessionToken);
    return fetched;
  }, options.now);
}

async function fetchKeys(address: string, env: Environment, options: CredentialOptions): Promise<FetchedKeys> {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = env;
  if (id && secret) return { value: { accessKeyId: id, secretAccessKey: secret, sessionToken: token || undefined } };
  if (id || secret) {
    const [there, missing] = id ? ["ACCESS_KEY_ID", "SECRET_ACCESS_KEY"] : ["SECRET_ACCESS_KEY", "ACCESS_KEY_ID"];
    throw noCredentials(address, `AWS_${there} is set and AWS_${missing} is not`, HINT);
  }
  const name = env.AWS_PROFILE || "default";
  const profile = await readProfile(name, env);
  const ofProfile = profile === undefined ? undefined : await keysOfProfile(address, name, profile, options);
  if (ofProfile !== undefined) return ofProfile;
  if (env.AWS_PROFILE) {
    const state = profile === undefined ? "there is no profile" : "there are no keys in the profile";
    throw noCredentials(
      address,
      `${state} ${JSON.stringify(name)}`,
      "AWS_PROFILE names one of ~/.aws/credentials or ~/.aws/config",
    );
  }
  const ofContainer = await keysOfContainer(address, env, options);
  if (ofContainer !== undefined) return ofContainer;
  throw noCredentials(address, "there are no AWS credentials", HINT);
}

async function keysOfProfile(
  address: string,
  name: string,
  profile: Settings,
  { signal }: CredentialOptions,
): Promise<FetchedKeys | undefined> {
  const [id, secret] = [profile.get("aws_access_key_id"), profile.get("aws_secret_access_key")];
  if (id && secret) {
    const sessionToken = profile.get("aws_session_token") || undefined;
    return { value: { accessKeyId: id, secretAccessKey: secret, sessionToken } };
  }
  const helper = profile.get("credential_process");
  const shown = `the profile ${JSON.stringify(name)}`;
  if (helper) {
    const { code, stdout } = await runShell(helper, { timeoutMs: HELPER_TIMEOUT_MS, signal });
    const fetched = code === 0 ? keysIn(jsonObject(stdout), "SessionToken") : undefined;
    if (fetched !== undefined) return fetched;
    // What it printed is not shown: there may be keys in it.
    const state = code === 0 ? "printed no keys" : `ended with ${code}`;
    throw noCredentials(address, `the credential_process of ${shown} ${state}`, "run it by hand to see why");
  }
  if (![...profile.keys()].some((key) => /^(sso_|role_arn|credential_source)/.test(key))) return undefined;
  throw noCredentials(
    address,
    `${shown} holds no keys, but a way to get them`,
    `eval "$(aws configure export-credentials --profile ${name} --format env)" gets them for a while`,
  );
}

/** Containers at AWS have an address from which they get the keys of their role. */
async function keysOfContainer(
  address: string,
  env: Environment,
  options: CredentialOptions,
): Promise<FetchedKeys | undefined> {
  const relative = env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI;
  const text = relative ? CONTAINER_HOST + relative : env.AWS_CONTAINER_CREDENTIALS_FULL_URI;
  if (!text) return undefined;
  const variable = `AWS_CONTAINER_CREDENTIALS_${relative ? "RELATIVE" : "FULL"}_URI`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !isTrustworthy(url)) {
    throw noCredentials(address, `${variable} is no address that keys may come from`, HINT);
  }
  const file = env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE;
  const token = file ? (await readTextFile(file))?.trim() : env.AWS_CONTAINER_AUTHORIZATION_TOKEN;
  const headers: Record<string, string> = token ? { authorization: token } : {};
  try {
    const { status, json } = await askForJson(options, { url, headers, timeoutMs: CONTAINER_TIMEOUT_MS });
    const fetched = status === 200 ? keysIn(json, "Token") : undefined;
    if (fetched !== undefined) return fetched;
    throw noCredentials(address, `the address in ${variable} gave no keys (${status})`, "has the container a role?");
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!(error instanceof NetworkFault)) throw error;
    throw noCredentials(address, `the address in ${variable} cannot be reached`, "has the container a role?");
  }
}

/** Keys may come over TLS, or over plain HTTP from this machine and from the addresses that AWS has for this purpose. */
function isTrustworthy({ protocol, hostname }: URL): boolean {
  if (protocol === "https:") return true;
  return protocol === "http:" &&
    /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|169\.254\.170\.(2|23)|\[fd00:ec2::23\])$/.test(hostname);
}

/** The JSON in which helpers and containers give keys. */
function keysIn(answer: Record<string, unknown>, tokenName: "SessionToken" | "Token"): FetchedKeys | undefined {
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Expiration: expiration } = answer;
  if (typeof accessKeyId !== "string" || typeof secretAccessKey !== "string") return undefined;
  const token = answer[tokenName];
  const expiresMs = typeof expiration === "string" ? Date.parse(expiration) : NaN;
  return {
    value: { accessKeyId, secretAccessKey, sessionToken: typeof token === "string" ? token : undefined },
    expiresMs: Number.isNaN(expiresMs) ? undefined : expiresMs,
  };
}
