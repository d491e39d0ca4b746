/** The two projects of a copy. */
import { familyUrl } from "../../client/hosts.ts";
import type { Client } from "../../client/types.ts";
import { inputError, MpError } from "../../errors.ts";
import { join } from "../../runtime/files/files.ts";
import { sha256Hex } from "../../runtime/hash.ts";
import { stringifyJson } from "../../streams/json/json.ts";
import { projectOf } from "../export/query.ts";
import type { CopyIdentity, ProjectAddress } from "./copy_state.ts";
import type { CopyEvents } from "./copy_events.ts";
import type { GroupType } from "./copy_profiles.ts";

/** What of a project is copied. */
export interface WantedCopy {
  /** Unset: no events. */
  events?: Pick<CopyEvents, "from" | "to" | "named" | "event" | "where" | "skipIdentity" | "timeZone">;
  profiles: boolean;
  groups: readonly GroupType[];
  lexicon: boolean;
  annotations: boolean;
}

export function addressOf({ connection }: Client): ProjectAddress {
  return { host: new URL(familyUrl("export", connection)).host, project: projectOf(connection) ?? "" };
}

/** What makes this copy the same one when it is typed again. */
export function identityOf(source: Client, target: Client, wanted: WantedCopy): CopyIdentity {
  // Parts may be added to a copy; what they are called is enough to tell them apart.
  return {
    source: addressOf(source),
    target: addressOf(target),
    recipe: wanted.events ? recipeOf(wanted.events) : null,
  };
}

/** Days that are named by today are others tomorrow; the copy is the same. */
function recipeOf({ from, to, named, ...recipe }: NonNullable<WantedCopy["events"]>): unknown {
  return { days: named ?? `${from} to ${to}`, ...recipe };
}

/** Where a copy keeps what is on its way, so that the same command finds it. */
export function copyFolder(stateFolder: string, source: Client, target: Client, wanted: WantedCopy): string {
  const identity = stringifyJson(identityOf(source, target, wanted));
  return join(stateFolder, "copies", sha256Hex(identity).slice(0, 24));
}

/**
 * @param ownsToken whether the target's token is surely that of its project: it alone says where profiles go
 * @throws MpError (input) when both are one project or one is not known, (auth) when profiles are to be written and the
 * target's token is not known.
 */
export function checkProjects(source: Client, target: Client, wanted: WantedCopy, ownsToken: boolean): void {
  const from = addressOf(source);
  const to = addressOf(target);
  for (const [side, { project }] of [["source", from], ["target", to]] as const) {
    if (project !== "") continue;
    throw inputError(
      `Cannot copy: no project is set for the ${side}`,
      `add --${side}-project ID`,
      "missing_project_id",
    );
  }
  if (from.host === to.host && from.project === to.project) {
    throw inputError(
      `Cannot copy project ${from.project} to itself`,
      "name two accounts with --source and --target, or another project with --target-project",
      "same_project",
    );
  }
  const writesProfiles = wanted.profiles || wanted.groups.length > 0;
  const token = target.connection.credentials.projectToken;
  const isSources = token !== undefined && token === source.connection.credentials.projectToken;
  if (!writesProfiles || (ownsToken && !isSources)) return;
  throw new MpError("Cannot copy profiles: the project token of the target is not known", {
    category: "auth",
    code: "missing_credentials",
    hint: "name an account with --target that has both the project and its token ('mp account add' takes them); the " +
      "token is in Mixpanel under Project Settings → Overview → Access Keys",
  });
}
