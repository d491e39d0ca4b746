/** Recordings of sessions: signed addresses, and the files behind them, as a content network serves them. */
import { sha256Hex } from "../../runtime/hash.ts";
import { anyone, appUser } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { appSurface, controlsSurface } from "../surfaces.ts";
import { readBody } from "./body.ts";

/** The kind of saved objects that recordings are. */
export const RECORDED_SESSION = "recording";

/** A recording as it is saved; its files are made when they are asked for. */
export interface SavedRecording {
  id: string;
  env: "prod" | "dev";
  /** For how many days it is kept: a part of its files' names. */
  retention: 1 | 7 | 30 | 90;
  files: number;
  startedMs: number;
  /** Where it was made. */
  page: string;
}

/** How long an address can be used. */
const LIFETIME_SECONDS = 300;
const MOST_SIGNED = 50;
/** What one file has of a recording. */
const FILE_MS = 10_000;

export const recordingEndpoints: SandboxEndpoint[] = [
  {
    methods: ["POST"],
    path: "/projects/{project_id}/replays/sign/bulk",
    surface: appSurface,
    access: appUser,
    respond: sign,
  },
  // The address is the secret: it comes without credentials.
  {
    methods: ["GET"],
    path: "/recordings/{project_id}/{replay_id}/{file}",
    surface: controlsSurface,
    access: anyone,
    respond: file,
  },
];

/** Whether there is such a recording shows only when it is loaded. */
async function sign(call: SandboxCall): Promise<Response> {
  const body = await readBody(call);
  const wanted = body.objects("replays");
  if (wanted === undefined) throw body.refusal("replays", "this field is required");
  if (wanted.length > MOST_SIGNED) throw body.refusal("replays", `must not have more than ${MOST_SIGNED} items`);
  const expires = Math.floor(call.nowMs / 1000) + LIFETIME_SECONDS;
  return appAnswer(wanted.map((one) => {
    const id = one.requiredText("replay_id");
    one.choice("replay_env", ["prod", "dev"]);
    const url = `${call.url.origin}/sandbox/recordings/${call.project.id}/${encodeURIComponent(id)}/`;
    const query = new URLSearchParams({
      URLPrefix: btoa(url),
      Expires: String(expires),
      KeyName: "sandbox",
      Signature: signatureOf(call.project.secret, id, expires),
    });
    return { replay_id: id, url, query_string: query.toString() };
  }));
}

const signatureOf = (secret: string, id: string, expires: number): string =>
  sha256Hex(JSON.stringify([secret, id, expires]));

/** 403 for an address that has run out, 404 for a file after the last. */
function file(call: SandboxCall): Response {
  const { project_id: projectId, replay_id: id, file: name } = call.path as Record<string, string>;
  const project = call.store.projects.projects().find((one) => String(one.id) === projectId);
  const expires = Number(call.url.searchParams.get("Expires"));
  const isGenuine = project !== undefined &&
    call.url.searchParams.get("Signature") === signatureOf(project.secret, id!, expires);
  if (!isGenuine || expires * 1000 <= call.nowMs) throw new Refusal(403, "the signature is wrong or has expired");
  const recording = call.store.savedObjects.list<SavedRecording>(project.id, RECORDED_SESSION)
    .find(({ body }) => body.id === id)?.body;
  const [, number, retention] = /^(\d{4})-(\d+)\.json$/.exec(name!) ?? [];
  const isThere = recording !== undefined && Number(retention) === recording.retention &&
    Number(number) < recording.files;
  if (!isThere) throw new Refusal(404, "there is no such file");
  return jsonAnswer(eventsOf(recording, Number(number)));
}

/** In the form of rrweb: a page, and the ways of a mouse on it. */
function eventsOf({ startedMs, page }: SavedRecording, number: number): unknown[] {
  const timestamp = startedMs + number * FILE_MS;
  const first = [
    { type: 4, data: { href: page, width: 1280, height: 720 }, timestamp },
    {
      type: 2,
      data: {
        node: { type: 0, childNodes: [{ type: 2, tagName: "html", attributes: {}, childNodes: [], id: 2 }], id: 1 },
        initialOffset: { left: 0, top: 0 },
      },
      timestamp: timestamp + 1,
    },
  ];
  const moves = [1, 2, 3].map((step) => ({
    type: 3,
    data: { source: 1, positions: [{ x: 100 * step, y: 50 * (number + 1), id: 2, timeOffset: 0 }] },
    timestamp: timestamp + step * 2000,
  }));
  return number === 0 ? [...first, ...moves] : moves;
}
