/** A terminal as far as progress needs one: it obeys the sequences that are written and shows the lines that remain. */

export interface Screen {
  write(text: string): void;
  /** The lines as a person sees them, without trailing spaces and empty lines. */
  lines(): string[];
}

export function screen(): Screen {
  const rows: string[][] = [[]];
  let row = 0;
  let column = 0;
  return {
    write(text) {
      // deno-lint-ignore no-control-regex -- a terminal's own language
      for (const token of text.match(/\x1b\[[0-9;]*[A-Za-z]|[\s\S]/gu) ?? []) {
        if (token === "\n") {
          row++;
          column = 0;
          rows[row] ??= [];
        } else if (token === "\r") column = 0;
        else if (token.startsWith("\x1b[")) obey(token.slice(2, -1), token.at(-1)!);
        else rows[row]![column++] = token;
      }
    },
    lines: () =>
      rows.map((cells) => Array.from(cells, (cell) => cell ?? " ").join("").trimEnd()).filter((line) => line !== ""),
  };

  function obey(argument: string, command: string): void {
    if (command === "A") row = Math.max(0, row - Number(argument || 1));
    else if (command === "K") rows[row]!.length = column;
    else if (command === "J") {
      rows[row]!.length = column;
      rows.length = row + 1;
    } else if (command !== "m") throw new Error(`The screen does not know ${command}`);
  }
}
