/** What to ask before the rule for events outside the plan changes. */
export function enforcementQuestion(rule: string | undefined): string {
  return rule === "Warn and Drop"
    ? "Throw away all events outside the plan as they come in? What is not stored cannot be restored."
    : rule === undefined
    ? "Change how schemas are enforced?"
    : `Enforce schemas by the rule ${JSON.stringify(rule)}?`;
}
