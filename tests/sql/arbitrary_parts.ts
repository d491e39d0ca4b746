/** Parts that random reports have in common, about the events of `journeys_lab.ts`. */
import type { Breakdown, Conditions, PropertyRef } from "../../src/reports/report.ts";
import type { Random } from "../helpers/random.ts";

export const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"];

export const CONDITIONS = [
  'properties["plan"] == "pro"',
  'properties["plan"] != "pro"',
  'properties["plan"] in ["pro", "free"]',
  'not "r" in properties["plan"]',
  'not defined(properties["amount"])',
  'properties["amount"] > 2 and properties["amount"] <= 150',
  'properties["amount"] != 1',
  'properties["ok"] == true',
  'properties["missing"] == "x"',
];

export const property = (name: string): PropertyRef => ({ name, source: "events", type: "string" });

export function randomConditions(random: Random): Conditions | undefined {
  if (random.chance(0.6)) return undefined;
  if (random.chance(0.7)) return { where: random.pick(CONDITIONS) };
  return { where: 'properties["plan"] == "pro" or properties["ok"] == false', any: true };
}

export function randomBreakdowns(random: Random): Breakdown[] | undefined {
  const amount: PropertyRef = { ...property("amount"), type: "number" };
  const one = (): Breakdown =>
    random.pick(
      [
        { kind: "property", property: property("plan") },
        { kind: "property", property: { ...property("ok"), type: "boolean" } },
        { kind: "property", property: property("missing") },
        { kind: "property", property: property("$event_name") },
        { kind: "property", property: amount },
        { kind: "property", property: amount, buckets: { size: 50 } },
        { kind: "property", property: amount, buckets: { size: 0.5, min: 1, max: 100 } },
      ] as const,
    );
  return random.pick([undefined, undefined, [one()], [one(), one()], [one(), one(), one()]]);
}
