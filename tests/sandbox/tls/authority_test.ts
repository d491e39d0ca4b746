import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import process from "node:process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { certificateFor, openAuthority } from "../../../src/sandbox/tls/authority.ts";
import { makeAuthority } from "../../../src/sandbox/tls/certificate.ts";
import { MIXPANEL_HOSTS } from "../../../src/sandbox/tls/hosts.ts";
import { itUnless } from "../../helpers/needs.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";

const NOW_MS = Date.UTC(2026, 10, 23, 12);
const DAY_MS = 86_400_000;
const folder = temporaryFolder();
let count = 0;
const fresh = () => folder.path(`state-${++count}/authority`);
const noModes = process.platform === "win32" && "no permissions of files";

describe("the sandbox's authority", () => {
  it("is made once, and used from then on", async () => {
    const path = fresh();
    const first = await openAuthority(path, NOW_MS);
    assert.equal(first.path, `${path}/ca.pem`);
    assert.equal(first.replaced, undefined);
    assert.equal(readFileSync(first.path, "utf8"), first.certificate);
    assert.deepEqual(await openAuthority(path, NOW_MS + 3000 * DAY_MS), first);
    assert.deepEqual(readdirSync(path).sort(), ["ca-key.pem", "ca.pem", "lock"]);
  });

  itUnless(noModes, "keeps its key for its user alone", async () => {
    const path = fresh();
    const first = await openAuthority(path, NOW_MS);
    assert.equal(statSync(`${path}/ca-key.pem`).mode & 0o777, 0o600);
    assert.equal(statSync(path).mode & 0o777, 0o700);
    chmodSync(`${path}/ca-key.pem`, 0o640);
    const next = await openAuthority(path, NOW_MS);
    assert.equal(next.replaced, "other users could read its key");
    assert.notEqual(next.certificate, first.certificate);
    assert.equal(statSync(`${path}/ca-key.pem`).mode & 0o777, 0o600);
  });

  it("is one for all that start at the same time", async () => {
    const path = fresh();
    const opened = await Promise.all(Array.from({ length: 5 }, () => openAuthority(path, NOW_MS)));
    assert.equal(new Set(opened.map(({ certificate }) => certificate)).size, 1);
    assert.ok(opened.every(({ replaced }) => replaced === undefined));
  });

  it("is replaced with a reason when it cannot be used", async () => {
    const path = fresh();
    const { certificate, key } = await openAuthority(path, NOW_MS);
    const put = (file: string, text: string) => writeFileSync(`${path}/${file}`, text);
    const fixture = readFileSync(fileURLToPath(new URL("../../fixtures/tls/ca.pem", import.meta.url)), "utf8");
    const days = { fromMs: NOW_MS - DAY_MS, toMs: NOW_MS + DAY_MS };
    const namesake = await makeAuthority("mp sandbox authority", ["mixpanel.com"], days);
    const cases: [string, number, () => void][] = [
      ["it expires on 2036-11-20", NOW_MS + 3650 * DAY_MS, () => {}],
      ["it expires on 2036-11-20", NOW_MS + 4000 * DAY_MS, () => {}],
      ["it is valid from 2026-11-22 only", NOW_MS - 30 * DAY_MS, () => {}],
      ["it was not one of mp's", NOW_MS, () => put("ca.pem", fixture)],
      ["its file held no certificate", NOW_MS, () => put("ca.pem", certificate.slice(0, 100))],
      ["its file held no certificate", NOW_MS, () => put("ca.pem", "")],
      ["its key was another's", NOW_MS, () => put("ca.pem", namesake.certificate)],
      ["its key was another's", NOW_MS, () => put("ca-key.pem", "")],
      ["one of its files was missing", NOW_MS, () => rmSync(`${path}/ca-key.pem`)],
      ["one of its files was missing", NOW_MS, () => rmSync(`${path}/ca.pem`)],
    ];
    for (const [reason, nowMs, spoil] of cases) {
      put("ca.pem", certificate);
      put("ca-key.pem", key);
      spoil();
      const next = await openAuthority(path, nowMs);
      assert.equal(next.replaced, reason);
      assert.deepEqual(await openAuthority(path, nowMs), {
        path: next.path,
        certificate: next.certificate,
        key: next.key,
      });
    }
  });

  it("is a fault of the folder, in words, when that cannot be written to", async () => {
    const file = folder.write("file", "");
    await assert.rejects(openAuthority(`${file}/authority`, NOW_MS), /^MpError: Cannot write ".*authority": /);
  });
});

describe("a sandbox's certificate", () => {
  it("is for this machine and all of Mixpanel's hosts, for 397 days, and never longer than the authority", async () => {
    const authority = await openAuthority(fresh(), NOW_MS);
    const made = new X509Certificate((await certificateFor(authority, NOW_MS)).certificate);
    assert.equal(Date.parse(made.validTo), NOW_MS + 397 * DAY_MS);
    for (const name of ["localhost", ...MIXPANEL_HOSTS]) assert.equal(made.checkHost(name), name);
    for (const address of ["127.0.0.1", "::1"]) assert.ok(made.checkIP(address), address);
    assert.equal(made.checkHost("example.com"), undefined);
    const late = new X509Certificate((await certificateFor(authority, NOW_MS + 3600 * DAY_MS)).certificate);
    assert.equal(late.validTo, new X509Certificate(authority.certificate).validTo);
  });
});
