/** What a certificate says. */
import { createPrivateKey, X509Certificate } from "node:crypto";

export interface CertificateFacts {
  /** `CN=…`, and a line for each other part of its name. */
  subject: string;
  /** Whether it may vouch for others, and nobody but its own key vouches for it. */
  isRoot: boolean;
  fromMs: number;
  toMs: number;
  /** Whether a private key, as PEM, is that of the certificate. */
  belongsTo(key: string): boolean;
}

/** Reads a certificate as PEM; undefined for a text that is none. */
export function certificateFacts(pem: string): CertificateFacts | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch { // expected: the error of the runtime's parser for what is no certificate, which differs between runtimes
    return undefined;
  }
  return {
    subject: certificate.subject,
    isRoot: certificate.ca && certificate.verify(certificate.publicKey),
    fromMs: Date.parse(certificate.validFrom),
    toMs: Date.parse(certificate.validTo),
    belongsTo(key) {
      try {
        return certificate.checkPrivateKey(createPrivateKey(key));
      } catch { // expected: the error of the runtime's parser for what is no private key, which belongs to nothing
        return false;
      }
    },
  };
}
