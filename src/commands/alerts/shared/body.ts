/** The body of an alert. */
import { inputError } from "../../../errors.ts";

/** What is said of the fields that no flag gives. */
export const BODY_HELP = `When an alert fires ('condition') and whom it tells ('subscriptions') stand in --data:
Mixpanel does not publish their shapes, so take them from an alert that was made in the web page, as
'mp alerts list -f json' shows it.`;

/** Fields without flags. */
export const ONLY_IN_DATA = ["condition", "subscriptions"] as const;

/** @throws MpError (input) for a body without a field that only `--data` can give. */
export function requireData(action: string, input: Readonly<Record<string, unknown>>): void {
  const missing = ONLY_IN_DATA.find((name) => input[name] === undefined);
  if (missing === undefined) return;
  throw inputError(
    `Cannot ${action}: the body has no ${missing}`,
    `give it with --data @alert.json; copy its shape from an alert of the web page: mp alerts list -f json`,
    "missing_argument",
  );
}
