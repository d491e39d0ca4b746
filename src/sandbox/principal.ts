/** Who sends a request, and what it may touch. */
import type { OAuthToken, Project, Role, ServiceAccount } from "./store/projects.ts";

export type Principal =
  | { kind: "anyone" }
  | { kind: "service_account"; account: ServiceAccount }
  | { kind: "oauth"; token: OAuthToken }
  | { kind: "project_secret" }
  | { kind: "project_token" };

/** What a request may touch. */
export interface Access {
  principal: Principal;
  project?: Project;
  /** The principal's role in the project. */
  role?: Role;
}
