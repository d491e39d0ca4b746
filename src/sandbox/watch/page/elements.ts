/**
 * Builds what the page shows. What comes from requests is only ever put in as text: an event's name is written by
 * whoever sends it.
 */

/** The element of the page with this id. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no ${id}`);
  return found as T;
}

/** A new element with a class and with texts and elements in it. */
export function element(tag: string, className: string, ...content: (string | Node)[]): HTMLElement {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  made.append(...content);
  return made;
}

/** Names and values, as JSON where they are no texts. */
export function propertyList(properties: Record<string, unknown>): HTMLElement {
  const list = element("dl", "properties mono");
  for (const [name, value] of Object.entries(properties)) {
    list.append(
      element("dt", "", visible(name)),
      element("dd", "", visible(JSON.stringify(value, undefined, 1) ?? "")),
    );
  }
  return list;
}

/** A text with its control characters and overrides of direction made visible: they could make it look like another. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (character) => {
    if (character === "\n") return character;
    return `\\u${character.codePointAt(0)!.toString(16).padStart(4, "0")}`;
  });
}

/** Puts an item at the top of a list, and takes those off that are too many. */
export function prepend(list: HTMLElement, item: HTMLElement, most: number): void {
  list.prepend(item);
  while (list.childElementCount > most) list.lastElementChild?.remove();
}
