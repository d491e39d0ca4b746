/** How requests to Azure's blob service are signed and addressed, and what its refusals mean. */
import { base64OfHex, md5Hex } from "../../runtime/md5.ts";
import {
  encodeSegment,
  objectUrl,
  type SignedRequest,
  type StoreProtocol,
  type StoreRequest,
} from "../objects/store_client.ts";
import {
  archived,
  badCredentials,
  busy,
  changed,
  clocksDiffer,
  forbidden,
  headerText,
  missingObject,
  noHolder,
  retained,
  type StoreRefusal,
  type StoreWords,
  tooLarge,
  xmlRefusal,
} from "../objects/store_errors.ts";
import type { AzureSettings } from "./azure_settings.ts";

/** Of the protocol: the first in which a list says how names are encoded, so that most stores know it. */
const VERSION = "2021-02-12";
/** The service takes no request that was signed longer ago, or later, than that. */
const MOST_SKEW_MS = 10 * 60_000;

const notAllowed = forbidden(
  "a shared access signature needs the permissions racwdl (read, add, create, write, delete, list) for the container",
);
const badKey = badCredentials(
  "check AZURE_STORAGE_ACCOUNT and AZURE_STORAGE_KEY, AZURE_STORAGE_SAS_TOKEN, or AZURE_STORAGE_CONNECTION_STRING",
);

const AZURE_WORDS: StoreWords = {
  prefix: "azure",
  forbidden: notAllowed,
  badCredentials: badKey,
  connectionHint: "check AZURE_STORAGE_ACCOUNT, or the endpoint of AZURE_STORAGE_CONNECTION_STRING",
  known: {
    AuthorizationFailure: notAllowed,
    AuthorizationPermissionMismatch: notAllowed,
    AuthorizationResourceTypeMismatch: notAllowed,
    AuthorizationServiceMismatch: notAllowed,
    AuthorizationProtocolMismatch: notAllowed,
    InsufficientAccountPermissions: notAllowed,
    NoAuthenticationInformation: badKey,
    InvalidAuthenticationInfo: badKey,
    ResourceNotFound: missingObject,
    KeyBasedAuthenticationNotPermitted: {
      category: "auth",
      state: () => "the account takes no keys",
      hint: "az storage container generate-sas --as-user --auth-mode login makes a AZURE_STORAGE_SAS_TOKEN",
    },
    AccountIsDisabled: { category: "auth", state: () => "the account is disabled" },
    ContainerNotFound: noHolder("container", "check the name and the account"),
    ContainerBeingDeleted: noHolder("container", "it is being deleted"),
    BlobNotFound: missingObject,
    BlobArchived: archived,
    BlobImmutableDueToPolicy: retained,
    LeaseIdMissing: retained,
    SnapshotsPresent: retained,
    ConditionNotMet: changed,
    InvalidBlockList: { ...changed, state: () => "another writer has replaced it meanwhile" },
    InvalidBlobOrBlock: {
      category: "failure",
      state: () => "another program has begun to write it, and has not ended",
      hint: "write to another name; Azure forgets what was begun after a week",
    },
    RequestBodyTooLarge: tooLarge,
    BlockCountExceedsLimit: tooLarge,
    ServerBusy: busy,
  },
};

/** One code stands for a wrong key and a wrong clock, or for a wrong signature and one that has run out. */
const WORDS: Readonly<Record<AzureSettings["identity"]["kind"], StoreWords>> = {
  key: withFailure(({ aheadMs = 0 }) => Math.abs(aheadMs) > MOST_SKEW_MS ? clocksDiffer : badKey),
  sas: withFailure(badCredentials("has the shared access signature run out? Its part se= says when it does")),
};

function withFailure(AuthenticationFailed: StoreWords["known"][string]): StoreWords {
  return { ...AZURE_WORDS, known: { ...AZURE_WORDS.known, AuthenticationFailed } };
}

export class AzureProtocol implements StoreProtocol {
  readonly words: StoreWords;
  readonly passingCodes: ReadonlySet<string> = new Set(["ServerBusy", "InternalError", "OperationTimedOut"]);
  readonly #container: string;
  readonly #settings: AzureSettings;
  #key: Promise<CryptoKey> | undefined;

  constructor(container: string, settings: AzureSettings) {
    this.#container = container;
    this.#settings = settings;
    this.words = WORDS[settings.identity.kind];
  }

  host(): string {
    return new URL(this.#settings.endpoint).host;
  }

  async sign(request: StoreRequest, nowMs: number): Promise<SignedRequest> {
    const { endpoint, identity } = this.#settings;
    const { key, query, body } = request;
    const url = objectUrl(endpoint, { key: key === "" ? this.#container : `${this.#container}/${key}`, query });
    const headers: Record<string, string> = {
      ...request.headers,
      "x-ms-version": VERSION,
      "x-ms-date": new Date(nowMs).toUTCString(),
    };
    if (body !== undefined && body.length > 0) headers["content-md5"] = base64OfHex(md5Hex(body));
    if (identity.kind === "key") {
      const text = textToSign(request, url, headers, identity.account);
      headers.authorization = `SharedKey ${identity.account}:${await this.#signatureOf(text, identity.key)}`;
    } else {
      const pairs = identity.parameters.map(([name, value]) => `${encodeSegment(name)}=${encodeSegment(value)}`);
      url.search = [url.search.slice(1), ...pairs].filter((part) => part !== "").join("&");
    }
    return { url, headers };
  }

  refusalOf(status: number, headers: Headers, text: string): StoreRefusal {
    const refusal = xmlRefusal(status, text);
    return {
      ...refusal,
      // An answer to HEAD has the code in its head alone.
      code: headerText(headers, "x-ms-error-code") ?? refusal.code,
      // After the message follow the request's number and the time.
      message: refusal.message?.replace(/\s*RequestId:.*$/, ""),
      requestId: headerText(headers, "x-ms-request-id"),
    };
  }

  async #signatureOf(text: string, secret: Uint8Array<ArrayBuffer>): Promise<string> {
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    this.#key ??= crypto.subtle.importKey("raw", secret, algorithm, false, ["sign"]);
    const signature = await crypto.subtle.sign("HMAC", await this.#key, new TextEncoder().encode(text));
    return new Uint8Array(signature).toBase64();
  }
}

/** The headers that a signature covers besides those of Azure's own, in their order. */
const SIGNED = [
  ...["content-encoding", "content-language", "content-length", "content-md5", "content-type", "date"],
  ...["if-modified-since", "if-match", "if-none-match", "if-unmodified-since", "range"],
];

/** What an account's key signs, by the rules of "Authorize with Shared Key". */
function textToSign(
  { method, body }: StoreRequest,
  url: URL,
  headers: Readonly<Record<string, string>>,
  account: string,
): string {
  const length = body === undefined || body.length === 0 ? "" : String(body.length);
  const own = Object.keys(headers).filter((name) => name.startsWith("x-ms-")).sort();
  const query = [...url.searchParams].sort(([one], [other]) => one < other ? -1 : 1);
  return [
    method,
    ...SIGNED.map((name) => name === "content-length" ? length : headers[name] ?? ""),
    ...own.map((name) => `${name}:${headers[name]}`),
    `/${account}${url.pathname}`,
    ...query.map(([name, value]) => `${name}:${value}`),
  ].join("\n");
}
