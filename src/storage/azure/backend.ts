import { type AddressForm, objectBackend, secretVariable, shownVariable } from "../objects/address.ts";

const AZURE_FORM: AddressForm = {
  scheme: "az",
  holder: "container",
  names: /^(\$(root|web|logs)|(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*)$/,
};

/** Azure Blob Storage. */
export const azureBackend = objectBackend(AZURE_FORM, [
  shownVariable("AZURE_STORAGE_ACCOUNT", "The storage account; goes with AZURE_STORAGE_KEY or _SAS_TOKEN"),
  secretVariable("AZURE_STORAGE_KEY", "A key of the account"),
  secretVariable("AZURE_STORAGE_SAS_TOKEN", "A shared access signature, in place of the key"),
  secretVariable("AZURE_STORAGE_CONNECTION_STRING", "All of it in one, as the portal shows it; it alone counts then"),
  shownVariable("AZURE_STORAGE_SERVICE_ENDPOINT", "The address of the blob service, where it is not Azure's usual"),
], async (address, options) => {
  const [{ azureSettings }, { azureStorage }] = await Promise.all([
    import("./azure_settings.ts"),
    import("./azure.ts"),
  ]);
  return azureStorage(address, azureSettings(address.address, options.env, options.onSecret), options);
});
