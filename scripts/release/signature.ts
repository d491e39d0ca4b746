/** The signature of a release: ECDSA on P-256 over SHA256SUMS, which every OpenSSL and LibreSSL can check. */
import { createPrivateKey, createPublicKey, createSign, createVerify } from "node:crypto";

/** The public half of a private key, both as PEM text. */
export function publicKeyOf(privateKey: string): string {
  return createPublicKey(createPrivateKey(privateKey)).export({ type: "spki", format: "pem" }) as string;
}

/** The detached signature of some bytes, in DER. Throws when the key is not one for P-256. */
export function sign(bytes: Uint8Array, privateKey: string): Uint8Array {
  const key = createPrivateKey(privateKey);
  if (key.asymmetricKeyType !== "ec" || key.asymmetricKeyDetails?.namedCurve !== "prime256v1") {
    throw new Error(
      "Cannot sign: MP_RELEASE_KEY is no private key for P-256 (openssl ecparam -genkey -name prime256v1)",
    );
  }
  return new Uint8Array(createSign("sha256").update(bytes).sign(key));
}

export function isSignedBy(bytes: Uint8Array, signature: Uint8Array, publicKey: string): boolean {
  return createVerify("sha256").update(bytes).verify(publicKey, signature);
}
