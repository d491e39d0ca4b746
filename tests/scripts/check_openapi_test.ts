import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { z } from "zod";
import { checkOpenapi, checkRequest } from "../../scripts/check_openapi.ts";
import { declaredOperation } from "../../scripts/openapi/declared.ts";
import { type PublishedOperation, readPublished } from "../../scripts/openapi/published.ts";
import { get, type Operation, operation, post } from "../../src/api/operation.ts";
import { bit, choice, count, jsonText, repeatedTexts, text, truth } from "../../src/api/params.ts";

const SPEC = `
servers: [{url: "https://{region}.example.com/api/app"}]
security: [{ServiceAccount: []}]
paths:
  /things/{thingId}:
    parameters:
      - {in: path, name: thingId, required: true, schema: {type: integer}}
    get:
      operationId: get-thing
      parameters:
        - {in: query, name: project_id, required: true, schema: {type: integer}}
        - {in: query, name: unit, required: true, schema: {type: string, enum: [day, week]}}
        - $ref: "#/components/parameters/Where"
        - {in: query, name: names, schema: {type: string}}
        - {in: query, name: flag, schema: {type: integer, enum: [0, 1]}}
        - {in: query, name: deep, schema: {type: array, items: {type: string}}}
      responses:
        "200": {content: {application/json: {schema: {$ref: "#/components/schemas/Answer"}}}}
  /things#make:
    post:
      operationId: make-thing
      security: [{ServiceAccount: []}, {OAuthToken: []}]
      requestBody:
        content:
          application/json:
            schema:
              allOf:
                - {type: object, required: [name], properties: {name: {type: string}}}
                - type: object
                  properties:
                    parent: {$ref: "#/components/schemas/Thing"}
                    kind: {type: string, enum: [a, b]}
      responses: {"201": {description: made}}
components:
  parameters:
    Where: {in: query, name: where, schema: {type: string}}
  schemas:
    Answer: {properties: {status: {type: string}, results: {type: object}}}
    Thing: {type: object, required: [size], properties: {size: {type: number}, parent: {$ref: "#/components/schemas/Thing"}}}
`;

const CANCEL = `
servers: [{url: "https://example.com/api/app"}]
security: [{ServiceAccount: []}]
paths:
  /things/cancel:
    post:
      operationId: cancel-thing
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, required: [name], properties: {name: {type: string}, project_id: {type: integer}}}
      responses: {"200": {description: done}}
`;

let published: PublishedOperation[];
let cancelFolder: string;
let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "mp-openapi-"));
  writeFileSync(join(folder, "things.openapi.yaml"), SPEC);
  writeFileSync(join(folder, "README.md"), "not a specification");
  published = readPublished(folder);
  cancelFolder = join(folder, "cancel");
  mkdirSync(cancelFolder);
  writeFileSync(join(cancelFolder, "cancel.openapi.yaml"), CANCEL);
});
after(() => rmSync(folder, { recursive: true, force: true }));

const getThing = operation({
  id: "things.get",
  summary: "show a thing",
  routes: [get("app", "/things/{thing_id}")],
  auth: ["service_account"],
  envelope: true,
  projectIn: "query",
  params: z.object({
    thing_id: count("Which"),
    unit: choice(["day", "week"], "Width").default("day"),
    where: text("Filter").optional(),
    names: jsonText(z.array(z.string()), "Names").optional(),
    flag: bit("On").optional(),
    deep: repeatedTexts("Depths").optional(),
  }),
  result: z.unknown(),
});

const makeThing = operation({
  id: "things.make",
  summary: "make a thing",
  routes: [post("app", "/things/")],
  anchor: "#make",
  auth: ["service_account", "oauth"],
  params: z.object({
    name: text("Name"),
    parent: z.looseObject({ size: z.number(), parent: z.unknown().optional() }).optional(),
    kind: choice(["a", "b"], "Kind").optional(),
  }),
  result: z.unknown(),
});

const check = (one: unknown, other: unknown, known: Parameters<typeof checkOpenapi>[2] = []) =>
  checkOpenapi(published, [one, other].map((each) => declaredOperation(each as Operation)), known);

