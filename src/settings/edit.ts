/**
 * Changes a TOML document without touching the rest of it: comments, order and unknown keys stay.
 *
 * The text is edited by its lines; then the outcome is parsed, and when it is not exactly the document that was wanted
 * (a table written in a form that lines don't show), the wanted document is printed again, without comments.
 */
import { parseToml, printToml } from "../streams/toml.ts";
import { ACCOUNT_KEYS, type Table } from "./account.ts";

/** What to change. Nothing else changes. */
export interface ConfigEdit {
  /** Tables of accounts to add, or to replace but for keys that `mp` does not know. */
  set?: Readonly<Record<string, Table>>;
  /** Names of accounts to take away. */
  remove?: readonly string[];
  /** The account to use by default; null for none. */
  active?: string | null;
}

/** The text of the changed document. Throws the parser's error when `text` is not TOML. */
export function changeText(text: string, change: ConfigEdit): string {
  const wanted = changeDocument(parseToml(text), change);
  const edited = editLines(text, change, wanted);
  return isSame(tryParse(edited), wanted) ? edited : printToml(wanted);
}

export function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function changeDocument(document: Table, change: ConfigEdit): Table {
  const accounts: Table = isTable(document.accounts) ? { ...document.accounts } : {};
  for (const name of change.remove ?? []) delete accounts[name];
  for (const [name, table] of Object.entries(change.set ?? {})) {
    const before = isTable(accounts[name]) ? accounts[name] : {};
    const unknown = Object.entries(before).filter(([key]) => !ACCOUNT_KEYS.has(key));
    accounts[name] = { ...table, ...Object.fromEntries(unknown) };
  }
  const active: Table = isTable(document.active) ? { ...document.active } : {};
  // People also write it as a plain key.
  if (typeof document.active === "string") active.account = document.active;
  if (change.active === null) delete active.account;
  else if (change.active !== undefined) active.account = change.active;
  const changed: Table = { ...document, active, accounts };
  if (Object.keys(active).length === 0) delete changed.active;
  if (Object.keys(accounts).length === 0) delete changed.accounts;
  return changed;
}

/** A header with what follows it up to the next header, and the comment lines right above it. */
interface Section {
  /** Empty for what stands before the first header. */
  path: string[];
  lines: string[];
}

function editLines(text: string, change: ConfigEdit, wanted: Table): string {
  let sections = splitSections(text);
  const belongs = (section: Section, path: string[]) => path.every((part, index) => section.path[index] === part);
  for (const name of [...change.remove ?? [], ...Object.keys(change.set ?? {})]) {
    const path = ["accounts", name];
    const place = sections.findIndex((section) => belongs(section, path));
    const comments = sections[place]?.lines.filter((line) => line.trim().startsWith("#")) ?? [];
    sections = sections.filter((section) => !belongs(section, path));
    const table = change.set?.[name] === undefined ? undefined : (wanted.accounts as Table)[name];
    if (table === undefined) continue;
    const printed = printToml({ accounts: { [name]: table } }).trimEnd().split("\n");
    const section = { path, lines: [...comments, ...printed, ""] };
    if (place === -1) sections.push(section);
    else sections.splice(place, 0, section);
  }
  if (change.active !== undefined) sections = editActive(sections, wanted.active as Table | undefined);
  return joinSections(sections);
}

/** Gives `[active]` its account line; the section comes first when it is new, and goes when it holds nothing. */
function editActive(sections: Section[], active: Table | undefined): Section[] {
  const account = active?.account;
  const line = account === undefined ? [] : [printToml({ account }).trimEnd()];
  const place = sections.findIndex((section) => section.path.length === 1 && section.path[0] === "active");
  if (place === -1) {
    const section = { path: ["active"], lines: ["[active]", ...line, ""] };
    return account === undefined ? sections : [...sections.slice(0, 1), section, ...sections.slice(1)];
  }
  if (active === undefined) return sections.toSpliced(place, 1);
  const lines = sections[place]!.lines.filter((one) => !/^\s*account\s*=/.test(one));
  const header = lines.findIndex((one) => headerPath(one) !== undefined);
  return sections.with(place, { path: ["active"], lines: lines.toSpliced(header + 1, 0, ...line) });
}

function splitSections(text: string): Section[] {
  const sections: Section[] = [{ path: [], lines: [] }];
  for (const line of text.split(/\r?\n/)) {
    const path = headerPath(line);
    const last = sections.at(-1)!;
    if (path === undefined) last.lines.push(line);
    else {
      let start = last.lines.length;
      while (start > 0 && last.lines[start - 1]!.trim().startsWith("#")) start--;
      sections.push({ path, lines: [...last.lines.splice(start), line] });
    }
  }
  return sections;
}

/** One blank line between sections, and a newline at the end. */
function joinSections(sections: Section[]): string {
  const blocks = sections.map((section) => section.lines.join("\n").trim()).filter((block) => block !== "");
  return blocks.length === 0 ? "" : blocks.join("\n\n") + "\n";
}

/** The keys of `[a."b.c"]`, read by the parser itself; undefined for any other line. */
function headerPath(line: string): string[] | undefined {
  if (!line.trimStart().startsWith("[")) return undefined;
  const path: string[] = [];
  for (let table: unknown = tryParse(line); isTable(table);) {
    const key = Object.keys(table)[0];
    if (key === undefined) return path;
    path.push(key);
    table = table[key];
  }
  return undefined;
}

function tryParse(text: string): Table | undefined {
  try {
    return parseToml(text);
  } catch { // expected: TomlError, for a line that does not stand on its own
    return undefined;
  }
}

/** Whether two TOML values are equal, whatever the order of keys. */
function isSame(a: unknown, b: unknown): boolean {
  if (isTable(a) && isTable(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => key in b && isSame(a[key], b[key]));
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  }
  if (a instanceof Date && b instanceof Date) return a.toISOString() === b.toISOString();
  return Object.is(a, b);
}
