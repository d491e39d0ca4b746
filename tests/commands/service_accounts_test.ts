import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import process from "node:process";
import { after, before, describe, it } from "node:test";
import { fileInfo, readTextFile } from "../../src/runtime/files/files.ts";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { loadManagedObjects } from "../../src/sandbox/demo/managed_objects.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { NOW_MS } from "../helpers/world.ts";
import { openStubbed } from "./stubbed.ts";

const PATH = "/api/app/organizations/1/service-accounts";
let lab: ProgramLab;
const files = temporaryFolder();
before(() => {
  lab = openProgramLab();
  loadManagedObjects(lab.store, SANDBOX.projectId, NOW_MS);
});
after(() => lab.stop());

const sends = (...argv: string[]) => lab.sends(["service-accounts", ...argv, "--organization", "1"]);
const mp = (...argv: string[]) => lab.mp(["service-accounts", ...argv]);

describe("mp service-accounts", () => {
  it("lists the organization's, which it finds out by asking", async () => {
    const { method, path, stdout } = await sends("list", "-f", "csv");
    assert.deepEqual([method, path], ["GET", PATH]);
    assert.match(stdout, /^id,username,created,expires,last_used\n1,sandbox\.mp-service-account,2024-01-01T00:00:00,,/);
    const before = lab.requests.length;
    assert.equal((await mp("list", "-f", "csv")).stdout, stdout);
    assert.deepEqual(lab.requests.slice(before).map((one) => one.path), ["/api/app/me", PATH]);
  });

  it("asks which organization is meant when there are several", async () => {
    const { server, mp: run } = await openStubbed();
    server.on("GET", "/api/app/me", {
      json: {
        status: "ok",
        results: { organizations: { 1: { id: 1, name: "One" }, 2: { id: 2, name: "Two" } }, projects: {} },
      },
    });
    const { code, stderr } = await run(["service-accounts", "list"]);
    assert.equal(code, 3);
    assert.match(stderr, /the credentials see 1 \(One\), 2 \(Two\)\nhint: add --organization ID/);
    await server.finish();
  });

  it("shows one, and those of the project with their roles", async () => {
    const { path, stdout } = await sends("get", "2", "--jq", ".username");
    assert.deepEqual([path, stdout], [`${PATH}/2`, "reports.demo2.mp-service-account\n"]);
    assert.equal((await mp("get", "99")).code, 4);
    const members = await lab.sends(["service-accounts", "members", "-f", "tsv"]);
    assert.equal(members.path, `/api/app/projects/${SANDBOX.projectId}/service-accounts`);
    assert.match(members.stdout, /\n4\tagency\.demo4\.mp-service-account\tanalyst\t/);
  });

  it("makes one, and tells its secret once", async () => {
    const { method, path, text, stdout, stderr } = await sends(
      ...["create", "Nightly Export", "--role", "consumer", "--join", `${SANDBOX.projectId}:analyst`],
      ...["--expires", "2027-01-31"],
    );
    assert.deepEqual([method, path], ["POST", PATH]);
    assert.deepEqual(JSON.parse(text), {
      username: "Nightly Export",
      role: "consumer",
      expires: "2027-01-31T00:00:00Z",
      projects: [{ id: SANDBOX.projectId, role: "analyst" }],
    });
    const { id, username, token } = JSON.parse(stdout).results;
    assert.match(username, /^nightly-export\.\w+\.mp-service-account$/);
    assert.equal(stderr, `Made service account ${id}; its secret is not told again\n`);
    const asThem = await lab.mp(["projects", "list", "--jq", ".results.projects | keys[]"], {
      env: { MP_USERNAME: username, MP_SECRET: token },
    });
    assert.deepEqual([asThem.code, asThem.stdout], [0, `${SANDBOX.projectId}\n`]);
  });

  it("keeps the secret in a file that nobody else can read, and shows it nowhere", async () => {
    const path = files.path("importer.secret");
    const { stdout, stderr } = await sends("create", "importer", "--secret-file", path, "-v");
    const secret = (await readTextFile(path))!.trim();
    assert.match(secret, /^\w{32}$/);
    assert.equal((await fileInfo(path))!.mode & 0o777, 0o600);
    assert.doesNotMatch(stdout + stderr, new RegExp(secret));
    assert.equal(JSON.parse(stdout).results.token, "(in the secret file)");
    assert.match(stderr, new RegExp(`its secret is in ${path}`));
  });

  it("writes an answer with a secret to a file that nobody else can read, also over one that others could", async () => {
    const path = files.path("answer.json");
    writeFileSync(path, "old", { mode: 0o644 });
    const { stderr } = await sends("create", "to-a-file", "-o", path);
    assert.match(JSON.parse((await readTextFile(path))!).results.token, /^\w{32}$/);
    assert.equal((await fileInfo(path))!.mode & 0o777, 0o600);
    assert.match(stderr, new RegExp(`^Wrote ${path}, which only you can read$`, "m"));
    const list = files.path("list.json");
    assert.equal((await sends("list", "-o", list)).stderr, `Wrote ${list}\n`);
    assert.equal((await fileInfo(list))!.mode & 0o777, 0o644 & ~process.umask());
  });

  it("makes no account when there is no place for its secret, and leaves no empty file behind", async () => {
    const taken = files.path("importer.secret");
    const before = lab.requests.length;
    for (const path of [taken, files.path("no/such/folder")]) {
      const { code, stderr } = await mp("create", "x", "--organization", "1", "--secret-file", path);
      assert.equal(code, 3);
      assert.match(stderr, /Cannot write the secret to/);
    }
    assert.equal(lab.requests.length, before);
    const unused = files.path("unused.secret");
    const { code } = await mp("create", "x", "--organization", "1", "--join", "77:admin", "--secret-file", unused);
    assert.deepEqual([code, await fileInfo(unused)], [4, undefined]);
    const dry = await mp("create", "x", "--organization", "1", "--secret-file", unused, "--dry-run");
    assert.deepEqual([dry.code, await fileInfo(unused)], [0, undefined]);
    assert.match(dry.stdout, /curl -X POST/);
  });

  it("lets accounts into projects and takes them out", async () => {
    const added = await sends("add-to-project", "2", "3", "--role", "consumer");
    assert.deepEqual([added.method, added.path], ["POST", `${PATH}/add-to-project`]);
    assert.deepEqual(JSON.parse(added.text), {
      projects: [{ id: SANDBOX.projectId, role: "consumer" }],
      service_account_ids: [2, 3],
    });
    assert.equal(lab.store.projects.role(3, SANDBOX.projectId), "consumer");
    const removed = await sends("remove-from-project", "2", "3", "--project-id", String(SANDBOX.projectId), "--yes");
    assert.equal(removed.path, `${PATH}/remove-from-project`);
    assert.deepEqual(JSON.parse(removed.text), {
      projects: [{ id: SANDBOX.projectId, service_account_ids: [2, 3] }],
    });
    assert.equal(lab.store.projects.role(3, SANDBOX.projectId), undefined);
  });

  it("deletes one", async () => {
    assert.equal((await mp("delete", "3", "--organization", "1")).code, 3);
    const { method, path, stderr } = await sends("delete", "3", "--yes");
    assert.deepEqual([method, path, stderr], ["DELETE", `${PATH}/3`, "Deleted service account 3\n"]);
    assert.equal(lab.store.projects.serviceAccountById(3), undefined);
  });

  it("understands the reference's words for an account and its secret", async () => {
    const { server, mp: run } = await openStubbed();
    server.on("POST", PATH, {
      json: { id: "sa_124", name: "New", secret: "sa_secret_xyz", created_at: "2024-01-01T00:00:00Z" },
    });
    server.on("DELETE", `${PATH}/sa_124`, { json: { status: "ok" } });
    const made = await run(["service-accounts", "create", "New", "--organization", "1", "-f", "csv"]);
    assert.equal(made.stdout, "id,username,secret\nsa_124,New,sa_secret_xyz\n");
    assert.equal((await run(["service-accounts", "delete", "sa_124", "--organization", "1", "--yes"])).code, 0);
    await server.finish();
  });

  it("refuses places that are none", async () => {
    const before = lab.requests.length;
    for (const place of ["x", "12:boss", "12:"]) {
      const { code, stderr } = await mp("create", "x", "--organization", "1", "--join", place);
      assert.equal(code, 3);
      assert.match(stderr, /not PROJECT or PROJECT:ROLE\nhint: .*owner, admin, analyst, consumer/);
    }
    assert.equal(lab.requests.length, before);
  });
});
