/** How statements are laid out. */

/** A named part of a statement: `name AS (…)`. */
export interface SqlPart {
  name: string;
  select: string;
}

/** A SELECT over named parts, with a comment above it. Comment lines are plain text. */
export function statementOf(
  { comment, parts = [], isRecursive = false, select }: {
    comment: readonly string[];
    parts?: readonly SqlPart[];
    /** Whether a part refers to itself. */
    isRecursive?: boolean;
    select: string;
  },
): string {
  const lines = comment.map((line) => `-- ${commentText(line)}\n`).join("");
  const named = parts.map(({ name, select }) => `${name} AS (\n${indented(select)}\n)`);
  return `${lines}${
    named.length === 0 ? "" : `WITH ${isRecursive ? "RECURSIVE " : ""}${named.join(",\n")}\n`
  }${select}\n`;
}

/** `SELECT` and what it selects, a line each where they are many. */
export function selectOf(
  { columns, from, where = [], groupBy, orderBy }: {
    columns: readonly string[];
    from: string;
    where?: readonly string[];
    groupBy?: readonly string[];
    orderBy?: readonly string[];
  },
): string {
  const line = columns.join(", ");
  return [
    line.length <= 90 ? `SELECT ${line}` : `SELECT\n${indented(columns.join(",\n"))}`,
    `FROM ${from}`,
    ...(where.length === 0 ? [] : [`WHERE ${where.join("\n  AND ")}`]),
    ...(groupBy === undefined || groupBy.length === 0 ? [] : [`GROUP BY ${groupBy.join(", ")}`]),
    ...(orderBy === undefined || orderBy.length === 0 ? [] : [`ORDER BY ${orderBy.join(", ")}`]),
  ].join("\n");
}

/** A SELECT as what another one selects from. */
export function nested(select: string, name: string): string {
  return `(\n${indented(select)}\n) ${name}`;
}

function indented(text: string): string {
  return text.replace(/(^|\n)(?=[^\n])/g, "$1  ");
}

/** What cannot end a comment, whatever an engine takes for the end of a line, and is no variable of Spark's. */
function commentText(text: string): string {
  // deno-lint-ignore no-control-regex -- these are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  }).replaceAll("${", "$ {");
}
