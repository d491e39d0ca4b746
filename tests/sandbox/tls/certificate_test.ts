import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { describe, it } from "node:test";
import { makeAuthority, makeServerCertificate } from "../../../src/sandbox/tls/certificate.ts";
import { itUnless } from "../../helpers/needs.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";

const folder = temporaryFolder();
const DAY_MS = 86_400_000;
const startMs = Math.floor(Date.now() / 1000) * 1000 - DAY_MS;
const validity = { fromMs: startMs, toMs: startMs + 300 * DAY_MS };
const name = "Test authority";
const authority = await makeAuthority(name, ["allowed.test"], validity);
const issue = (dns: string[]) =>
  makeServerCertificate(
    { title: "Test server", dns, addresses: [Uint8Array.of(127, 0, 0, 1)] },
    { ...authority, name },
    validity,
  );
const noOpenssl = spawnSync("openssl", ["version"]).status !== 0 && "no openssl";

describe("a certificate of an authority", () => {
  it("is one of its own, for its key, and for the days that were asked for", () => {
    const certificate = new X509Certificate(authority.certificate);
    assert.equal(certificate.subject, "CN=Test authority");
    assert.equal(certificate.issuer, "CN=Test authority");
    assert.ok(certificate.ca);
    assert.ok(certificate.verify(certificate.publicKey));
    assert.ok(certificate.checkPrivateKey(createPrivateKey(authority.key)));
    assert.deepEqual([Date.parse(certificate.validFrom), Date.parse(certificate.validTo)], Object.values(validity));
  });
});

describe("a certificate of a server", () => {
  it("is signed by the authority, for the names alone, and vouches for nobody", async () => {
    const { certificate: pem, key } = await issue(["allowed.test", "api.allowed.test"]);
    const certificate = new X509Certificate(pem);
    assert.ok(certificate.verify(new X509Certificate(authority.certificate).publicKey));
    assert.ok(!certificate.verify(certificate.publicKey));
    assert.ok(certificate.checkPrivateKey(createPrivateKey(key)));
    assert.ok(!certificate.ca);
    assert.deepEqual([certificate.subject, certificate.issuer], ["CN=Test server", "CN=Test authority"]);
    assert.equal(
      certificate.subjectAltName,
      "DNS:allowed.test, DNS:api.allowed.test, IP Address:127.0.0.1",
    );
  });

  it("differs from every other in number and key", async () => {
    const [one, other] = await Promise.all([issue(["allowed.test"]), issue(["allowed.test"])]);
    assert.notEqual(
      new X509Certificate(one.certificate).serialNumber,
      new X509Certificate(other.certificate).serialNumber,
    );
    assert.notEqual(one.key, other.key);
  });

  itUnless(
    noOpenssl,
    "is taken by OpenSSL at its strictest, and not for names outside of the authority's",
    async () => {
      const ca = folder.write("ca.pem", authority.certificate);
      const verify = async (dns: string[]) => {
        const path = folder.write("server.pem", (await issue(dns)).certificate);
        const argv = ["verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", ca, path];
        return spawnSync("openssl", argv, { encoding: "utf8" });
      };
      const good = await verify(["allowed.test", "deep.below.allowed.test"]);
      assert.equal(good.status, 0, good.stderr);
      const bad = await verify(["allowed.test", "bank.test"]);
      assert.notEqual(bad.status, 0);
      assert.match(bad.stderr, /permitted subtree violation/);
    },
  );
});
