/** The first level of what can be typed. Only names and summaries: nothing here loads a command. */
import type { Entry, NamedEntry } from "../cli/command.ts";

const SECTIONS: Readonly<Record<string, readonly NamedEntry[]>> = {
  Send: [
    {
      name: "track",
      summary: "send events as they happen, one from flags or many from a pipe",
      command: () => import("./track.ts"),
    },
    {
      name: "import",
      summary: "import events, profiles, groups and lookup tables",
      command: () => import("./import.ts"),
    },
    {
      name: "profiles",
      summary: "look up, list and change user profiles",
      group: () => import("./profiles/group.ts"),
    },
    {
      name: "groups",
      summary: "change profiles of companies and other groups",
      group: () => import("./groups/group.ts"),
    },
    { name: "identity", summary: "merge user ids: identify, alias, merge", group: () => import("./identity/group.ts") },
    {
      name: "lookup-tables",
      summary: "create, replace, rename, download and delete lookup tables",
      group: () => import("./lookup_tables/group.ts"),
    },
  ],
  Ask: [
    {
      name: "query",
      summary: "count events, analyze funnels, see who comes back",
      group: () => import("./query/group.ts"),
    },
    {
      name: "events",
      summary: "event names, today's top events, properties and their values",
      group: () => import("./events/group.ts"),
    },
    {
      name: "sql",
      summary: "print questions as SQL for DuckDB, ClickHouse, BigQuery and others",
      group: () => import("./sql/group.ts"),
    },
    {
      name: "check",
      summary: "compare a number with thresholds, as a plugin for Nagios, cron and CI",
      command: () => import("./check.ts"),
    },
    { name: "watch", summary: "repeat a check, and show what changes", command: () => import("./watch.ts") },
    { name: "funnels", summary: "list saved funnels", group: () => import("./funnels/group.ts") },
    {
      name: "cohorts",
      summary: "list saved cohorts and their members, save, change and delete them",
      group: () => import("./cohorts/group.ts"),
    },
    {
      name: "expr",
      summary: "check, format, explain and evaluate expressions, offline",
      group: () => import("./expr/group.ts"),
    },
  ],
  Export: [
    {
      name: "export",
      summary: "events, profiles and lists, to files, folders, buckets and pipes",
      group: () => import("./export/group.ts"),
    },
    {
      name: "lake",
      summary: "statements that make an export a table in an engine",
      group: () => import("./lake/group.ts"),
    },
    {
      name: "copy",
      summary: "a project's events and profiles, into another project",
      command: () => import("./copy.ts"),
    },
    {
      name: "replays",
      summary: "find recordings of sessions, and download them",
      group: () => import("./replays/group.ts"),
    },
    {
      name: "pipelines",
      summary: "scheduled exports to a bucket or warehouse; deprecated",
      group: () => import("./pipelines/group.ts"),
    },
  ],
  Manage: [
    {
      name: "projects",
      summary: "list the projects that you can see, choose one, create new ones",
      group: () => import("./projects/group.ts"),
    },
    {
      name: "workspaces",
      summary: "list the project's workspaces (data views), choose one",
      group: () => import("./workspaces/group.ts"),
    },
    {
      name: "warehouse",
      summary: "imports from a warehouse, on a schedule",
      group: () => import("./warehouse/group.ts"),
    },
    {
      name: "gdpr",
      summary: "export or delete everything that is stored about users",
      group: () => import("./gdpr/group.ts"),
    },
    {
      name: "service-accounts",
      summary: "create, list and delete service accounts, add them to projects",
      group: () => import("./service_accounts/group.ts"),
    },
    {
      name: "annotations",
      summary: "notes on the charts, and their tags",
      group: () => import("./annotations/group.ts"),
    },
    {
      name: "reports",
      summary: "saved reports: list, save, change, run and delete them",
      group: () => import("./reports/group.ts"),
    },
    {
      name: "boards",
      summary: "boards of reports: make, change, copy, export and run them",
      group: () => import("./boards/group.ts"),
    },
    {
      name: "lexicon",
      summary: "the data dictionary: schemas, events, properties, tags, drop filters, audits",
      group: () => import("./lexicon/group.ts"),
    },
    {
      name: "plan",
      summary: "a project's definitions as files: export, compare, apply",
      group: () => import("./plan/group.ts"),
    },
    {
      name: "custom-events",
      summary: "several events that reports count as one",
      group: () => import("./custom_events/group.ts"),
    },
    {
      name: "custom-properties",
      summary: "properties that a formula computes from others",
      group: () => import("./custom_properties/group.ts"),
    },
    { name: "metrics", summary: "saved metrics, which reports share", group: () => import("./metrics/group.ts") },
    { name: "behaviors", summary: "saved behaviors, which reports share", group: () => import("./behaviors/group.ts") },
    { name: "flags", summary: "evaluate feature flags, and manage them", group: () => import("./flags/group.ts") },
    {
      name: "experiments",
      summary: "draft, launch, conclude and decide experiments",
      group: () => import("./experiments/group.ts"),
    },
    {
      name: "alerts",
      summary: "alerts on saved reports: create, test, silence, delete",
      group: () => import("./alerts/group.ts"),
    },
    {
      name: "webhooks",
      summary: "addresses that Mixpanel calls",
      group: () => import("./webhooks/group.ts"),
    },
    {
      name: "business-context",
      summary: "what the project and its organization are about, as text",
      group: () => import("./business_context/group.ts"),
    },
    {
      name: "users",
      summary: "list the people of the organization; those who use the product are profiles",
      group: () => import("./users/group.ts"),
    },
    { name: "teams", summary: "list the teams of the organization", group: () => import("./teams/group.ts") },
    {
      name: "api",
      summary: "call any endpoint with your credentials; --list shows all that are known",
      command: async () => ({ default: (await import("./api.ts")).apiCommand(() => tree) }),
    },
    {
      name: "open",
      summary: "open a page of the project in the browser",
      command: () => import("./open.ts"),
    },
    {
      name: "limits",
      summary: "show what is left of the rate limits",
      command: () => import("./limits.ts"),
    },
  ],
  "Set up": [
    { name: "login", summary: "store credentials after checking them", command: () => import("./login.ts") },
    { name: "logout", summary: "remove an account and its secrets", command: () => import("./logout.ts") },
    {
      name: "whoami",
      summary: "show the settings in effect, and where each comes from",
      command: () => import("./whoami.ts"),
    },
    {
      name: "doctor",
      summary: "check settings, network and credentials, and say how to fix what fails",
      command: () => import("./doctor.ts"),
    },
    {
      name: "account",
      summary: "add, choose, test and remove stored accounts",
      group: () => import("./account/group.ts"),
    },
    {
      name: "mcp",
      summary: "serve the project to agents, by the Model Context Protocol",
      command: () => import("./mcp.ts"),
    },
    {
      name: "agents",
      summary: "print what an agent should know about the project, for AGENTS.md",
      command: () => import("./agents.ts"),
    },
    {
      name: "completion",
      summary: "print a script that lets your shell complete commands, flags and values",
      command: () => import("./completion.ts"),
    },
  ],
  "Try out": [
    {
      name: "sandbox",
      summary: "serve an emulator of Mixpanel on this machine",
      command: () => import("./sandbox.ts"),
    },
    {
      name: "demo",
      summary: "take a tour of the main jobs in a sandbox, command by command",
      command: () => import("./demo.ts"),
    },
  ],
};

/** By what people want to do, in the order of `mp --help`. */
export const tree: readonly Entry[] = Object.entries(SECTIONS).flatMap(([section, entries]) =>
  entries.map((entry) => ({ ...entry, section }))
);
