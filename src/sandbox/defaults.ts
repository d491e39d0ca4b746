/** The project that a new sandbox has, with credentials that nobody could take for real ones. */
import type { IdentityMode } from "./store/projects.ts";
import type { Store } from "./store/store.ts";

export const SANDBOX = {
  organizationId: 1,
  projectId: 1_000_001,
  workspaceId: 1_000_002,
  projectName: "Sandbox",
  token: "5a4db0c0000000000000000000000001",
  secret: "5a4db0c0000000000000000000000002",
  username: "sandbox.mp-service-account",
  serviceSecret: "sandbox-service-secret",
  oauthToken: "sandbox-oauth-token",
  clientId: "sandbox-client",
  clientSecret: "sandbox-client-secret",
  userEmail: "sandbox@example.com",
  lookupTableId: "5a1c3f7e-2b4d-4e6f-8a90-b1c2d3e4f506",
} as const;

/** What the default project's token and secret were once: stores of that time have them, and programs may still send them. */
const OLD_NAMES = { token: "sandbox-token", secret: "sandbox-secret" };

/** The sandbox's credentials last as long as anyone will run it. */
const FAR_FUTURE_MS = Date.UTC(2100, 0, 1);
const CREATED_MS = Date.UTC(2024, 0, 1);

/**
 * Makes the default project and its credentials, unless the store has them already. A store of before keeps its own: the
 * project goes by the old and the new ones either way.
 */
export function seedDefaults(
  store: Store,
  { identity = "original", timeZone = "UTC" }: { identity?: IdentityMode; timeZone?: string } = {},
): void {
  const { projects } = store;
  for (const { token, secret } of [SANDBOX, OLD_NAMES]) projects.addFurtherNames(SANDBOX.projectId, token, secret);
  if (projects.project(SANDBOX.projectId) !== undefined) return;
  const { organizationId } = SANDBOX;
  projects.addOrganization({ id: organizationId, name: "Sandbox organization" });
  projects.addProject({
    id: SANDBOX.projectId,
    organizationId,
    workspaceId: SANDBOX.workspaceId,
    name: SANDBOX.projectName,
    token: SANDBOX.token,
    secret: SANDBOX.secret,
    timeZone,
    storesLocalTime: false,
    identity,
    createdMs: CREATED_MS,
  });
  projects.addServiceAccount({
    id: 1,
    organizationId,
    username: SANDBOX.username,
    secret: SANDBOX.serviceSecret,
    createdMs: CREATED_MS,
  });
  projects.setRole(1, SANDBOX.projectId, "owner");
  store.lookupTables.add(
    SANDBOX.projectId,
    { id: SANDBOX.lookupTableId, name: "Products" },
    "product_id,name,price\n",
  );
  projects.addOAuthClient({ id: SANDBOX.clientId, secret: SANDBOX.clientSecret, organizationId, redirectUris: [] });
  projects.addOAuthToken({
    token: SANDBOX.oauthToken,
    organizationId,
    userEmail: SANDBOX.userEmail,
    scope: "",
    expiresMs: FAR_FUTURE_MS,
  });
}
