import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { Lab, type LabRequest } from "../lab.ts";

const PATH = `/lookup-tables/${SANDBOX.lookupTableId}?project_id=${SANDBOX.projectId}`;
const put = (lab: Lab, body: string | Uint8Array<ArrayBuffer>, options: LabRequest = {}, path = PATH) =>
  lab.send(path, { method: "PUT", body, ...options, headers: { "content-type": "text/csv", ...options.headers } });
const stored = (lab: Lab) => lab.store.lookupTables.csv(SANDBOX.projectId, SANDBOX.lookupTableId);

describe("/lookup-tables", () => {
  it("lists the tables of the project", async () => {
    const lab = new Lab();
    const { json } = await lab.send(`/lookup-tables?project_id=${SANDBOX.projectId}`);
    assert.deepEqual(json, { code: 200, status: "OK", results: [{ id: SANDBOX.lookupTableId, name: "Products" }] });
  });

  it("wants credentials that are a secret", async () => {
    const lab = new Lab();
    assert.equal((await put(lab, "k\n", { auth: "" })).status, 401);
    const byToken = await put(lab, "k\n", { auth: `${SANDBOX.token}:` });
    assert.deepEqual(byToken.json, { code: 401, error: "Invalid credentials", status: "Unauthorized" });
    const bySecret = await put(lab, "k\n", { auth: `${SANDBOX.secret}:` }, PATH.split("?")[0]);
    assert.deepEqual(bySecret.json, { code: 200, status: "OK" });
  });

  it("replaces all rows, plain or gzip", async () => {
    const lab = new Lab();
    const csv = 'id,name\n1,"a, b"\n2,\n';
    assert.deepEqual((await put(lab, csv)).json, { code: 200, status: "OK" });
    assert.equal(stored(lab), csv);
    const stream = new Blob(["id\n9\n"]).stream().pipeThrough(new CompressionStream("gzip"));
    const zipped = new Uint8Array(await new Response(stream).arrayBuffer());
    await put(lab, zipped, { headers: { "content-encoding": "gzip" } });
    assert.equal(stored(lab), "id\n9\n");
  });

  it("refuses a table as a whole and names at most ten of its rows", async () => {
    const lab = new Lab();
    await put(lab, "id\n1\n");
    const { status, json } = await put(lab, "id,name\n1,a\n1,b\n ,c\n3\n");
    assert.equal(status, 400);
    assert.deepEqual(json, {
      code: 400,
      error: "Some data points in the request failed validation.",
      status: "Bad Request",
      failed_records: [
        { index: 2, message: "invalid row: row indexes 1 and 2 have the same primary key" },
        { index: 3, message: "primary key is required and cannot be blank" },
        { index: 4, message: "invalid row: wrong number of fields" },
      ],
    });
    const many = await put(lab, "id\n" + '""\n'.repeat(12));
    assert.equal(many.json.failed_records.length, 10);
    for (const bad of ["", "id,id\n", 'id\n"1\n']) assert.equal((await put(lab, bad)).status, 400, bad);
    assert.equal(stored(lab), "id\n1\n");
  });

  it("knows no table of another id, and says so with a code of 200", async () => {
    const lab = new Lab();
    const { status, json } = await put(lab, "id\n", {}, `/lookup-tables/none?project_id=${SANDBOX.projectId}`);
    assert.equal(status, 404);
    assert.deepEqual(json, { code: 200, error: "Lookup table with id 'none' was not found.", status: "Not Found" });
  });

  it("takes as many replacements a day as its quota says", async () => {
    const lab = new Lab({ quotas: { lookup_tables: { perDay: 2 } } });
    for (const expected of [200, 200, 429]) assert.equal((await put(lab, "id\n")).status, expected);
    lab.clock.advance(86_400_000);
    assert.equal((await put(lab, "id\n")).status, 200);
  });
});
