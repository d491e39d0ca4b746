/**
 * Holds every declared operation against Mixpanel's published OpenAPI files.
 *
 *     bun scripts/check_openapi.ts --specs FOLDER      or with MP_OPENAPI_SPECS=FOLDER
 *
 * A difference is a mistake, or it is named in `openapi_differences.ts` with its reason; a reason that nothing needs any
 * more is a mistake too. Without a folder there is nothing to check.
 */
import { existsSync } from "node:fs";
import process from "node:process";
import { loadOperations } from "../src/api/catalog.ts";
import { differences } from "./openapi/compare.ts";
import { type DeclaredOperation, declaredOperation } from "./openapi/declared.ts";
import { type PublishedOperation, readPublished } from "./openapi/published.ts";
import { candidates, requestFindings, type SentRequest } from "./openapi/request.ts";
import { KNOWN_DIFFERENCES, type KnownDifference } from "./openapi_differences.ts";

/** Published operations that share an endpoint with another one, without an anchor of their own. */
const SAME_ENDPOINT: Record<string, string> = {
  "import-events": "ingestion.import",
  "identity-merge": "identity.merge",
  "track-event": "ingestion.track",
  "engage-query": "query.engage",
};

/** What the check found. */
export interface OpenapiReport {
  published: number;
  /** Published operations that no declaration is for. */
  missing: string[];
  /** Differences that nobody has explained: `id: finding`. */
  unexplained: string[];
  /** How many differences have a reason. */
  explained: number;
  /** Reasons for differences that there are not. */
  stale: string[];
}

/** Compares all operations. */
export function checkOpenapi(
  published: readonly PublishedOperation[],
  declared: readonly DeclaredOperation[],
  known: readonly KnownDifference[] = KNOWN_DIFFERENCES,
): OpenapiReport {
  const report: OpenapiReport = { published: published.length, missing: [], unexplained: [], explained: 0, stale: [] };
  const used = new Set<KnownDifference>();
  const matched = new Set<string>();
  for (const theirs of published) {
    const ours = declarationOf(theirs, declared);
    if (ours === undefined || matched.has(ours.id)) {
      report.missing.push(`${theirs.id} (${theirs.method} ${theirs.path}${theirs.anchor ?? ""})`);
      continue;
    }
    matched.add(ours.id);
    for (const finding of differences(ours, theirs)) {
      const reasons = known.filter((one) => one.operation.test(ours.id) && one.finding.test(finding));
      for (const one of reasons) used.add(one);
      if (reasons.length > 0) report.explained++;
      else report.unexplained.push(`${ours.id}: ${finding}`);
    }
  }
  report.stale = known.filter((one) => !used.has(one)).map(({ operation, finding }) => `${operation} ${finding}`);
  return report;
}

/** What nobody has explained about a request that was sent; nothing for an endpoint that is not published. */
export function checkRequest(
  request: SentRequest,
  published: readonly PublishedOperation[],
  declared: readonly DeclaredOperation[],
  known: readonly KnownDifference[] = KNOWN_DIFFERENCES,
): string[] {
  const verdicts = candidates(request, published).map((theirs) => {
    const id = declarationOf(theirs, declared)?.id ?? theirs.id;
    const isKnown = (finding: string) => known.some((one) => one.operation.test(id) && one.finding.test(finding));
    return requestFindings(request, theirs).filter((finding) => !isKnown(finding)).map((one) => `${id}: ${one}`);
  });
  return verdicts.sort((a, b) => a.length - b.length)[0] ?? [];
}

/** The declaration of a published operation: by its route, and by its anchor where several share one. */
export function declarationOf(
  published: PublishedOperation,
  declared: readonly DeclaredOperation[],
): DeclaredOperation | undefined {
  const route = `${published.method} ${published.path}`;
  const candidates = declared.filter((one) => one.routes.includes(route));
  const named = SAME_ENDPOINT[published.id];
  if (published.anchor !== undefined) return candidates.find((one) => one.anchor === published.anchor);
  if (named !== undefined) return candidates.find((one) => one.id === named);
  return candidates.find((one) => one.routes[0] === route) ?? candidates[0];
}

/** All declarations, in the check's terms. */
export async function declaredOperations(): Promise<DeclaredOperation[]> {
  return [...(await loadOperations()).values()].map(declaredOperation);
}

async function main(args: readonly string[]): Promise<number> {
  const flag = args.indexOf("--specs");
  const folder = flag >= 0 ? args[flag + 1] : process.env.MP_OPENAPI_SPECS;
  if (folder === undefined || !existsSync(folder)) {
    console.log(`Not checked: ${folder ? `${folder} is not there` : "no folder of OpenAPI files is given"}`);
    return flag >= 0 ? 3 : 0;
  }
  const report = checkOpenapi(readPublished(folder), await declaredOperations());
  const found = report.published - report.missing.length;
  console.log(`${found} of ${report.published} published operations are declared`);
  for (const one of report.missing) console.log(`  missing: ${one}`);
  console.log(`${report.explained} differences have a reason, ${report.unexplained.length} have none`);
  for (const one of report.unexplained) console.log(`  ${one}`);
  for (const one of report.stale) console.log(`  no such difference any more: ${one}`);
  return report.missing.length + report.unexplained.length + report.stale.length > 0 ? 1 : 0;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
