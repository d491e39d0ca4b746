/**
 * The authority whose certificates the sandbox shows. It is made once and kept in a folder, so that a client, a trust
 * store or a browser has to trust it only once. What it signs for a sandbox is never written to a file.
 */
import { MpError } from "../../errors.ts";
import { fileInfo, join, makeFolder, readTextFile, writeFileAtomically } from "../../runtime/files/files.ts";
import { withFileLock } from "../../runtime/files/private_files.ts";
import { writingFile } from "../../runtime/files/write_fault.ts";
import { certificateFacts } from "../../runtime/network/certificate_facts.ts";
import { platform } from "../../runtime/process.ts";
import { type KeyedCertificate, makeAuthority, makeServerCertificate } from "./certificate.ts";
import { MIXPANEL_HOSTS } from "./hosts.ts";

export interface Authority extends KeyedCertificate {
  /** The file that holds its certificate. */
  path: string;
  /** Why one that was there was replaced; undefined when none was. */
  replaced?: string;
}

const NAME = "mp sandbox authority";
const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 3650;
/** Browsers refuse more than 398 days, or 825, of those that they don't know. */
const SERVER_DAYS = 397;
const LOCK_MS = 10_000;
const OTHERS = 0o077;

/**
 * The authority of a folder, made when there is none that can be used.
 *
 * @throws MpError when the folder cannot be written to.
 */
export async function openAuthority(folder: string, nowMs: number): Promise<Authority> {
  const path = join(folder, "ca.pem");
  const keyPath = join(folder, "ca-key.pem");
  const open = async (): Promise<Authority> => {
    const certificate = await readTextFile(path);
    const key = await readTextFile(keyPath);
    const reason = await unusable(certificate, key, keyPath, nowMs);
    if (reason === undefined) return { path, certificate: certificate!, key: key! };
    const domains = ["mixpanel.com", "localhost"];
    const made = await makeAuthority(NAME, domains, { fromMs: nowMs - DAY_MS, toMs: nowMs + AUTHORITY_DAYS * DAY_MS });
    await writeFileAtomically(keyPath, made.key, { mode: 0o600, isOnlyWriter: true });
    await writeFileAtomically(path, made.certificate, { mode: 0o644, isOnlyWriter: true });
    const isFirst = certificate === undefined && key === undefined;
    return { path, ...made, ...(isFirst ? {} : { replaced: reason }) };
  };
  await writingFile(folder, makeFolder(folder, 0o700));
  const lockPath = join(folder, "lock");
  const opened = await writingFile(folder, withFileLock(lockPath, open, { timeoutMs: LOCK_MS }));
  if (opened !== undefined) return opened.value;
  throw new MpError(`Cannot use the authority in ${JSON.stringify(folder)}: another process holds its lock`, {
    category: "failure",
    code: "authority_locked",
    hint: "try again when the other sandbox has started",
  });
}

/** A certificate for this machine's names and Mixpanel's, good for a year at most. */
export async function certificateFor(authority: KeyedCertificate, nowMs: number): Promise<KeyedCertificate> {
  const names = {
    title: "mp sandbox",
    dns: ["localhost", ...MIXPANEL_HOSTS],
    addresses: [Uint8Array.of(127, 0, 0, 1), Uint8Array.from({ length: 16 }, (_, at) => at === 15 ? 1 : 0)],
  };
  const endMs = certificateFacts(authority.certificate)?.toMs ?? Infinity;
  const toMs = Math.min(nowMs + SERVER_DAYS * DAY_MS, endMs);
  const fromMs = nowMs - DAY_MS;
  return await makeServerCertificate(names, { ...authority, name: NAME }, { fromMs, toMs });
}

/** Why an authority cannot be used, to follow "was replaced: "; undefined when it can. */
async function unusable(
  certificate: string | undefined,
  key: string | undefined,
  keyPath: string,
  nowMs: number,
): Promise<string | undefined> {
  if (certificate === undefined || key === undefined) return "one of its files was missing";
  const facts = certificateFacts(certificate);
  if (facts === undefined) return "its file held no certificate";
  if (facts.subject !== `CN=${NAME}` || !facts.isRoot) return "it was not one of mp's";
  if (!facts.belongsTo(key)) return "its key was another's";
  // A sandbox that starts today still works tomorrow.
  if (nowMs + DAY_MS > facts.toMs) return `it expires on ${new Date(facts.toMs).toISOString().slice(0, 10)}`;
  if (nowMs < facts.fromMs) return `it is valid from ${new Date(facts.fromMs).toISOString().slice(0, 10)} only`;
  const mode = (await fileInfo(keyPath))?.mode ?? 0;
  if (platform() !== "win32" && (mode & OTHERS) !== 0) return "other users could read its key";
  return undefined;
}
