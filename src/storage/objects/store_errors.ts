/** What went wrong at an object store, in words. */
import { type ErrorCategory, MpError } from "../../errors.ts";
import type { NetworkFault } from "../../runtime/network/network_fault.ts";
import { FAULT_STATES } from "../../client/network_errors.ts";
import { oneLine } from "../../client/wording.ts";
import { parseXml, textOf } from "./xml.ts";

/** What is being done, for a message. */
export interface StoreAction {
  /** `read`, `write`, `list` or `remove`. */
  verb: string;
  /** Of the object or the prefix, as the user knows it. */
  address: string;
  /** Where the request goes. */
  host: string;
}

/** The error in an answer. An answer to HEAD has no text, and so often no code. */
export interface StoreRefusal {
  status: number;
  code?: string;
  message?: string;
  requestId?: string;
  /** By how much the store's clock is ahead of this machine's, in milliseconds. */
  aheadMs?: number;
  /** Where the bucket is, when it is elsewhere. */
  region?: string;
}

/** A kind of refusal: what to say and what to do. */
export interface RefusalKind {
  category: ErrorCategory;
  state: (action: StoreAction, status: number) => string;
  hint?: string;
}

/** How a store's errors are told. */
export interface StoreWords {
  /** What the codes of its errors begin with. */
  prefix: string;
  /** By the store's own codes. */
  known: Readonly<Record<string, RefusalKind | ((refusal: StoreRefusal) => RefusalKind)>>;
  /** For statuses without a known code. */
  forbidden: RefusalKind;
  badCredentials: RefusalKind;
  /** For a store that cannot be reached. */
  connectionHint: string;
}

/** The error as S3, Google and Azure alike write it: an element `Error` with `Code` and `Message`. */
export function xmlRefusal(status: number, text: string): StoreRefusal {
  const root = parseXml(text);
  const error = root?.name === "Error" ? root : undefined;
  const said = (name: string) => error && oneLine(textOf(error, name) ?? "") || undefined;
  return { status, code: said("Code"), message: said("Message"), region: said("Region") };
}

/** A header in the words of a message. */
export const headerText = (headers: Headers, name: string): string | undefined =>
  oneLine(headers.get(name) ?? "", 100) || undefined;

/** By the store's own code, or else the status: what kind of failure it is, what to say and what to do. */
export function refusalError(words: StoreWords, action: StoreAction, refusal: StoreRefusal): MpError {
  const { status, code, message, requestId } = refusal;
  const kind = words.known[code ?? ""] ?? byStatus(words, status);
  const known = typeof kind === "function" ? kind(refusal) : kind;
  const detail = code === undefined ? "" : ` (${code}${message === undefined ? "" : `: ${message}`})`;
  return new MpError(`Cannot ${action.verb} ${action.address}: ${known.state(action, status)}${detail}`, {
    category: known.category,
    code: `${words.prefix}_${code ?? status}`,
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
    if (error instanceof MpError && codes.includes(error.code.replace(/^[a-z0-9]+_/, ""))) return undefined;
    throw error;
  }
}

export function faultError(words: StoreWords, action: StoreAction, fault: NetworkFault): MpError {
  const state = FAULT_STATES[fault.kind]?.(action.host) ?? `the network failed: ${oneLine(fault.detail, 200)}`;
  const hint = fault.kind.startsWith("certificate") || fault.kind === "tls"
    ? "a store with an authority of its own: name its PEM file in SSL_CERT_FILE or NODE_EXTRA_CA_CERTS"
    : `${words.connectionHint}; is the network up? One that needs a proxy needs HTTPS_PROXY`;
  return new MpError(`Cannot ${action.verb} ${action.address}: ${state}`, {
    category: "network",
    code: fault.kind,
    hint: fault.sent && !fault.kind.startsWith("certificate") ? "run the command again" : hint,
    cause: fault,
  });
}

/** An answer that is none of those that a store gives. */
export function unexpectedAnswer(action: Omit<StoreAction, "host">, state: string, hint?: string): MpError {
  return new MpError(`Cannot ${action.verb} ${action.address}: ${state}`, {
    category: "server",
    code: "unexpected_answer",
    hint,
  });
}

export const busy: RefusalKind = {
  category: "rate_limited",
  state: () => "the store asks to slow down",
  hint: "run the command again later",
};
export const changed: RefusalKind = {
  category: "failure",
  state: () => "it has changed meanwhile",
  hint: "run the command again",
};
export const missingObject: RefusalKind = { category: "not_found", state: () => "there is no such object" };
export const clocksDiffer: RefusalKind = {
  category: "auth",
  state: () => "the clocks differ too much",
  hint: "set this machine's clock",
};
export const tooLarge: RefusalKind = {
  category: "failure",
  state: () => "it is too large for the store",
  hint: "split the output with --split",
};
export const archived: RefusalKind = {
  category: "failure",
  state: () => "the object is archived",
  hint: "restore it from the archive first",
};
export const retained: RefusalKind = {
  category: "failure",
  state: () => "the object must not be changed for a while",
  hint: "write to another name",
};
export const forbidden = (hint: string): RefusalKind => ({
  category: "auth",
  state: () => "the store does not allow it",
  hint,
});
export const badCredentials = (hint: string): RefusalKind => ({
  category: "auth",
  state: () => "the store does not accept the credentials",
  hint,
});
export const noHolder = (holder: string, hint: string): RefusalKind => ({
  category: "not_found",
  state: ({ host }) => `${host} has no such ${holder}`,
  hint: `mp makes no ${holder}s; ${hint}`,
});

function byStatus(words: StoreWords, status: number): RefusalKind {
  if (status === 403) return words.forbidden;
  if (status === 401) return words.badCredentials;
  if (status === 404) return { category: "not_found", state: () => "there is no such object or bucket" };
  if (status === 412) return changed;
  if (status === 429) return busy;
  const isServers = status >= 500;
  return { category: isServers ? "server" : "failure", state: ({ host }) => `${host} answered ${status}` };
}
