/** `/engage` and `/groups`: updates of profiles, from anyone who knows a project's token. */
import { isoSeconds } from "../../streams/iso_time.ts";
import { isObject } from "../../streams/json/is_object.ts";
import { stringifyJson } from "../../streams/json/json.ts";
import { anyone } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import type { SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { jsonOrUndefined } from "../request_json.ts";
import { USER_GROUP_KEY } from "../store/profiles.ts";
import type { Project } from "../store/projects.ts";
import { ingestionSurface } from "../surfaces.ts";
import { eventTimeMs } from "./event_time.ts";
import { readPayload } from "./payload.ts";
import { applyUpdate, GROUP_OPERATIONS, problemOfUpdate, USER_OPERATIONS } from "./profile_update.ts";
import { reply } from "./reply.ts";

const MOST_UPDATES = 2000;
/** Of one update. */
const MOST_UPDATE_BYTES = 1024 * 1024;

const common = { methods: ["GET", "POST"], surface: ingestionSurface, access: anyone } as const;

export const profileEndpoints: SandboxEndpoint[] = [
  { ...common, path: "/engage", respond: (call) => update(call, user) },
  { ...common, path: "/groups", respond: (call) => update(call, group) },
];

/** Which profile an update is about, or the name of the field that would say so. */
type Target = (update: Record<string, unknown>) => { groupKey: string; id: string } | string;

interface Kind {
  target: Target;
  operations: readonly string[];
}

const user: Kind = {
  operations: USER_OPERATIONS,
  target: (update) => {
    const id = idOf(update.$distinct_id);
    return id === undefined ? "$distinct_id" : { groupKey: USER_GROUP_KEY, id };
  },
};

const group: Kind = {
  operations: GROUP_OPERATIONS,
  target: (update) => {
    const groupKey = idOf(update.$group_key);
    const id = idOf(update.$group_id);
    if (groupKey === undefined) return "$group_key";
    return id === undefined ? "$group_id" : { groupKey, id };
  },
};

/** The Authorization header is not looked at, here as at Mixpanel: only the token in the data counts. */
async function update(call: SandboxCall, kind: Kind): Promise<Response> {
  const { text, controls } = await readPayload(call);
  if (text === "") return reply(call, controls, "data, missing or empty");
  const data = jsonOrUndefined(text);
  if (data === undefined) return reply(call, controls, "data, invalid JSON");
  const updates = Array.isArray(data) ? data : [data];
  if (updates.length > MOST_UPDATES) {
    return reply(call, controls, `data, must not hold more than ${MOST_UPDATES} updates`);
  }
  let problem: string | undefined;
  let accepted = 0;
  // A character has at most three bytes.
  const isLarge = text.length > MOST_UPDATE_BYTES / 3;
  call.store.profiles.change(() => {
    for (const one of updates) {
      const problemHere = isLarge && bytesOf(one) > MOST_UPDATE_BYTES
        ? `data, an update must not be larger than ${MOST_UPDATE_BYTES} bytes`
        : carryOut(one, call, kind);
      if (problemHere === undefined) accepted++;
      else {
        problem ??= problemHere;
        call.outcome.refuse(problemHere);
      }
    }
  });
  return reply(call, controls, accepted > 0 ? undefined : problem ?? "data, missing or empty");
}

/** Carries one update out; returns why it cannot be. */
function carryOut(one: unknown, call: SandboxCall, kind: Kind): string | undefined {
  if (!isObject(one)) return "data, must be an object or a list of objects";
  if (typeof one.$token !== "string" || one.$token === "") return "$token, missing or empty";
  const target = kind.target(one);
  if (typeof target === "string") return `${target}, missing or empty`;
  const problem = problemOfUpdate(one, kind.operations);
  if (problem !== undefined) return problem;
  const project = call.store.projects.projectByToken(one.$token);
  if (project === undefined && call.services.settings.strictTokens) throw new Refusal(401, "$token, no such project");
  // Updates for an unknown token are taken and dropped.
  if (project === undefined) call.outcome.drop(one.$token);
  else {
    write(one, call, project, target.groupKey, target.id);
    for (const name of kind.operations) if (Object.hasOwn(one, name)) call.outcome.operate(name);
  }
  return undefined;
}

function write(
  one: Record<string, unknown>,
  { store: { profiles, identities }, nowMs }: SandboxCall,
  project: Project,
  groupKey: string,
  sentId: string,
): void {
  // An alias stands for whoever has it, but in a deletion that means this very id.
  const isLiteral = groupKey !== USER_GROUP_KEY || (Object.hasOwn(one, "$delete") && isTrue(one.$ignore_alias));
  const id = isLiteral ? sentId : identities.resolve(project.id, sentId);
  const after = applyUpdate(profiles.get(project.id, groupKey, id), one);
  if (after === undefined) {
    profiles.delete(project.id, groupKey, id);
    return;
  }
  if (groupKey !== USER_GROUP_KEY) profiles.dataGroupId(project.id, groupKey);
  else if (!isTrue(one.$ignore_time)) after.$last_seen = isoSeconds(eventTimeMs(one.$time) ?? nowMs);
  profiles.put(project.id, groupKey, id, after);
}

function bytesOf(value: unknown): number {
  return new TextEncoder().encode(stringifyJson(value)).length;
}

function idOf(value: unknown): string | undefined {
  if (typeof value === "string") return value || undefined;
  return typeof value === "number" || typeof value === "bigint" ? String(value) : undefined;
}

/** Some clients write booleans as texts. */
function isTrue(value: unknown): boolean {
  return value === true || value === "true" || value === 1;
}
