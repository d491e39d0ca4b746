/** Certificates that the user adds: of authorities to trust, and one of their own to show. */
import { inputError } from "../errors.ts";
import { readFault } from "../runtime/files/file_faults.ts";
import { readTextFile } from "../runtime/files/files.ts";
import type { ClientCertificate } from "../runtime/network/wire.ts";
import type { Environment } from "../runtime/process.ts";
import { readVariable } from "./environment.ts";
import { describeSource, type Sourced } from "./source.ts";

/**
 * The PEM text of all files, or undefined without any.
 *
 * @throws MpError (input) for a file that is not there or holds no certificate: the user wants it to count.
 */
export async function readCertificates(files: readonly Sourced<string>[]): Promise<string | undefined> {
  const paths = new Map(files.map((file) => [file.value, describeSource(file.source)]));
  const texts: string[] = [];
  for (const [path, origin] of paths) {
    const hint = `unset ${origin} to trust the usual authorities`;
    texts.push((await readPem(origin, path, /-----BEGIN /, "certificate", hint)).trimEnd());
  }
  return texts.length === 0 ? undefined : texts.join("\n") + "\n";
}

/** Where the certificate and its key are. */
export interface ClientCertificateFiles {
  certificate: string;
  key: string;
}

/**
 * The files that the environment names, if any.
 *
 * @throws MpError (input) for a key without its certificate.
 */
export function clientCertificateFiles(env: Environment): ClientCertificateFiles | undefined {
  const certificate = readVariable(env, "MP_CLIENT_CERT");
  const key = readVariable(env, "MP_CLIENT_KEY");
  if (certificate !== undefined) return { certificate, key: key ?? certificate };
  if (key === undefined) return undefined;
  throw inputError("Cannot use MP_CLIENT_KEY: MP_CLIENT_CERT does not say whose key it is", "set MP_CLIENT_CERT too");
}

/**
 * The certificate and its key.
 *
 * @throws MpError (input) for a file that is not there, or does not hold what it should. Nothing of it is repeated.
 */
export async function readClientCertificate(
  files: ClientCertificateFiles | undefined,
): Promise<ClientCertificate | undefined> {
  if (files === undefined) return undefined;
  const certificate = await readPem("MP_CLIENT_CERT", files.certificate, /-----BEGIN CERTIFICATE-----/, "certificate");
  const keyVariable = files.key === files.certificate ? "MP_CLIENT_CERT" : "MP_CLIENT_KEY";
  const key = await readPem(keyVariable, files.key, /-----BEGIN [A-Z ]*PRIVATE KEY-----/, "private key");
  if (!key.includes("ENCRYPTED")) return { certificate, key };
  throw inputError(
    `Cannot use ${keyVariable} ${files.key}: the private key is encrypted`,
    "'openssl pkey -in KEY -out PLAIN' takes the passphrase away; keep the file readable by you alone",
  );
}

async function readPem(
  variable: string,
  path: string,
  mark: RegExp,
  what: string,
  hintWhenMissing?: string,
): Promise<string> {
  const text = await readTextFile(path).catch((cause) => {
    throw inputError(`Cannot use ${variable} ${path}: ${readFault(cause) ?? String(cause)}`);
  });
  if (text === undefined) throw inputError(`Cannot use ${variable} ${path}: no such file`, hintWhenMissing);
  if (mark.test(text)) return text;
  throw inputError(`Cannot use ${variable} ${path}: it holds no PEM ${what}`);
}