describe("the contract check", () => {
  it("finds nothing where declaration and specification agree", () => {
    assert.deepEqual(check(getThing, makeThing), {
      published: 2,
      missing: [],
      unexplained: [],
      explained: 0,
      stale: [],
    });
  });

  it("says which published operations are not declared: by path, method and anchor", () => {
    assert.deepEqual(check(getThing, { ...makeThing, anchor: "#other" }).missing, [
      "make-thing (POST /api/app/things#make)",
    ]);
    assert.equal(check({ ...getThing, routes: [post("app", "/things/{id}")] }, makeThing).missing.length, 1);
  });

  it("finds parameters that are missing, added, wrongly required, or of another kind or other values", () => {
    const params = z.object({
      thing_id: count("Which"),
      unit: choice(["day", "month"], "Width").optional(),
      where: text("Filter"),
      names: truth("Names").optional(),
      flag: truth("On").optional(),
      extra: text("Extra").optional(),
    });
    assert.deepEqual(check({ ...getThing, params, projectIn: "none" }, makeThing).unexplained, [
      "things.get: query project_id: not declared, and required",
      "things.get: query unit: published as required",
      "things.get: query unit: also takes month",
      "things.get: query unit: does not take week",
      "things.get: query where: published as optional",
      "things.get: query flag: boolean, published number",
      "things.get: query deep: not declared",
      "things.get: query extra: not published",
    ]);
  });

  it("looks into bodies, and at their form", () => {
    const params = z.object({
      name: text("Name").optional(),
      parent: z.looseObject({ size: z.string() }).optional(),
      kind: text("Kind").optional(),
    });
    assert.deepEqual(check(getThing, { ...makeThing, params }).unexplained, [
      "things.make: body name: published as required",
      "things.make: body parent size: string, published number",
      "things.make: body parent parent: not declared",
      "things.make: body kind: takes any value, published 2 of them",
    ]);
    assert.deepEqual(check(getThing, { ...makeThing, body: { kind: "form" } }).unexplained, [
      "things.make: body: application/x-www-form-urlencoded, published application/json",
    ]);
  });

  it("sees in which place the client adds the project: the query string or the form", () => {
    const cancel = {
      ...makeThing,
      id: "things.cancel",
      routes: [post("app", "/things/cancel")],
      anchor: undefined,
      auth: ["service_account"],
      body: { kind: "form" },
      params: z.object({ name: text("Name") }),
    };
    const found = (projectIn: string) =>
      checkOpenapi(
        readPublished(cancelFolder),
        [declaredOperation({ ...cancel, projectIn } as unknown as Operation)],
        [],
      ).unexplained;
    assert.deepEqual(found("form"), []);
    assert.deepEqual(found("query"), [
      "things.cancel: body project_id: not declared",
      "things.cancel: query project_id: not published",
    ]);
    assert.deepEqual(found("none"), ["things.cancel: body project_id: not declared"]);
  });

  it("compares credentials, envelopes and the order of routes", () => {
    const routes = [get("app", "/old/{id}"), get("app", "/things/{id}")];
    const other = { ...getThing, auth: ["project_secret"], envelope: false, routes };
    const found = check(other, makeThing).unexplained.filter((one) => !one.includes("thing_id"));
    assert.deepEqual(found, [
      "things.get: route: GET /api/app/old/{} is tried before GET /api/app/things/{}",
      "things.get: credentials: service_account is not declared",
      "things.get: credentials: project_secret is not published",
      "things.get: answer: published with an envelope",
    ]);
  });

  it("leaves out what has a reason, and complains about reasons that nothing needs", () => {
    const known = [
      { operation: /^things\.make$/, finding: /^body kind: takes any value/, reason: "because" },
      { operation: /^things\.get$/, finding: /^query where/, reason: "because" },
    ];
    const params = makeThing.params.extend({ kind: text("Kind").optional() });
    const report = check(getThing, { ...makeThing, params }, known);
    assert.deepEqual([report.unexplained, report.explained], [[], 1]);
    assert.deepEqual(report.stale, ["/^things\\.get$/ /^query where/"]);
  });
});

describe("a request that was sent", () => {
  const declared = [getThing, makeThing].map((each) => declaredOperation(each as unknown as Operation));
  const sends = (method: string, address: string, text = "", contentType?: string) => {
    const { pathname, searchParams } = new URL(address, "http://x");
    const query = new Map([...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)]));
    return checkRequest({ method, path: pathname, query, contentType, text }, published, declared);
  };

  it("is as published when its parameters are, however often a list's come", () => {
    assert.deepEqual(sends("GET", "/api/app/things/1?unit=day&project_id=1&flag=1&names=[]&deep=a&deep=b"), []);
    assert.deepEqual(sends("GET", "/api/app/things/1?unit=week&deep=%5B%22a%22%5D"), []);
    const body = '{"name": "a", "kind": "b", "parent": {"size": 12345678901234567890}}';
    assert.deepEqual(sends("POST", "/api/app/things/", body, "application/json"), []);
  });

  it("is not when something is missing, added, of another kind, or none of the values", () => {
    assert.deepEqual(sends("GET", "/api/app/things/1?flag=2&more=1"), [
      "things.get: query unit: published as required",
      "things.get: query flag: also takes 2",
      "things.get: query more: not published",
    ]);
    assert.deepEqual(sends("POST", "/api/app/things", '{"kind": "c", "parent": {"size": "1"}}', "application/json"), [
      "things.make: body name: published as required",
      "things.make: body kind: also takes c",
      "things.make: body parent size: string, published number",
    ]);
    assert.deepEqual(sends("POST", "/api/app/things", "name=a", "application/x-www-form-urlencoded"), [
      "things.make: body: application/x-www-form-urlencoded, published application/json",
    ]);
  });

  it("is not when the project stands in the wrong place", () => {
    const cancel = (query: string[], text: string) =>
      checkRequest(
        {
          method: "POST",
          path: "/api/app/things/cancel",
          query: new Map(query.map((name) => [name, ["1"]])),
          contentType: "application/x-www-form-urlencoded",
          text,
        },
        readPublished(cancelFolder),
        [],
      );
    assert.deepEqual(cancel([], "name=a&project_id=1"), []);
    assert.deepEqual(cancel(["project_id"], "name=a&more=1"), [
      "cancel-thing: query project_id: not published",
      "cancel-thing: body more: not published",
    ]);
  });

  it("is nothing to this check when its endpoint is not published", () => {
    assert.deepEqual(sends("GET", "/api/app/other?x=1"), []);
    assert.deepEqual(sends("PUT", "/api/app/things/1"), []);
  });
});
