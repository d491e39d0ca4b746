/** Brings ids of events into the form that Mixpanel takes: at most 36 letters, digits and hyphens. */
import { sha256Hex } from "../../runtime/hash.ts";

const MAX_CHARACTERS = 36;
const ALLOWED = /^[A-Za-z0-9-]+$/;
const HASH_CHARACTERS = 8;

/**
 * The id itself where it can stay. Else it is made from the id alone, so that the same event gets the same one again: other
 * characters become hyphens, with 8 characters of a hash after it that keep `a_b` and `a.b` apart; what is too long then
 * becomes a hash.
 */
export function foreignInsertId(id: string): string {
  if (id.length <= MAX_CHARACTERS && ALLOWED.test(id)) return id;
  const hex = sha256Hex(id);
  const cleaned = `${id.replace(/[^A-Za-z0-9-]+/g, "-")}-${hex.slice(0, HASH_CHARACTERS)}`;
  return cleaned.length <= MAX_CHARACTERS ? cleaned : hex.slice(0, MAX_CHARACTERS);
}
