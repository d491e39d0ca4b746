/** Whom to ask about a container, and as whom: from the variables that Azure's own tools use. */
import { inputError, type MpError } from "../../errors.ts";
import type { Environment } from "../../runtime/process.ts";
import { endpointAddress, noCredentials } from "../objects/credentials.ts";

/** The account's key, which signs each request; or a signature made before, which is sent with each. */
export type AzureIdentity = { kind: "key"; account: string; key: Uint8Array<ArrayBuffer> } | {
  kind: "sas";
  parameters: readonly (readonly [name: string, value: string])[];
};

export interface AzureSettings {
  /** Of the blob service, without a `/` at its end. */
  endpoint: string;
  identity: AzureIdentity;
}

const HINT = "set AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT with AZURE_STORAGE_KEY or " +
  "AZURE_STORAGE_SAS_TOKEN";
const CONNECTION_HINT = "copy it from the account's page 'Access keys'";
const SUFFIX = "core.windows.net";

/** The account that every emulator has. Its key is published, and protects nothing. */
const EMULATOR = {
  AccountName: "devstoreaccount1",
  AccountKey: "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
  BlobEndpoint: "http://127.0.0.1:10000/devstoreaccount1",
};

/** What the variables come to. */
interface Given {
  account?: string;
  key?: string;
  sas?: string;
  endpoint?: string;
  /** The variables that say so. */
  names: { key: string; sas: string; endpoint: string };
}

/**
 * Decides all settings. A connection string says everything; without it the single variables count.
 *
 * @throws MpError (auth) when there are no credentials, (input) for a value that cannot be used.
 */
export function azureSettings(
  address: string,
  env: Environment,
  onSecret: (secret: string) => void = () => {},
): AzureSettings {
  const text = env.AZURE_STORAGE_CONNECTION_STRING?.trim();
  const given = text ? ofConnectionString(text) : ofVariables(env);
  const { account, key, sas, names } = given;
  if (account === undefined && given.endpoint === undefined) {
    throw noCredentials(
      address,
      key ?? sas ? "AZURE_STORAGE_ACCOUNT is not set" : "there are no Azure credentials",
      HINT,
    );
  }
  const endpoint = checkedEndpoint(given.endpoint ?? `https://${account}.blob.${SUFFIX}`, names.endpoint);
  if (key !== undefined) {
    onSecret(key);
    if (account === undefined) throw noCredentials(address, `${names.key} does not say whose key it is`, HINT);
    return { endpoint, identity: { kind: "key", account, key: checkedKey(key, names.key) } };
  }
  if (sas === undefined) {
    throw noCredentials(address, `there is no key of the account ${JSON.stringify(account)}`, HINT);
  }
  const parameters = [...new URLSearchParams(sas.replace(/^\?/, ""))];
  const signature = parameters.find(([name]) => name === "sig")?.[1];
  if (!signature) {
    throw unusable(names.sas, "it is no shared access signature", "it begins with sv= and has a part sig=");
  }
  onSecret(signature);
  return { endpoint, identity: { kind: "sas", parameters } };
}

function ofVariables(env: Environment): Given {
  const value = (name: string) => env[name]?.trim() || undefined;
  return {
    account: checkedAccount(value("AZURE_STORAGE_ACCOUNT"), "AZURE_STORAGE_ACCOUNT"),
    key: value("AZURE_STORAGE_KEY"),
    sas: value("AZURE_STORAGE_SAS_TOKEN"),
    endpoint: value("AZURE_STORAGE_SERVICE_ENDPOINT"),
    names: {
      key: "AZURE_STORAGE_KEY",
      sas: "AZURE_STORAGE_SAS_TOKEN",
      endpoint: "AZURE_STORAGE_SERVICE_ENDPOINT",
    },
  };
}

function ofConnectionString(text: string): Given {
  const name = "AZURE_STORAGE_CONNECTION_STRING";
  const written = new Map(
    text.split(";").filter((part) => part.trim() !== "").map((part) => {
      const equals = part.indexOf("=");
      if (equals < 1) throw unusable(name, "it is no list of NAME=VALUE with semicolons between", CONNECTION_HINT);
      return [part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim()] as const;
    }),
  );
  const isEmulator = written.get("usedevelopmentstorage")?.toLowerCase() === "true";
  const value = (field: keyof typeof EMULATOR | string) =>
    written.get(field.toLowerCase()) || (isEmulator ? (EMULATOR as Record<string, string>)[field] : undefined);
  const account = checkedAccount(value("AccountName"), name);
  const protocol = value("DefaultEndpointsProtocol") ?? "https";
  const suffix = value("EndpointSuffix") ?? SUFFIX;
  return {
    account,
    key: value("AccountKey"),
    sas: value("SharedAccessSignature"),
    endpoint: value("BlobEndpoint") ?? (account && `${protocol}://${account}.blob.${suffix}`),
    names: { key: name, sas: name, endpoint: name },
  };
}

/** An account becomes part of a host's name, so nothing else is taken for one. */
function checkedAccount(account: string | undefined, variable: string): string | undefined {
  if (account === undefined || /^[a-z0-9]{3,24}$/.test(account)) return account;
  throw unusable(variable, "no storage account has such a name", "it has 3 to 24 lower-case letters and digits");
}

function checkedEndpoint(value: string, variable: string): string {
  const endpoint = endpointAddress(value);
  if (endpoint !== undefined) return endpoint;
  throw unusable(variable, "the address of the blob service is not an http or https address", "https://host");
}

function checkedKey(key: string, variable: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.fromBase64(key);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw unusable(variable, "the key is not Base64", "copy it whole: it ends in ==");
  }
}

/** The value is not shown: it may be a secret. */
const unusable = (variable: string, state: string, hint: string): MpError =>
  inputError(`Cannot use ${variable}: ${state}`, hint, "bad_setting");
