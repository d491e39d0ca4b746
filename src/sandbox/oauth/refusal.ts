/** How an authorization server says no. */
import { Refusal } from "../refusal.ts";

/** A refusal in the form of RFC 6749, section 5.2. */
export function refusal(status: number, code: string, description: string): Refusal {
  return new Refusal(status, code, { fields: { error_description: description } });
}
