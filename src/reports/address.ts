/**
 * Addresses of the web page that name a report: what people copy from the browser.
 *
 *     https://{|eu.|in.}mixpanel.com/project/{pid}[/view/{wid}]/app/{app}#…
 *     https://mixpanel.com/report/{pid}[/view/{wid}]/{app}/#…              the older form
 *
 * After the `#` stand a link's twelve characters, `report/{id}` with perhaps unsaved changes in JSURL, `id={board}`, or
 * all params in JSURL.
 */
import { inputError } from "../errors.ts";
import { isObject } from "../streams/json/is_object.ts";
import { parseJsurl } from "./jsurl.ts";
import type { Json } from "./report.ts";

/** What an address names. */
export interface ReportAddress {
  /** Undefined for a host that is none of Mixpanel's: an emulator, or a gateway. */
  region?: "us" | "eu" | "in";
  /** With the port, where there is one. */
  host: string;
  project: string;
  workspace?: string;
  app: ReportApp;
  target: ReportTarget;
}

export type ReportTarget =
  /** A report link, whose stored kind counts, and not the app. */
  | { kind: "link"; slug: string }
  /** A saved report, with changes that nobody has saved. */
  | { kind: "saved"; id: string; changes?: Json }
  /** One report on a board, perhaps with unsaved changes behind a link. */
  | { kind: "card"; board: string; id?: string; slug?: string }
  | { kind: "params"; params: Json };

const REPORT_APPS = ["insights", "funnels", "retention", "flows", "impact", "boards"] as const;
export type ReportApp = typeof REPORT_APPS[number];

const HOSTS: Readonly<Record<string, NonNullable<ReportAddress["region"]>>> = {
  "mixpanel.com": "us",
  "www.mixpanel.com": "us",
  "mixpanel.org": "us",
  "eu.mixpanel.com": "eu",
  "in.mixpanel.com": "in",
};
const SLUG = /^[a-zA-Z0-9_-]{12}$/;

/** @throws MpError (input) for what names no report, with what to paste instead. */
export function parseAddress(text: string): ReportAddress {
  const url = urlOf(text);
  const region = Object.hasOwn(HOSTS, url.hostname) ? HOSTS[url.hostname] : undefined;
  const parts = url.pathname.split("/").filter((part) => part !== "");
  if (parts[0] === "s") {
    throw unusable(
      text,
      "a short link opens only in a browser that is signed in",
      "open it, and paste the address that it leads to",
    );
  }
  const [, project, , workspace, app] =
    /^(?:project|report)\/(\d+)(\/view\/(\d+))?(?:\/app)?\/(\w+)$/.exec(parts.join("/")) ?? [];
  const known = REPORT_APPS.find((one) => one === app);
  if (project === undefined || known === undefined) {
    throw unusable(
      text,
      "it names no report",
      "paste one such as https://mixpanel.com/project/ID/app/insights#report/ID",
    );
  }
  const fragment = decoded(url.hash.slice(1)).replace(/^\/+/, "");
  const target = known === "boards" ? cardOf(text, fragment) : targetOf(text, fragment);
  return {
    ...(region !== undefined && { region }),
    host: url.host,
    project,
    ...(workspace !== undefined && { workspace }),
    app: known,
    target,
  };
}

function urlOf(text: string): URL {
  // What stands in for `#` where an address was put into another.
  const whole = text.includes("#") ? text : text.replace(/%23/i, "#");
  try {
    return new URL(/^https?:\/\//i.test(whole) ? whole : `https://${whole}`);
  } catch (error) {
    // expected: a text that is no address
    if (error instanceof TypeError) {
      throw unusable(text, "it is not an address", "quote it for the shell: mp query 'https://…'");
    }
    throw error;
  }
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch (error) {
    // expected: a percent sign that stands for itself
    if (error instanceof URIError) return fragment;
    throw error;
  }
}

function targetOf(text: string, fragment: string): ReportTarget {
  if (fragment.startsWith("~")) return { kind: "params", params: paramsOf(text, fragment) };
  if (SLUG.test(fragment)) return { kind: "link", slug: fragment };
  const [, id, rest = ""] = /^(?:report|view|segmentation-report)\/(\d+)(.*)$/s.exec(fragment) ?? [];
  if (id === undefined) {
    throw unusable(text, "it names no report after the #", "open the report, and copy the address again");
  }
  const at = rest.indexOf("~(");
  return { kind: "saved", id, ...(at >= 0 && { changes: paramsOf(text, rest.slice(at)) }) };
}

function cardOf(text: string, fragment: string): ReportTarget {
  const fields = new URLSearchParams(fragment);
  const board = fields.get("id");
  const slug = fields.get("edited-bookmark") ?? undefined;
  const [, id] = /^"?report-(\d+)"?$/.exec(fields.get("editor-card-id") ?? "") ?? [];
  if (board === null || !/^\d+$/.test(board) || (id === undefined && slug === undefined)) {
    throw unusable(
      text,
      "it names a board, and none of its reports",
      "open the report on the board, or see 'mp boards run'",
    );
  }
  return { kind: "card", board, ...(id !== undefined && { id }), ...(slug !== undefined && { slug }) };
}

function paramsOf(text: string, jsurl: string): Json {
  try {
    const params = parseJsurl(jsurl);
    if (isObject(params)) return params;
  } catch (error) {
    // expected: an address that was cut
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw unusable(text, "the report after the ~ cannot be read", "copy the whole address, and quote it for the shell");
}

/** Where the web page shows a report, after the host. A link to funnels and retention has the app of insights. */
export function reportPath(
  { project, workspace, app, target }: Pick<ReportAddress, "project" | "workspace" | "app"> & {
    target: { slug: string } | { id: string };
  },
): string {
  const view = workspace === undefined ? "" : `/view/${workspace}`;
  const fragment = "slug" in target ? target.slug : app === "funnels" ? `view/${target.id}` : `report/${target.id}`;
  return `/project/${project}${view}/app/${app}#${fragment}`;
}

function unusable(text: string, state: string, hint: string): Error {
  const shown = text.length > 100 ? `${text.slice(0, 97)}…` : text;
  return inputError(`Cannot use ${JSON.stringify(shown)}: ${state}`, hint, "bad_address");
}
