/** Organizations and their service accounts. */
import { appUser } from "../authentication.ts";
import type { Call } from "../call.ts";
import { appAnswer, type Endpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import type { ServiceAccount } from "../store/projects.ts";
import { app } from "../surfaces.ts";

export const organizationEndpoints: Endpoint[] = [{
  methods: ["GET"],
  path: "/organizations/{organization_id}/service-accounts",
  surface: app,
  access: appUser,
  respond: listServiceAccounts,
}];

function listServiceAccounts(call: Call): Response {
  const id = Number(call.path.organization_id);
  const { principal } = call.access;
  const own = principal.kind === "service_account"
    ? principal.account.organizationId
    : principal.kind === "oauth"
    ? principal.token.organizationId
    : undefined;
  if (id !== own) throw new Refusal(403, "You do not have permission to access this organization");
  return appAnswer(call.store.projects.serviceAccounts(id).map(describe));
}

/** The secret is told once, to whoever makes the account; never here. */
function describe({ id, username, createdMs, expiresMs, lastUsedMs }: ServiceAccount): Record<string, unknown> {
  return { id, username, created: isoTime(createdMs), expires: isoTime(expiresMs), last_used: isoTime(lastUsedMs) };
}

function isoTime(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : new Date(timeMs).toISOString().slice(0, 19);
}
