/** What the project's plan does not include: a switch, since the emulator sells none. */
import type { SandboxCall } from "../call.ts";
import { Refusal } from "../refusal.ts";
import type { PlanFeature } from "../settings.ts";

/** @throws Refusal 403 when the plan is without a feature. */
export function requirePlan(call: SandboxCall, feature: PlanFeature, refusal: string): void {
  if (call.services.settings.planWithout.includes(feature)) throw new Refusal(403, refusal);
}
