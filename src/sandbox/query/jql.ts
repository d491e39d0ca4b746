/** `/jql`: queries written in JavaScript. */
import { isObject } from "../../streams/json/is_object.ts";
import { stringifyJson } from "../../streams/json/json.ts";
import type { SandboxCall } from "../call.ts";
import type { SandboxEndpoint } from "../endpoint.ts";
import type { Fields } from "../fields.ts";
import { ScriptError } from "../jql/script.ts";
import { runScript } from "../jql/run.ts";
import { Refusal } from "../refusal.ts";
import { report } from "./report.ts";

export const jqlEndpoints: SandboxEndpoint[] = [{ ...report("/jql", query, ["GET", "POST"]), quota: "jql" }];

async function query(call: SandboxCall, fields: Fields): Promise<Response> {
  const script = fields.requiredText("script");
  const params = fields.json("params") ?? {};
  if (!isObject(params)) throw new Refusal(400, "Invalid parameter params: it is not an object");
  const { jqlMemoryBytes: memoryBytes, jqlRunMs: runMs } = call.services.settings;
  try {
    const result = await runScript(call, { script, params: stringifyJson(params) }, { memoryBytes, runMs });
    return new Response(result, { headers: { "content-type": "application/json" } });
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    throw new Refusal(412, `UserVisiblePreconditionFailedError: ${error.message}`);
  }
}
