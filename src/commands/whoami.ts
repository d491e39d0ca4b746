import { z } from "zod";
import { me } from "../api/app.ts";
import { command } from "../cli/command.ts";
import { jsonResult } from "../output/print.ts";
import { describeCredential, type HeldCredential } from "../settings/identity.ts";
import type { ResolvedSettings } from "../settings/resolve.ts";
import { describeSource, type Sourced } from "../settings/source.ts";
import { askWho, requireVisible, type Who } from "./account/shared/check_credentials.ts";

interface Line {
  setting: string;
  value: unknown;
  source: string;
}

const KINDS: Record<HeldCredential["kind"], string> = {
  service_account: "service account",
  oauth_token: "bearer token",
  oauth_session: "login",
  client_credentials: "OAuth client",
  project_secret: "project secret",
  project_token: "project token",
};

export default command({
  description: `Shows each setting and where it came from: a flag, the environment, an account or a default. Secrets are
never shown. Nothing is sent without --verify. 'mp doctor' looks at
everything that can be wrong.`,
  examples: [
    { text: "Why does mp talk to that project?", run: "mp whoami" },
    { text: "Does Mixpanel know these credentials?", run: "mp whoami --verify" },
  ],
  operations: [me],
  input: z.object({
    verify: z.boolean().default(false).meta({
      aliases: ["check"],
      description: "Ask Mixpanel who the credentials belong to",
    }),
  }),
  async run(context, { verify }) {
    const settings = await context.settings();
    const who = verify ? await askWho(await context.client(), context.signal) : undefined;
    if (who !== undefined && settings.projectId !== undefined) requireVisible(who, settings.projectId.value);
    const lines = [...settingLines(settings), ...answerLines(who, settings)];
    const key = (setting: string) => setting.toLowerCase().replaceAll(" ", "_").replaceAll("-", "");
    const data = Object.fromEntries(lines.map(({ setting, value, source }) => [key(setting), { value, source }]));
    await context.print(jsonResult(data, { rows: lines.map((line) => ({ ...line })) }));
    if (settings.credentials.length === 0) {
      await context.note("No credentials are set: log in with 'mp login', or set MP_USERNAME and MP_SECRET");
    }
  },
});

function settingLines(settings: ResolvedSettings): Line[] {
  const lines: Line[] = [];
  const add = (setting: string, sourced: Sourced<unknown> | undefined) => {
    if (sourced !== undefined) {
      lines.push({ setting, value: sourced.value, source: describeSource(sourced.source) });
    }
  };
  add("account", settings.account);
  for (const held of settings.credentials) {
    add(KINDS[held.kind], { value: describeCredential(held), source: held.source });
  }
  add("region", settings.region);
  add("base URL", settings.baseUrl);
  add("project", settings.projectId);
  add("workspace", settings.workspaceId);
  add("time-out", { value: `${settings.timeoutMs.value / 1000} s`, source: settings.timeoutMs.source });
  add("pacing", { value: settings.pacing.value ? "on" : "off", source: settings.pacing.source });
  if (settings.certificateFiles.length > 0) {
    const value = [...new Set(settings.certificateFiles.map((file) => file.value))].join(", ");
    const source = settings.certificateFiles.map((file) => describeSource(file.source)).join(", ");
    lines.push({ setting: "certificates", value, source });
  }
  if (settings.clientCertificate !== undefined) {
    lines.push({
      setting: "client certificate",
      value: settings.clientCertificate.certificate,
      source: "MP_CLIENT_CERT",
    });
  }
  for (const [kind, url] of Object.entries(settings.proxy)) {
    if (url === undefined) continue;
    const value = kind === "none" ? url : withoutPassword(url);
    lines.push({ setting: kind === "none" ? "no proxy" : `${kind} proxy`, value, source: "environment" });
  }
  lines.push({ setting: "config file", value: settings.configPath, source: "" });
  return lines;
}

function answerLines(who: Who | undefined, settings: ResolvedSettings): Line[] {
  if (who === undefined) return [];
  const source = "Mixpanel";
  const project = who.projects.find((one) => one.id === settings.projectId?.value);
  return [
    { setting: "user", value: who.user ?? "unknown", source },
    ...(project === undefined ? [] : [{ setting: "project name", value: project.name, source }]),
    { setting: "visible projects", value: who.projects.length, source },
  ];
}

/** A proxy's address; a user and password in it are hidden, also when it is no address at all. */
function withoutPassword(url: string): string {
  return url.replace(/^([a-z0-9+.-]+:\/\/)?.*@/i, "$1…@");
}
