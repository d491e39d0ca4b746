/** What a project's plan does not include, where the sandbox is told to be on such a plan. */
import { dayAt } from "../analytics/calendar.ts";
import type { SandboxCall } from "./call.ts";
import type { SandboxEndpoint } from "./endpoint.ts";
import { Refusal } from "./refusal.ts";
import type { PlanFeature, PlanProduct } from "./settings.ts";
import { appSurface } from "./surfaces.ts";

/** The second is quoted by a user; of the first only the status is known. */
const MISSING: Record<PlanProduct, string> = {
  query: "Your plan does not support the Query API. Visit mixpanel.com/pricing to upgrade.",
  export: "Your plan does not support raw data export. Visit mixpanel.com/pricing to upgrade.",
};

/** @throws Refusal 402 when the plan lacks what the endpoint belongs to. Such a request costs no quota. */
export function requireProduct(
  { services: { settings } }: SandboxCall,
  { surface: { product } }: SandboxEndpoint,
): void {
  if (product !== undefined && settings.planLacks.includes(product)) throw new Refusal(402, MISSING[product]);
}

/** @throws Refusal 403 when the plan lets nobody save a feature. */
export function requireFeature(call: SandboxCall, feature: PlanFeature, refusal: string): void {
  if (call.services.settings.planLacks.includes(feature)) throw new Refusal(403, refusal);
}

/** @throws Refusal 403 when a report, an export or a list of annotations begins before what the plan keeps. */
export async function requireHistory(call: SandboxCall, { surface }: SandboxEndpoint): Promise<void> {
  const { historyDays } = call.services.settings;
  if (historyDays === undefined || (surface.product === undefined && surface !== appSurface)) return;
  const day = surface === appSurface
    ? call.url.searchParams.get("fromDate") ?? undefined
    : (await call.fields()).text("from_date");
  // What is no day is for the endpoint to refuse.
  if (day === undefined || !/^\d{4}-\d\d-\d\d$/.test(day)) return;
  if (day >= dayAt(call.nowMs, call.project.timeZone).subtract({ days: historyDays }).toString()) return;
  throw new Refusal(403, `Date range exceeds ${historyDays} days into the past`);
}
