/** Answers of `/track`, `/engage` and `/groups`: always status 200, and a 1 or a 0. */
import type { SandboxCall } from "../call.ts";
import { jsonAnswer, textAnswer } from "../endpoint.ts";
import type { Fields } from "../fields.ts";
import { stringifyJson } from "../../streams/json/json.ts";

/** A transparent picture of one pixel, as GIF. */
const PIXEL = Uint8Array.from(
  atob("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"),
  (character) => character.charCodeAt(0),
);

/** Answers in the form that the request asked for; `problem` is undefined when the data was taken. */
export function reply({ outcome }: SandboxCall, controls: Fields, problem: string | undefined): Response {
  if (problem !== undefined) outcome.refuseAll(problem);
  const redirect = controls.text("redirect");
  if (redirect !== undefined) return new Response(null, { status: 302, headers: { location: redirect } });
  if (controls.isOn("img")) return new Response(PIXEL, { headers: { "content-type": "image/gif" } });
  const status = problem === undefined ? 1 : 0;
  const verbose = controls.isOn("verbose") ? { error: problem ?? null, status } : undefined;
  const callback = controls.text("callback");
  if (callback !== undefined) {
    return textAnswer(`${callback}(${verbose ? stringifyJson(verbose) : status});`, "text/javascript; charset=utf-8");
  }
  return verbose ? jsonAnswer(verbose) : textAnswer(String(status));
}
