/** The first level of what can be typed. Only names and summaries: nothing here loads a command. */
import type { Entry } from "../cli/command.ts";

export const tree: readonly Entry[] = [
  {
    name: "track",
    section: "Send",
    summary: "send events as they happen, one from flags or many from a pipe",
    command: () => import("./track.ts"),
  },
  {
    name: "import",
    section: "Send",
    summary: "import historical events from files or a pipe",
    command: () => import("./import.ts"),
  },
  {
    name: "profiles",
    section: "Send",
    summary: "look user profiles up, list and change them",
    group: () => import("./profiles/group.ts"),
  },
  {
    name: "groups",
    section: "Send",
    summary: "change profiles of companies and other groups",
    group: () => import("./groups/group.ts"),
  },
  {
    name: "identity",
    section: "Send",
    summary: "say that ids are one person's",
    group: () => import("./identity/group.ts"),
  },
  {
    name: "lookup-tables",
    section: "Send",
    summary: "list and replace lookup tables",
    group: () => import("./lookup_tables/group.ts"),
  },
  {
    name: "query",
    section: "Ask",
    summary: "count events, take people through funnels, see who comes back",
    group: () => import("./query/group.ts"),
  },
  {
    name: "events",
    section: "Ask",
    summary: "event names, today's top events, properties and their values",
    group: () => import("./events/group.ts"),
  },
  { name: "funnels", section: "Ask", summary: "list saved funnels", group: () => import("./funnels/group.ts") },
  {
    name: "cohorts",
    section: "Ask",
    summary: "list saved cohorts and their members, save new ones",
    group: () => import("./cohorts/group.ts"),
  },
  {
    name: "expr",
    section: "Ask",
    summary: "check, format, explain and evaluate expressions, offline",
    group: () => import("./expr/group.ts"),
  },
  {
    name: "export",
    section: "Take out",
    summary: "raw events, to a file or a pipe",
    group: () => import("./export/group.ts"),
  },
  {
    name: "pipelines",
    section: "Take out",
    summary: "scheduled exports to a bucket or warehouse (retired by Mixpanel for new ones)",
    group: () => import("./pipelines/group.ts"),
  },
  {
    name: "projects",
    section: "Manage",
    summary: "projects that your credentials can see",
    group: () => import("./projects/group.ts"),
  },
  {
    name: "warehouse",
    section: "Manage",
    summary: "imports from a warehouse, on a schedule",
    group: () => import("./warehouse/group.ts"),
  },
  {
    name: "gdpr",
    section: "Manage",
    summary: "hand over or delete all that is stored about users",
    group: () => import("./gdpr/group.ts"),
  },
  {
    name: "api",
    section: "Manage",
    summary: "call any endpoint with your credentials; --list shows all that are known",
    command: () => import("./api.ts"),
  },
  {
    name: "limits",
    section: "Manage",
    summary: "what is left of the rate limits on this machine",
    command: () => import("./limits.ts"),
  },
  {
    name: "login",
    section: "Set up",
    summary: "store credentials after checking them",
    command: () => import("./login.ts"),
  },
  { name: "logout", section: "Set up", summary: "forget an account", command: () => import("./logout.ts") },
  {
    name: "whoami",
    section: "Set up",
    summary: "which settings are in force, and where each comes from",
    command: () => import("./whoami.ts"),
  },
  {
    name: "account",
    section: "Set up",
    summary: "add, choose, test and remove stored accounts",
    group: () => import("./account/group.ts"),
  },
  {
    name: "sandbox",
    section: "Try out",
    summary: "serve an emulator of Mixpanel on this machine",
    command: () => import("./sandbox.ts"),
  },
  {
    name: "demo",
    section: "Try out",
    summary: "watch the main job done in a sandbox, command by command",
    command: () => import("./demo.ts"),
  },
];
