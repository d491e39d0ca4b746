import { stringifyJson } from "../streams/json/json.ts";
import type { AccessRule } from "./authentication.ts";
import type { SandboxCall, Services } from "./call.ts";
import type { QuotaKey } from "./settings.ts";
import type { Surface } from "./surfaces.ts";

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * One line of the table that the sandbox is: which requests it answers, who may send them, and how. A family of
 * endpoints is one file that exports an array of these.
 */
export interface SandboxEndpoint {
  methods: readonly HttpMethod[];
  /**
   * After the surface's prefix: `/events/top`, `/projects/{project_id}/cohorts`. One that ends in a slash redirects
   * requests without it, as several of the App API's do.
   */
  path: string;
  surface: Surface;
  access: AccessRule;
  /** The quota that a request counts against, when quotas are switched on. */
  quota?: QuotaKey | ((call: SandboxCall) => Promise<QuotaKey | undefined>);
  /** Largest body, uncompressed. Default: 10 MB. */
  mostBodyBytes?: (services: Services) => number;
  /** Answers, or throws Refusal. */
  respond(call: SandboxCall): Response | Promise<Response>;
}

/** An answer in JSON, big integers included. */
export function jsonAnswer(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(stringifyJson(value), { status, headers: { "content-type": "application/json", ...headers } });
}

/** The App API's envelope. */
export function appAnswer(results: unknown, status = 200): Response {
  return jsonAnswer({ status: "ok", results }, status);
}

/** An answer in plain text. */
export function textAnswer(text: string, contentType = "text/plain; charset=utf-8"): Response {
  return new Response(text, { headers: { "content-type": contentType } });
}
