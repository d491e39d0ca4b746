/** Schemas leave out a member called `__proto__`; here it is put back, because names come from outside. */
import { isObject } from "../streams/json/is_object.ts";
import { setMember } from "../streams/json/members.ts";

const LOST = "__proto__";

/**
 * What a schema has made of a value, with the members called `__proto__` that objects of any names have had. An object
 * from which the schema has taken other members too has fixed names.
 */
export function withOwnNames<Checked>(checked: Checked, given: unknown): Checked {
  if (checked !== given) restore(checked, given);
  return checked;
}

function restore(checked: unknown, given: unknown): void {
  if (checked === given) return;
  if (Array.isArray(checked) && Array.isArray(given)) {
    for (let index = 0; index < checked.length; index++) restore(checked[index], given[index]);
    return;
  }
  if (!isObject(checked) || !isObject(given) || Array.isArray(checked) || Array.isArray(given)) return;
  for (const name of Object.keys(checked)) if (Object.hasOwn(given, name)) restore(checked[name], given[name]);
  if (!Object.hasOwn(given, LOST) || Object.hasOwn(checked, LOST)) return;
  const isOpen = Object.keys(given).every((name) => name === LOST || Object.hasOwn(checked, name));
  if (isOpen) setMember(checked, LOST, Object.getOwnPropertyDescriptor(given, LOST)?.value);
}
