import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { markdownText } from "../../src/output/markdown_on_terminal.ts";

const plain = (markdown: string, width = 40) => markdownText(markdown, { width, colour: false });

describe("Markdown on a terminal", () => {
  it("wraps paragraphs and items, and shows links as their texts", () => {
    assert.equal(
      plain(
        "One [guide](./a.md) that is longer than a\nsingle line.\n\n- an item that goes on and\n  on for long\n- two\n",
      ),
      "One guide that is longer than a single\nline.\n\n- an item that goes on and on for long\n\n- two\n",
    );
    assert.equal(plain("See [the docs](https://example.com/x)."), "See the docs (https://example.com/x).\n");
  });

  it("leaves code as it is, indented, with its empty lines", () => {
    const code = "```sh test\ncat > x <<'END'\n# not a heading\n\n- not an item\nEND\n```\n";
    assert.equal(plain(code, 10), "    cat > x <<'END'\n    # not a heading\n\n    - not an item\n    END\n");
  });

  it("breaks a command that is too long where it is told how to", () => {
    const breakCommand = (line: string, width: number) => [`${line.length}`, `${width}`];
    const look = { width: 20, colour: false, breakCommand };
    const text = markdownText("```sh\nmp query segmentation X\nmp help\n```\n", look);
    assert.equal(text, "    23\n    16\n    mp help\n");
  });

  it("makes a row of a table an item", () => {
    assert.equal(plain("| what | here | there |\n| - | - | - |\n| a | b | `c` |\n"), "- a\n  here: b\n  there: `c`\n");
  });

  it("has bold headings and coloured code, each word by itself, where there is colour", () => {
    const look = { width: 12, colour: true };
    assert.equal(
      markdownText("## Head\n\nuse `mp help` **now**\n", look),
      "\x1b[1mHead\x1b[0m\n\nuse \x1b[36mmp\x1b[0m \x1b[36mhelp\x1b[0m\n\x1b[1mnow\x1b[0m\n",
    );
  });
});
