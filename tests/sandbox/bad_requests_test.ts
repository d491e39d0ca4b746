import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { createRandom, type Random } from "../../src/sandbox/demo/random.ts";
import { endpoints } from "../../src/sandbox/endpoints.ts";
import { Lab } from "./lab.ts";

/** Values that a field may hold instead of what is meant. */
const VALUES = ["null", "0", "-1", "1e999", '""', '"x"', "true", "[]", "[null]", "[{}]", "{}", '{"a":{}}', "[[1]]"];
/** Names of fields that endpoints read, found in the published spec and the reference. */
const NAMES = [
  "event",
  "events",
  "from_date",
  "to_date",
  "on",
  "where",
  "unit",
  "interval",
  "type",
  "limit",
  "page",
  "session_id",
  "funnel_id",
  "bookmark_id",
  "script",
  "params",
  "distinct_id",
  "distinct_ids",
  "filter_by_cohort",
  "name",
  "description",
  "tags",
  "date",
  "key",
  "status",
  "ruleset",
  "context",
  "token",
  "data",
  "compliance_type",
  "disclosure_type",
  "query",
  "schemas",
  "entityType",
  "schemaJson",
  "schedule",
  "bq_region",
  "s3_bucket",
  "snowflake_share_name",
  "trial",
  "settings",
  "hypothesis",
  "variants",
  "metrics",
  "role",
  "projects",
  "username",
  "id",
  "groups",
  "members",
  "born_event",
  "retention_type",
  "interval_count",
  "addiction_unit",
  "output_properties",
  "behaviors",
  "as_of_timestamp",
  "grant_type",
  "client_id",
  "client_secret",
  "redirect_uri",
  "code",
  "state",
  "response_type",
  "kind",
  "path",
  "times",
  "selector",
  "definition",
  "alternatives",
  "displayFormula",
  "composedProperties",
  "resourceType",
  "customEventId",
  "cohorts",
  "cohort_ids",
];
/** Failures that were recorded of the real server, which the sandbox shows on purpose. */
const RECORDED = /NOT IMPLEMENTED|An unexpected error occurred\. Error ID: 0/;
const BODIES: [type: string, text: string][] = [
  ["application/json", "{}"],
  ["application/json", "[]"],
  ["application/json", "null"],
  ["application/json", '"x"'],
  ["application/json", "{"],
  ["application/json", ""],
  ["application/json", `${"[".repeat(5000)}${"]".repeat(5000)}`],
  ["application/json", `{"a":`.repeat(5000)],
  ["application/x-www-form-urlencoded", "data=e30="],
  ["application/x-www-form-urlencoded", "%%%=%&data=%ff"],
  ["text/csv", 'a,"b\n1'],
  ["text/plain", "\u0000\uffff"],
  ...VALUES.flatMap((value): [string, string][] => [
    ["application/json", `{${NAMES.map((name) => `"${name}":${value}`).join()}}`],
    ["application/json", `[{${NAMES.map((name) => `"${name}":${value}`).join()}}]`],
    ["application/x-www-form-urlencoded", String(new URLSearchParams(NAMES.map((name) => [name, value])))],
  ]),
];
/** And what they may well hold. */
const PLAUSIBLE = [
  '"2026-11-20"',
  '"2026-11-23"',
  '"Page View"',
  '["Page View"]',
  '"day"',
  '"month"',
  '"general"',
  '"unique"',
  "1",
  "7",
  '"properties[\\"plan\\"] == \\"pro\\""',
  '"properties[\\"a\\"]"',
  '"u-1"',
  '["u-1"]',
  '"active"',
  '"enabled"',
  '"GDPR"',
  '"Deletion"',
  '{"variants":[{"key":"on","value":true,"is_control":false,"split":1}],"rollout":[{"rollout_percentage":1}]}',
  '[{"entityType":"event","name":"A","schemaJson":{"properties":{}}}]',
  '{"distinct_id":"u-1"}',
  `"${SANDBOX.token}"`,
  '"function main(){return People()}"',
  '{"operator":"and","children":[{"property":"user","value":"plan","operator":"==","operand":"pro"}]}',
  '{"bhvr_0":{"window":{"unit":"day","value":1},"count":{"event_selector":{"event":"Page View"}}}}',
  '{"behavior":{}}',
  '{"A":{"value":"plan"}}',
  '"events"',
  '"metric"',
  '[{"event":"Page View","window":{"unit":"day","value":1}}]',
  '"authorization_code"',
];
const RANDOM_BODIES = 60;
const PLACES = ["1", "0", "x", "%00", "%ff", "99999999999999999999", "constructor"];

/** Paths of an endpoint: with the ids of the sandbox where its path names them, and with others. */
function pathsOf(prefix: string, path: string): string[] {
  const known = { project_id: SANDBOX.projectId, workspace_id: SANDBOX.workspaceId } as Record<string, unknown>;
  return PLACES.map((place) => (prefix + path).replaceAll(/\{(\w+)\}/g, (_, name) => String(known[name] ?? place)));
}

const any = (random: Random) => random.pick(random.chance(0.7) ? PLAUSIBLE : VALUES);

describe("a bad request", () => {
  for (const { methods, path, surface } of endpoints.filter(({ path }) => path !== "/feed")) {
    const prefix = surface.prefixes[0]!;
    it(`is none of the sandbox's failures: ${methods.join()} ${prefix}${path}`, async () => {
      const lab = new Lab({ jqlRunMs: 1000 });
      const project = `project_id=${SANDBOX.projectId}`;
      const random = createRandom(prefix.length * 1000 + path.length);
      const found: string[] = [];
      const send = async (method: string, url: string, body?: [string, string]) => {
        const { status, text } = await lab.send(url, {
          method,
          ...(body === undefined ? {} : { body: body[1], headers: { "content-type": body[0] } }),
        });
        if (status >= 500 && !RECORDED.test(text)) {
          found.push(`${method} ${url} ${body?.[1].slice(0, 60)}: ${text.slice(0, 200)}`);
        }
      };
      for (const method of methods) {
        const paths = [...new Set(pathsOf(prefix, path))];
        for (const one of paths) await send(method, `${one}?${project}`);
        for (const value of VALUES) {
          const search = new URLSearchParams(NAMES.map((name) => [name, value]));
          await send(method, `${paths[0]}?${search}&${project}`);
        }
        if (method === "GET") continue;
        for (let count = 0; count < RANDOM_BODIES; count++) {
          const members = NAMES.filter(() => random.chance(0.4)).map((name) => `"${name}":${any(random)}`).join();
          await send(method, `${paths[0]}?${project}`, ["application/json", `{${members}}`]);
        }
        for (const body of BODIES) await send(method, `${paths[0]}?${project}`, body);
      }
      assert.deepEqual(found, []);
    });
  }
});
