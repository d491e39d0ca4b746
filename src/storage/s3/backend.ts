import { type AddressForm, objectBackend } from "../objects/address.ts";

const S3_FORM: AddressForm = {
  scheme: "s3",
  holder: "bucket",
  names: /^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/,
};

const plain = (name: string, meaning: string) => ({ name, meaning, secret: false });
const secret = (name: string, meaning: string) => ({ name, meaning, secret: true });

/** Amazon S3, and every store that speaks its protocol. */
export const s3Backend = objectBackend(S3_FORM, [
  plain("AWS_ACCESS_KEY_ID", "For s3://: the key's id; goes with AWS_SECRET_ACCESS_KEY"),
  secret("AWS_SECRET_ACCESS_KEY", "For s3://: the key's secret"),
  secret("AWS_SESSION_TOKEN", "For s3://: the token of a key that is good for a while"),
  plain("AWS_PROFILE", "For s3://: the profile of AWS's own files to use"),
  plain("AWS_REGION", "For s3://: the bucket's region"),
  plain("AWS_DEFAULT_REGION", "For s3://: the bucket's region, when AWS_REGION is not set"),
  plain("AWS_ENDPOINT_URL_S3", "For s3://: the address of a store other than AWS"),
  plain("AWS_ENDPOINT_URL", "For s3://: the same, when AWS_ENDPOINT_URL_S3 is not set"),
  plain("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "For s3://: with 'true' only AWS itself is asked"),
  plain("AWS_SHARED_CREDENTIALS_FILE", "For s3://: the file of keys; default ~/.aws/credentials"),
  plain("AWS_CONFIG_FILE", "For s3://: the file of settings; default ~/.aws/config"),
  plain("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "For s3://: where a container at AWS gets its keys"),
  plain("AWS_CONTAINER_CREDENTIALS_FULL_URI", "For s3://: the same as a whole address"),
  secret("AWS_CONTAINER_AUTHORIZATION_TOKEN", "For s3://: what that address wants to see"),
  plain("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "For s3://: a file with what that address wants to see"),
], async (address, options) => {
  const [{ s3Settings }, { s3Storage }, transport] = await Promise.all([
    import("./s3_settings.ts"),
    import("./s3.ts"),
    options.transport(),
  ]);
  const { env, clock, onSecret, signal } = options;
  const settings = await s3Settings(address.address, env, { transport, now: () => clock.now(), onSecret, signal });
  return s3Storage(address, settings, { ...options, transport });
});
