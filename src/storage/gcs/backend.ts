import { type AddressForm, objectBackend, secretVariable, shownVariable } from "../objects/address.ts";

const GCS_FORM: AddressForm = { scheme: "gs", holder: "bucket", names: /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/ };

/** Google Cloud Storage. */
export const gcsBackend = objectBackend(GCS_FORM, [
  shownVariable("GOOGLE_APPLICATION_CREDENTIALS", "The file of a service account, or of a user as gcloud writes it"),
  shownVariable("GS_ACCESS_KEY_ID", "The id of an HMAC key; goes with GS_SECRET_ACCESS_KEY"),
  secretVariable("GS_SECRET_ACCESS_KEY", "The secret of an HMAC key"),
  secretVariable("CLOUDSDK_AUTH_ACCESS_TOKEN", "An access token, as 'gcloud auth print-access-token' prints it"),
  shownVariable("CLOUDSDK_CONFIG", "Folder of gcloud's settings, where its default credentials are"),
  shownVariable("GCE_METADATA_HOST", "Where a machine at Google gets its credentials"),
  shownVariable("STORAGE_EMULATOR_HOST", "The address of a store other than Google's"),
], async (address, options) => {
  const [{ gcsSettings }, { gcsStorage }] = await Promise.all([import("./gcs_settings.ts"), import("./gcs.ts")]);
  return gcsStorage(address, await gcsSettings(address.address, options.env, options), options);
});
