/** Organizations, projects, and who may enter them. */
import type { Database, Statement } from "../../runtime/sqlite.ts";

interface Organization {
  id: number;
  name: string;
}

/** How a project joins the ids of one person. */
export type IdentityMode = "original" | "simplified" | "legacy";

export interface Project {
  id: number;
  organizationId: number;
  workspaceId: number;
  name: string;
  token: string;
  secret: string;
  /** An IANA name. Reports cut days by it. */
  timeZone: string;
  /**
   * True for projects made before 2023: an event's time is moved to the project's time zone as it comes in, and what is
   * stored is the local clock counted as if it were UTC.
   */
  storesLocalTime: boolean;
  identity: IdentityMode;
  createdMs: number;
}

/** In falling order of what they may do. */
export const PROJECT_ROLES = ["owner", "admin", "analyst", "consumer"] as const;
export type Role = typeof PROJECT_ROLES[number];

export interface ServiceAccount {
  id: number;
  organizationId: number;
  username: string;
  secret: string;
  createdMs: number;
  expiresMs?: number;
  lastUsedMs?: number;
}

export interface OAuthClient {
  id: string;
  /** A program on somebody's machine has none. */
  secret?: string;
  organizationId: number;
  /** Where codes may be sent. */
  redirectUris: readonly string[];
}

/** What can be traded for a bearer token, once. */
export interface OAuthGrant {
  token: string;
  kind: "code" | "refresh_token";
  clientId: string;
  userEmail: string;
  scope: string;
  /** Of a code: where it was sent, and what the verifier must hash to (base64url). */
  redirectUri?: string;
  challenge?: string;
  expiresMs: number;
}

export interface OAuthToken {
  token: string;
  organizationId: number;
  userEmail: string;
  /** Scopes, separated by spaces. */
  scope: string;
  expiresMs: number;
}

const PROJECT_COLUMNS = `id, organization_id AS organizationId, workspace_id AS workspaceId, name, token, secret,
  time_zone AS timeZone, stores_local_time AS storesLocalTime, identity, created_ms AS createdMs`;
const ACCOUNT_COLUMNS = `id, organization_id AS organizationId, username, secret, created_ms AS createdMs,
  expires_ms AS expiresMs, last_used_ms AS lastUsedMs`;

/** The part of the store that says who is who. */
export class Projects {
  readonly #byToken: Statement;
  readonly #byId: Statement;
  readonly #byAccountName: Statement;
  readonly #role: Statement;
  /** Ids of projects by tokens and secrets that they go by besides their own. */
  readonly #furtherTokens = new Map<string, number>();
  readonly #furtherSecrets = new Map<string, number>();

  constructor(private readonly database: Database) {
    this.#byToken = database.prepare(`SELECT ${PROJECT_COLUMNS} FROM projects WHERE token = ?`);
    this.#byId = database.prepare(`SELECT ${PROJECT_COLUMNS} FROM projects WHERE id = ?`);
    this.#role = database.prepare("SELECT role FROM memberships WHERE service_account_id = ? AND project_id = ?");
    this.#byAccountName = database.prepare(`SELECT ${ACCOUNT_COLUMNS} FROM service_accounts WHERE username = ?`);
  }

  addOrganization({ id, name }: Organization): void {
    this.database.prepare("INSERT INTO organizations VALUES (?, ?)").run(id, name);
  }

  organization(id: number): Organization | undefined {
    return this.database.prepare("SELECT id, name FROM organizations WHERE id = ?").get(id) as
      | Organization
      | undefined ?? undefined;
  }

  addProject(project: Project): void {
    this.database.prepare("INSERT INTO projects VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").run(
      project.id,
      project.organizationId,
      project.workspaceId,
      project.name,
      project.token,
      project.secret,
      project.timeZone,
      project.storesLocalTime ? 1 : 0,
      project.identity,
      project.createdMs,
    );
  }

  projects(): Project[] {
    return this.database.prepare(`SELECT ${PROJECT_COLUMNS} FROM projects ORDER BY id`).all().map(projectOf);
  }

  project(id: number): Project | undefined {
    return this.#project(this.#byId.get(id));
  }

  projectByToken(token: string): Project | undefined {
    return this.#project(this.#byToken.get(token)) ?? this.#furtherNamed(this.#furtherTokens.get(token));
  }

  projectBySecret(secret: string): Project | undefined {
    const row = this.database.prepare(`SELECT ${PROJECT_COLUMNS} FROM projects WHERE secret = ?`).get(secret);
    return this.#project(row) ?? this.#furtherNamed(this.#furtherSecrets.get(secret));
  }

  /** Lets a project be found by a further token and secret, which are not stored. */
  addFurtherNames(projectId: number, token: string, secret: string): void {
    this.#furtherTokens.set(token, projectId);
    this.#furtherSecrets.set(secret, projectId);
  }

  addServiceAccount(account: ServiceAccount): void {
    this.database.prepare("INSERT INTO service_accounts VALUES (?, ?, ?, ?, ?, ?, ?)").run(
      account.id,
      account.organizationId,
      account.username,
      account.secret,
      account.createdMs,
      account.expiresMs ?? null,
      account.lastUsedMs ?? null,
    );
  }

  serviceAccounts(organizationId: number): ServiceAccount[] {
    return this.database
      .prepare(`SELECT ${ACCOUNT_COLUMNS} FROM service_accounts WHERE organization_id = ? ORDER BY id`)
      .all(organizationId).map(accountOf);
  }

