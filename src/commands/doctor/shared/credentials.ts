/** Do the credentials open what they are for? Only with `--spend` is something asked that counts against a limit. */
import type { Context } from "../../../cli/context.ts";
import type { Client, WireRequest } from "../../../client/types.ts";
import { MpError } from "../../../errors.ts";
import { describeCredential } from "../../../settings/identity.ts";
import { type ResolvedSettings, toConnection } from "../../../settings/resolve.ts";
import { REGIONS } from "../../../settings/values.ts";
import { askWho, findRegion, requireVisible } from "../../account/shared/check_credentials.ts";
import { connectOver } from "../../account/shared/connect.ts";
import { type Finding, foundProblem, ok, skipped, warning } from "./finding.ts";

export async function lookAtCredentials(
  context: Context,
  settings: ResolvedSettings,
  { spend }: { spend: boolean },
): Promise<Finding[]> {
  const held = settings.credentials;
  if (held.length === 0) {
    return [foundProblem("credentials", "none are set", "mp login, or set MP_USERNAME and MP_SECRET")];
  }
  const kinds = new Set(held.map(({ kind }) => kind));
  const findings: Finding[] = held.map((one) =>
    ok(`credential ${one.kind.replaceAll("_", " ")}`, `${describeCredential(one)}, of ${one.owner}`)
  );
  if (kinds.has("project_secret")) {
    findings.push(
      warning("project secret", "Mixpanel retires it on 2027-03-03", "make a service account, then 'mp login'"),
    );
  }
  const { projectId } = settings;
  findings.push(
    projectId === undefined
      ? warning("project", "none is set; most commands need one", "set MP_PROJECT_ID, or add --project ID")
      : ok("project", projectId.value),
  );
  let client: Client;
  try {
    client = await context.client();
  } catch (error) {
    return [...findings, failure("secrets", error)];
  }
  const canProve = kinds.has("service_account") || kinds.has("oauth_token") || kinds.has("oauth_session") ||
    kinds.has("client_credentials");
  findings.push(
    canProve
      ? await lookAtApp(context, client, settings)
      : skipped("App API", "it takes a service account or a bearer token, and there is none"),
    await lookAtImport(client, projectId?.value),
  );
  for (const [name, request] of Object.entries(SPENDING)) {
    findings.push(
      !spend || projectId === undefined
        ? skipped(
          name,
          projectId === undefined ? "no project is set" : "asking costs one request of the hour's 60; --spend asks",
        )
        : await lookAt(name, client, request),
    );
  }
  return findings;
}

/** `/me` is free, and tells another region from wrong credentials. */
async function lookAtApp(context: Context, client: Client, settings: ResolvedSettings): Promise<Finding> {
  const name = "App API";
  try {
    const who = await askWho(client, context.signal);
    if (settings.projectId !== undefined) requireVisible(who, settings.projectId.value);
    const count = `${who.projects.length} project${who.projects.length === 1 ? "" : "s"} visible`;
    return ok(name, `${who.user ?? "credentials known"}, ${count}`);
  } catch (error) {
    const isRefused = error instanceof MpError && (error.category === "auth" || error.category === "not_found");
    if (!isRefused || settings.baseUrl !== undefined || error.code === "project_not_visible") {
      return failure(name, error);
    }
    const others = REGIONS.filter((region) => region !== settings.region.value);
    const connection = await toConnection(settings);
    const connect = connectOver(context);
    const found = await findRegion(others, (region) => connect({ ...connection, region }), context.signal)
      .catch((cause) => {
        // Another region that cannot be asked is no help, and no news.
        if (!(cause instanceof MpError)) throw cause;
        return undefined;
      });
    if (found === undefined) return failure(name, error);
    const state = `region ${settings.region.value} does not know the credentials, region ${found.region} does`;
    return foundProblem(name, state, `export MP_REGION=${found.region}, or 'mp login'`);
  }
}

/** An import of one empty event, not strict: it is refused after the credentials were looked at, and stores nothing. */
async function lookAtImport(client: Client, projectId: string | undefined): Promise<Finding> {
  const name = "Ingestion API";
  const { credentials } = client.connection;
  if (
    credentials.serviceAccount === undefined && credentials.projectToken === undefined &&
    credentials.projectSecret === undefined
  ) {
    return skipped(name, "it takes a service account or a project token, and there is none");
  }
  if (credentials.serviceAccount !== undefined && projectId === undefined) return skipped(name, "no project is set");
  return await lookAt(name, client, {
    method: "POST",
    family: "ingestion",
    path: "/import",
    query: [["strict", "0"], ["verbose", "1"]],
    body: { kind: "json", text: "[{}]" },
    auth: ["service_account", "project_token", "project_secret"],
    projectIn: "query",
    repeatable: true,
    isProbe: true,
  });
}

const READING: Pick<WireRequest, "method" | "auth" | "projectIn" | "repeatable"> = {
  method: "GET",
  auth: ["service_account", "oauth", "project_secret"],
  projectIn: "query",
  repeatable: true,
};

const SPENDING: Readonly<Record<string, WireRequest>> = {
  "Query API": {
    ...READING,
    family: "query",
    path: "/events/names",
    query: [["type", "general"], ["limit", "1"]],
    quota: "query",
  },
  "Export API": {
    ...READING,
    family: "export",
    path: "/export",
    query: [["from_date", "2026-01-01"], ["to_date", "2026-01-01"], ["limit", "1"]],
    quota: "export",
  },
};

async function lookAt(name: string, client: Client, request: WireRequest): Promise<Finding> {
  try {
    await client.send(request).then((answer) => answer.text());
    return ok(name, "opens");
  } catch (error) {
    // What is refused for its content was let in.
    const isLetIn = error instanceof MpError && error.category === "input";
    return isLetIn ? ok(name, "opens") : failure(name, error);
  }
}

function failure(check: string, error: unknown): Finding {
  if (!(error instanceof MpError) || error.category === "interrupted") throw error;
  return foundProblem(check, error.message, error.hint);
}
