/** What went wrong at an object store, in words. */
import { type ErrorCategory, MpError } from "../../errors.ts";
import type { NetworkFault } from "../../runtime/network/network_fault.ts";
import { oneLine } from "../../client/wording.ts";
import { parseXml, textOf } from "./xml.ts";

/** What is being done, for a message. */
export interface S3Action {
  /** `read`, `write`, `list` or `remove`. */
  verb: string;
  /** Of the object or the prefix, as the user knows it. */
  address: string;
  /** Where the request goes. */
  host: string;
}

/** The error in an answer. An answer to HEAD has no text, and so no code. */
export interface S3Refusal {
  status: number;
  code?: string;
  message?: string;
  requestId?: string;
  /** Where the bucket is, when it is elsewhere. */
  region?: string;
}

export function refusalOf(status: number, headers: Headers, text: string): S3Refusal {
  const root = parseXml(text);
  const error = root?.name === "Error" ? root : undefined;
  const said = (name: string) => error && oneLine(textOf(error, name) ?? "") || undefined;
  return {
    status,
    code: said("Code"),
    message: said("Message"),
    requestId: oneLine(headers.get("x-amz-request-id") ?? "", 100) || undefined,
    region: regionOf(headers.get("x-amz-bucket-region") ?? said("Region") ?? ""),
  };
}

/** A region becomes part of a host's name, so nothing else is taken for one. */
const regionOf = (text: string): string | undefined => /^[a-z0-9-]{1,64}$/.test(text) ? text : undefined;

/** By the store's own code, or else the status: what kind of failure it is, what to say and what to do. */
export function refusalError(action: S3Action, refusal: S3Refusal): MpError {
  const { status, code, message, requestId } = refusal;
  const known = KNOWN[code ?? ""] ?? byStatus(status);
  const words = code === undefined ? "" : ` (${code}${message === undefined ? "" : `: ${message}`})`;
  return new MpError(`Cannot ${action.verb} ${action.address}: ${known.state(action, status)}${words}`, {
    category: known.category,
    code: `s3_${code ?? status}`,
    hint: known.hint,
    status,
    requestId,
    serverMessage: message,
  });
}

/** Waits for an answer; undefined when the store refuses it with one of these codes. */
export async function unlessRefused<T>(answer: Promise<T>, ...codes: string[]): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof MpError && codes.includes(error.code.replace(/^s3_/, ""))) return undefined;
    throw error;
  }
}

export function faultError(action: S3Action, fault: NetworkFault): MpError {
  const state = FAULTS[fault.kind]?.(action.host) ?? `the network failed: ${oneLine(fault.detail, 200)}`;
  const hint = fault.kind.startsWith("certificate") || fault.kind === "tls"
    ? "a store with an authority of its own: name its PEM file in SSL_CERT_FILE or NODE_EXTRA_CA_CERTS"
    : "check AWS_ENDPOINT_URL and AWS_REGION; is the network up? One that needs a proxy needs HTTPS_PROXY";
  return new MpError(`Cannot ${action.verb} ${action.address}: ${state}`, {
    category: "network",
    code: fault.kind,
    hint: fault.sent && !fault.kind.startsWith("certificate") ? "run the command again" : hint,
    cause: fault,
  });
}

interface Known {
  category: ErrorCategory;
  state: (action: S3Action, status: number) => string;
  hint?: string;
}

const PERMISSIONS =
  "the key needs s3:ListBucket, s3:GetObject, s3:PutObject, s3:DeleteObject and s3:AbortMultipartUpload";
const forbidden: Known = { category: "auth", state: () => "the store does not allow it", hint: PERMISSIONS };
const badKey: Known = {
  category: "auth",
  state: () => "the store does not accept the credentials",
  hint: "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or the profile in AWS_PROFILE",
};
const noBucket: Known = {
  category: "not_found",
  state: ({ host }) => `${host} has no such bucket`,
  hint: "mp makes no buckets; check the name, AWS_REGION and AWS_ENDPOINT_URL",
};
const busy: Known = {
  category: "rate_limited",
  state: () => "the store asks to slow down",
  hint: "run the command again later",
};

const KNOWN: Readonly<Record<string, Known>> = {
  AccessDenied: forbidden,
  AllAccessDisabled: forbidden,
  InvalidAccessKeyId: badKey,
  SignatureDoesNotMatch: badKey,
  InvalidToken: badKey,
  ExpiredToken: { ...badKey, state: () => "the credentials have expired" },
  AuthorizationHeaderMalformed: { ...badKey, hint: "check AWS_REGION" },
  RequestTimeTooSkewed: {
    category: "auth",
    state: () => "the clocks differ too much",
    hint: "set this machine's clock",
  },
  NoSuchBucket: noBucket,
  NoSuchKey: { category: "not_found", state: () => "there is no such object" },
  PermanentRedirect: {
    category: "input",
    state: () => "the bucket is elsewhere",
    hint: "set AWS_REGION to the bucket's region",
  },
  InvalidObjectState: {
    category: "failure",
    state: () => "the object is archived",
    hint: "restore it from the archive first",
  },
  PreconditionFailed: { category: "failure", state: () => "it has changed meanwhile", hint: "run the command again" },
  EntityTooLarge: {
    category: "failure",
    state: () => "it is too large for the store",
    hint: "split the output with --split",
  },
  SlowDown: busy,
  TooManyRequests: busy,
};

function byStatus(status: number): Known {
  if (status === 403) return forbidden;
  if (status === 401) return badKey;
  if (status === 404) return { category: "not_found", state: () => "there is no such object or bucket" };
  if (status === 412) return KNOWN.PreconditionFailed!;
  if (status === 429) return busy;
  const isServers = status >= 500;
  return { category: isServers ? "server" : "failure", state: ({ host }) => `${host} answered ${status}` };
}

const FAULTS: Readonly<Record<string, (host: string) => string>> = {
  unknown_host: (host) => `there is no host ${host}`,
  lookup_failed: (host) => `the name ${host} could not be looked up`,
  refused: (host) => `${host} refused the connection`,
  unreachable: (host) => `${host} cannot be reached`,
  connect_timeout: (host) => `${host} cannot be reached`,
  reset: (host) => `${host} closed the connection before it had answered`,
  cut: (host) => `the answer of ${host} ended early`,
  first_byte_timeout: (host) => `${host} did not answer in time`,
  idle_timeout: (host) => `the answer of ${host} stopped arriving`,
  certificate_expired: (host) => `the certificate of ${host} has expired`,
  certificate_not_yet_valid: (host) => `the certificate of ${host} is not valid yet`,
  certificate_untrusted: (host) => `the certificate of ${host} comes from an unknown authority`,
  certificate_self_signed: (host) => `the certificate of ${host} is self-signed`,
  certificate_name: (host) => `the certificate of ${host} is for another name`,
  tls: (host) => `no secure connection with ${host} could be made`,
  proxy_refused: (host) => `the proxy refused to connect to ${host}`,
  proxy_unreachable: () => "the proxy cannot be reached",
};