  serviceAccount(username: string): ServiceAccount | undefined {
    const row = this.#byAccountName.get(username);
    return row === undefined ? undefined : accountOf(row);
  }

  serviceAccountBySecret(secret: string): ServiceAccount | undefined {
    const row = this.database.prepare(`SELECT ${ACCOUNT_COLUMNS} FROM service_accounts WHERE secret = ?`).get(secret);
    return row === undefined ? undefined : accountOf(row);
  }

  serviceAccountById(id: number): ServiceAccount | undefined {
    const row = this.database.prepare(`SELECT ${ACCOUNT_COLUMNS} FROM service_accounts WHERE id = ?`).get(id);
    return row === undefined || row === null ? undefined : accountOf(row);
  }

  nextServiceAccountId(): number {
    return this.#next("SELECT max(id) AS last FROM service_accounts");
  }

  /** A project and its workspace count in one series of ids. */
  nextProjectId(): number {
    return this.#next("SELECT max(max(id, workspace_id)) AS last FROM projects");
  }

  /** Deletes an account, and with it its roles. */
  deleteServiceAccount(id: number): void {
    this.database.prepare("DELETE FROM service_accounts WHERE id = ?").run(id);
  }

  markUsed(serviceAccountId: number, nowMs: number): void {
    this.database.prepare("UPDATE service_accounts SET last_used_ms = ? WHERE id = ?").run(nowMs, serviceAccountId);
  }

  /** Gives an account a role in a project, in place of the one that it had. */
  setRole(serviceAccountId: number, projectId: number, role: Role): void {
    this.database.prepare("INSERT OR REPLACE INTO memberships VALUES (?, ?, ?)").run(serviceAccountId, projectId, role);
  }

  /** The account's role, or undefined when it is not a member. */
  role(serviceAccountId: number, projectId: number): Role | undefined {
    return this.#role.get(serviceAccountId, projectId)?.role as Role | undefined;
  }

  removeRole(serviceAccountId: number, projectId: number): void {
    this.database.prepare("DELETE FROM memberships WHERE service_account_id = ? AND project_id = ?")
      .run(serviceAccountId, projectId);
  }

  /** The service accounts in a project, in the order of their ids. */
  members(projectId: number): { serviceAccountId: number; role: Role }[] {
    return this.database.prepare(
      `SELECT service_account_id AS serviceAccountId, role FROM memberships WHERE project_id = ?
       ORDER BY service_account_id`,
    ).all(projectId) as { serviceAccountId: number; role: Role }[];
  }

  addOAuthClient({ id, secret, organizationId, redirectUris }: OAuthClient): void {
    this.database.prepare("INSERT INTO oauth_clients VALUES (?, ?, ?, ?)")
      .run(id, secret ?? null, organizationId, JSON.stringify(redirectUris));
  }

  oauthClient(id: string): OAuthClient | undefined {
    const row = this.database.prepare(
      `SELECT id, secret, organization_id AS organizationId, redirect_uris AS redirectUris
       FROM oauth_clients WHERE id = ?`,
    ).get(id) as (Omit<OAuthClient, "secret"> & { secret: string | null; redirectUris: string }) | undefined;
    return row && { ...row, secret: row.secret ?? undefined, redirectUris: JSON.parse(row.redirectUris) };
  }

  addOAuthGrant(grant: OAuthGrant): void {
    const { token, kind, clientId, userEmail, scope, redirectUri = null, challenge = null, expiresMs } = grant;
    this.database.prepare("INSERT INTO oauth_grants VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .run(token, kind, clientId, userEmail, scope, redirectUri, challenge, expiresMs);
  }

  /** The grant, which is used up by that. */
  takeOAuthGrant(token: string): OAuthGrant | undefined {
    return this.database.prepare(
      `DELETE FROM oauth_grants WHERE token = ? RETURNING token, kind, client_id AS clientId, user_email AS userEmail,
       scope, redirect_uri AS redirectUri, challenge, expires_ms AS expiresMs`,
    ).get(token) as OAuthGrant | undefined;
  }

  addOAuthToken({ token, organizationId, userEmail, scope, expiresMs }: OAuthToken): void {
    this.database.prepare("INSERT INTO oauth_tokens VALUES (?, ?, ?, ?, ?)")
      .run(token, organizationId, userEmail, scope, expiresMs);
  }

  oauthToken(token: string): OAuthToken | undefined {
    return this.database.prepare(
      `SELECT token, organization_id AS organizationId, user_email AS userEmail, scope, expires_ms AS expiresMs
       FROM oauth_tokens WHERE token = ?`,
    ).get(token) as OAuthToken | undefined;
  }

  #next(query: string): number {
    return ((this.database.prepare(query).get()?.last as number | null) ?? 0) + 1;
  }

  #furtherNamed(projectId: number | undefined): Project | undefined {
    return projectId === undefined ? undefined : this.project(projectId);
  }

  #project(row: Record<string, unknown> | undefined): Project | undefined {
    return row === undefined || row === null ? undefined : projectOf(row);
  }
}

function projectOf(row: Record<string, unknown>): Project {
  return { ...row as unknown as Project, storesLocalTime: row.storesLocalTime === 1 };
}

function accountOf(row: Record<string, unknown>): ServiceAccount {
  const account = row as unknown as ServiceAccount;
  return { ...account, expiresMs: account.expiresMs ?? undefined, lastUsedMs: account.lastUsedMs ?? undefined };
}
