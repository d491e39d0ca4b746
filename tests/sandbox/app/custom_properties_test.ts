import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { AppLab } from "./app_lab.ts";

const ALL = `/projects/${SANDBOX.projectId}/custom_properties/`;
const DOUBLE = {
  name: "Double",
  resourceType: "events",
  propertyType: "number",
  displayFormula: "A * 2",
  composedProperties: { A: { type: "number", resourceType: "event", value: "amount" } },
};

describe("custom properties", () => {
  it("are made, listed, shown, replaced and deleted", async () => {
    const lab = new AppLab();
    const made = await lab.post(ALL, DOUBLE);
    assert.equal(made.status, 200);
    const { customPropertyId: id, displayFormula, description } = made.json.results;
    assert.deepEqual([displayFormula, description], ["A * 2", null]);
    assert.equal((await lab.get(ALL)).json.results.length, 1);
    const { propertyType: _type, ...rest } = DOUBLE;
    const replaced = await lab.send("PUT", `${ALL}${id}/`, { ...rest, name: "Twice" });
    assert.deepEqual([replaced.json.results.name, replaced.json.results.propertyType], ["Twice", undefined]);
    assert.deepEqual((await lab.get(`${ALL}${id}/`)).json, replaced.json);
    assert.equal((await lab.send("DELETE", `${ALL}${id}/`)).status, 200);
    assert.equal((await lab.get(`${ALL}${id}/`)).status, 404);
  });

  it("keep what they are properties of", async () => {
    const lab = new AppLab();
    const { customPropertyId: id } = (await lab.post(ALL, { ...DOUBLE, dataGroupId: "7" })).json.results;
    const other = await lab.send("PUT", `${ALL}${id}/`, { ...DOUBLE, resourceType: "people" });
    assert.equal(other.json.error, "resourceType: cannot be changed");
    const group = await lab.send("PUT", `${ALL}${id}/`, { ...DOUBLE, dataGroupId: "8" });
    assert.equal(group.json.results.dataGroupId, "7");
  });

  it("are checked without being saved, by the same rules", async () => {
    const lab = new AppLab();
    const wrong: object[] = [
      { ...DOUBLE, displayFormula: "A * B" },
      { ...DOUBLE, displayFormula: "A *" },
      { ...DOUBLE, displayFormula: undefined },
      { ...DOUBLE, behavior: {} },
      { ...DOUBLE, resourceType: "event" },
      { ...DOUBLE, name: "" },
      { ...DOUBLE, colour: "red" },
      { ...DOUBLE, composedProperties: { A: {} } },
    ];
    for (const body of wrong) {
      for (const path of [`${ALL}validate/`, ALL]) assert.equal((await lab.post(path, body)).status, 400);
    }
    assert.equal((await lab.post(`${ALL}validate/`, DOUBLE)).status, 200);
    assert.deepEqual((await lab.get(ALL)).json.results, []);
  });

  it("are not saved by every plan", async () => {
    const lab = new AppLab({ planLacks: ["custom_properties"] });
    const { status, json } = await lab.post(ALL, DOUBLE);
    assert.deepEqual([status, json.error], [403, "Cannot save custom properties with your current plan"]);
  });
});
