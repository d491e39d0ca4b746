/** Whom to talk to about a bucket, and as whom: from the variables and files that AWS's own tools use. */
import { inputError } from "../../errors.ts";
import type { Environment } from "../../runtime/process.ts";
import { readProfile, type Settings } from "./aws_profile.ts";
import { type CredentialOptions, type CredentialSource, endpointAddress } from "../objects/credentials.ts";
import { credentialSource } from "./s3_credentials.ts";
import type { SigningKeys } from "./v4_signature.ts";

export interface S3Settings {
  region: string;
  /** Of a store other than AWS, or of a gateway: without a `/` at its end. */
  endpoint?: string;
  credentials: CredentialSource<SigningKeys>;
}

const DEFAULT_REGION = "us-east-1";

/**
 * Decides all settings: variables take precedence over the profile, and what is for S3 alone before what is for all services.
 *
 * @throws MpError (auth) when there are no credentials, and (input) for an endpoint that is no address.
 */
export async function s3Settings(address: string, env: Environment, options: CredentialOptions): Promise<S3Settings> {
  const profile = await readProfile(env.AWS_PROFILE || "default", env);
  const credentials = credentialSource(address, env, options);
  const settings = {
    region: env.AWS_REGION || env.AWS_DEFAULT_REGION || profile?.get("region") || DEFAULT_REGION,
    endpoint: endpointOf(env, profile),
    credentials,
  };
  // A job that cannot write its output is to fail before it has asked Mixpanel for anything.
  await credentials();
  return settings;
}

function endpointOf(env: Environment, profile: Settings | undefined): string | undefined {
  const isIgnored = env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS?.toLowerCase() === "true";
  if (isIgnored) return undefined;
  const named = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"].find((variable) => env[variable]);
  const value = named === undefined ? profile?.get("endpoint_url") : env[named];
  if (!value) return undefined;
  const endpoint = endpointAddress(value);
  if (endpoint !== undefined) return endpoint;
  // The value is not shown: it may carry a password.
  throw inputError(
    `Cannot use ${named ?? "the profile's endpoint_url"}: it is not an http or https address`,
    "write it as https://host:port",
    "bad_endpoint",
  );
}
