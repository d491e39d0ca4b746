import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ProgramLab } from "../helpers/program_lab.ts";
import { cells, openQueryLab, PROJECT_ID } from "./query_lab.ts";

let lab: ProgramLab;
before(() => void (lab = openQueryLab()));
after(() => lab.stop());

const ALL = `/api/app/projects/${PROJECT_ID}/custom_properties/`;
const run = (...argv: string[]) => lab.sends(["custom-properties", ...argv]);
const NET = ["--of", "events", "--type", "number", "--formula", "A * 0.8", "--event-property", "A=amount:number"];
let id = "";

const refusal = async (...argv: string[]) => {
  const count = lab.requests.length;
  const { code, stderr } = await lab.mp(["custom-properties", ...argv]);
  assert.equal(code, 3, stderr);
  assert.equal(lab.requests.length, count);
  return stderr;
};

describe("custom properties", () => {
  it("are made of a formula and the properties that its letters stand for", async () => {
    const sent = await run("create", "Net", ...NET, "--user-property", "B=plan");
    assert.deepEqual([sent.method, sent.path], ["POST", ALL]);
    assert.deepEqual(JSON.parse(sent.text), {
      name: "Net",
      resourceType: "events",
      displayFormula: "A * 0.8",
      propertyType: "number",
      composedProperties: {
        A: { type: "number", resourceType: "event", value: "amount", label: "amount", propertyDefaultType: "number" },
        B: { type: "string", resourceType: "user", value: "plan", label: "plan", propertyDefaultType: "string" },
      },
    });
    id = String(JSON.parse(sent.stdout).results.customPropertyId);
    assert.deepEqual(cells((await run("list", "-f", "table")).stdout)[0]!.slice(0, 6), [
      ...[id, "Net", "events", "number", "A * 0.8", "A=amount, B=user.plan"],
    ]);
  });

  it("show a mistake in the formula at its place, and send nothing", async () => {
    const wrong = await refusal("create", "X", "--of", "events", "--formula", "A * C", "--event-property", "A=amount");
    assert.match(wrong, /\n {2}A \* C\n {6}\^ C stands for no property\n/);
    assert.match(wrong, /--event-property A=amount/);
    const meant = await refusal(
      "create",
      "X",
      "--of",
      "events",
      "--formula",
      "uper(A)",
      "--event-property",
      "A=amount",
    );
    assert.match(meant, /write --formula 'upper\(A\)'/);
    assert.match(
      await refusal("create", "X", "--of", "events", "--formula", "A", "--event-property", "amount"),
      /A=amount/,
    );
    assert.match(await refusal("validate", "X", "--of", "events", "--formula", "A +"), /The formula ends here/);
    assert.match(await refusal("create", "X", "--formula", "1"), /--of/);
  });

  it("are checked by Mixpanel without being saved", async () => {
    const sent = await run("validate", "Net", ...NET);
    assert.deepEqual([sent.method, sent.path], ["POST", `${ALL}validate/`]);
    assert.equal(JSON.parse((await run("list")).stdout).results.length, 1);
  });

  it("are read, changed and written as a whole", async () => {
    const count = lab.requests.length;
    const { code } = await lab.mp(["custom-properties", "update", id, "--formula", "A * 2"]);
    assert.equal(code, 0);
    const [get, put] = lab.requests.slice(count);
    assert.deepEqual([get!.method, put!.method, put!.path], ["GET", "PUT", `${ALL}${id}/`]);
    const body = JSON.parse(put!.text);
    assert.deepEqual([body.name, body.displayFormula, body.composedProperties.B.value], ["Net", "A * 2", "plan"]);
    assert.equal("customPropertyId" in body || "created" in body, false);
  });

  it("are copied from what is printed", async () => {
    const printed = (await run("get", id)).stdout;
    const sent = await run("create", "Copy", "--data", printed);
    assert.deepEqual([JSON.parse(sent.text).name, JSON.parse(sent.text).displayFormula], ["Copy", "A * 2"]);
    assert.match(await refusal("create", "X", "--data", '{"colour": 1}'), /there is no field "colour"/);
  });

  it("are written without being read with --replace", async () => {
    const body = { name: "Whole", resourceType: "events", displayFormula: "1", composedProperties: {} };
    const sent = await run("update", id, "--replace", "--data", JSON.stringify(body));
    assert.deepEqual(JSON.parse(sent.text), body);
  });

  it("are deleted after a question", async () => {
    assert.notEqual((await lab.mp(["custom-properties", "delete", id])).code, 0);
    const sent = await run("delete", id, "--yes");
    assert.deepEqual([sent.method, sent.path], ["DELETE", `${ALL}${id}/`]);
    assert.equal((await lab.mp(["custom-properties", "get", id])).code, 4);
  });
});
