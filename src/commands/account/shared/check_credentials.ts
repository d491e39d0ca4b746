/** Asks Mixpanel whom credentials belong to. It costs no quota. */
import { MpError } from "../../../errors.ts";
import { call } from "../../../api/call.ts";
import { me } from "../../../api/app.ts";
import type { Client, Region } from "../../../client/types.ts";

export interface VisibleProject {
  id: string;
  name: string;
  organization?: string;
}

/** Who the credentials belong to, and what they can see. */
export interface Who {
  user?: string;
  /** By name. */
  projects: VisibleProject[];
}

export async function askWho(client: Client, signal?: AbortSignal): Promise<Who> {
  const answer = (await call(client, me, {}, { signal, onePage: true })).result();
  const projects = Object.entries(answer.projects).map(([id, project]): VisibleProject => {
    const organization = answer.organizations[String(project.organization_id)]?.name;
    return organization === undefined ? { id, name: project.name } : { id, name: project.name, organization };
  });
  return {
    user: answer.user_email ?? answer.user_name ?? undefined,
    projects: projects.sort((a, b) => a.name.localeCompare(b.name)),
  };
}

/**
 * The first of some regions that knows the credentials. A region where they see no project is taken only when no other
 * knows them.
 *
 * @throws MpError (auth) when none does, and at once for any failure that is not a refusal.
 */
export async function findRegion(
  regions: readonly Region[],
  connect: (region: Region) => Promise<Client>,
  signal?: AbortSignal,
): Promise<{ region: Region; who: Who }> {
  let known: { region: Region; who: Who } | undefined;
  const refusals: MpError[] = [];
  for (const region of regions) {
    try {
      const who = await askWho(await connect(region), signal);
      if (who.projects.length > 0) return { region, who };
      known ??= { region, who };
    } catch (error) {
      if (!(error instanceof MpError) || (error.category !== "auth" && error.category !== "not_found")) throw error;
      refusals.push(error);
    }
  }
  if (known !== undefined) return known;
  if (refusals.length === 1) throw refusals[0];
  throw new MpError(`Cannot log in: these credentials are unknown in every region (${regions.join(", ")})`, {
    category: "auth",
    code: "unknown_credentials",
    hint: "check user name and secret; a service account's secret is shown once, when it is made",
    status: refusals[0]?.status,
    serverMessage: refusals[0]?.serverMessage,
    cause: refusals[0],
  });
}

/** Throws an authentication error, with some of the projects that are visible, unless this one is. */
export function requireVisible(who: Who, projectId: string): void {
  if (who.projects.some((project) => project.id === projectId)) return;
  const some = who.projects.slice(0, 5).map((project) => `${project.id} (${project.name})`);
  const rest = who.projects.length > some.length ? ` and ${who.projects.length - some.length} more` : "";
  throw new MpError(`Cannot use project ${projectId}: these credentials don't see it`, {
    category: "auth",
    code: "project_not_visible",
    hint: some.length === 0
      ? "they see no project at all: add them to one in Mixpanel under Project Settings"
      : `they see ${some.join(", ")}${rest}`,
  });
}
