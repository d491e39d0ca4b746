import { type AddressForm, objectBackend, secretVariable, shownVariable } from "../objects/address.ts";

const S3_FORM: AddressForm = {
  scheme: "s3",
  holder: "bucket",
  names: /^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/,
};

/** Amazon S3, and every store that speaks its protocol. */
export const s3Backend = objectBackend(S3_FORM, [
  shownVariable("AWS_ACCESS_KEY_ID", "Id of the key; goes with AWS_SECRET_ACCESS_KEY"),
  secretVariable("AWS_SECRET_ACCESS_KEY", "Secret of the key; goes with AWS_ACCESS_KEY_ID"),
  secretVariable("AWS_SESSION_TOKEN", "The token of a key that is good for a while"),
  shownVariable("AWS_PROFILE", "The profile of AWS's own files to use"),
  shownVariable("AWS_REGION", "The bucket's region"),
  shownVariable("AWS_DEFAULT_REGION", "The bucket's region, when AWS_REGION is not set"),
  shownVariable("AWS_ENDPOINT_URL_S3", "The address of a store other than AWS"),
  shownVariable("AWS_ENDPOINT_URL", "The address of a store other than AWS, when AWS_ENDPOINT_URL_S3 is not set"),
  shownVariable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "With 'true', only AWS itself is asked"),
  shownVariable("AWS_SHARED_CREDENTIALS_FILE", "The file of keys; default ~/.aws/credentials"),
  shownVariable("AWS_CONFIG_FILE", "The file of settings; default ~/.aws/config"),
  shownVariable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "Where a container at AWS gets its keys"),
  shownVariable("AWS_CONTAINER_CREDENTIALS_FULL_URI", "Where a container gets its keys, as a whole address"),
  secretVariable("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Authorization token for the address of a container's keys"),
  shownVariable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "A file with that authorization token"),
], async (address, options) => {
  const [{ s3Settings }, { s3Storage }] = await Promise.all([import("./s3_settings.ts"), import("./s3.ts")]);
  return s3Storage(address, await s3Settings(address.address, options.env, options), options);
});
