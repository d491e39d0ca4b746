/** Reads the XML that object stores answer with: elements and text. No document types, so no entities of its own. */

/** An element. Prefixes of namespaces are left out: no answer needs them. */
export interface XmlElement {
  name: string;
  children: XmlElement[];
  /** The text directly in it, without that of its children. */
  text: string;
  /** As they are written in the tag. */
  attributes: string;
}

const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([A-Za-z_][\w.:-]*)((?:\s(?:[^>"']|"[^"]*"|'[^']*')*?)?)(\/?)>|([^<]+)/y;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The root element, or undefined for a text that is no well-formed XML. */
export function parseXml(text: string): XmlElement | undefined {
  const root: XmlElement = { name: "", children: [], text: "", attributes: "" };
  const open = [root];
  const token = new RegExp(TOKEN);
  let end = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    end = token.lastIndex;
    const [, data, closing, qualifiedName, attributes = "", selfClosing, characters] = match;
    const parent = open.at(-1)!;
    if (data !== undefined) parent.text += data;
    else if (characters !== undefined) parent.text += decoded(characters);
    else if (qualifiedName !== undefined) {
      const name = qualifiedName.slice(qualifiedName.indexOf(":") + 1);
      if (closing === "/") {
        if (open.length === 1 || open.pop()!.name !== name) return undefined;
      } else {
        const element: XmlElement = { name, children: [], text: "", attributes: attributes.trim() };
        parent.children.push(element);
        if (selfClosing !== "/") open.push(element);
      }
    }
    if (end === text.length) break;
  }
  const isWhole = end === text.length && open.length === 1 && root.children.length === 1;
  return isWhole && root.text.trim().replace(/^\ufeff/, "") === "" ? root.children[0] : undefined;
}

/** The text of the first child of this name. */
export function textOf(element: XmlElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text;
}

/** All children of this name. */
export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w+));/g, (whole, decimal, hexadecimal, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const code = decimal === undefined ? parseInt(hexadecimal, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
