import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { plainCharacters, showsUnicode, withPlainCharacters } from "../../src/cli/plain_characters.ts";

describe("a terminal's characters", () => {
  it("are Unicode unless the locale says otherwise", () => {
    const yes = [{}, { LANG: "" }, { LANG: "C.UTF-8" }, { LANG: "de_DE.utf8" }, { LANG: "C", LC_ALL: "en_US.UTF-8" }];
    const no = [{ LANG: "C" }, { LANG: "POSIX" }, { LANG: "de_DE.ISO-8859-1" }, { LANG: "en_US.UTF-8", LC_ALL: "C" }, {
      LANG: "C.UTF-8",
      LC_CTYPE: "C",
    }];
    for (const environment of yes) assert.ok(showsUnicode(environment), JSON.stringify(environment));
    for (const environment of no) assert.ok(!showsUnicode(environment), JSON.stringify(environment));
  });

  it("are drawn in ASCII, one for one", () => {
    assert.equal(plainCharacters("6 ┤   ·\n  │ ⣸⠁\n  └┬──\n━━ Sign Up: 28"), "6 +   .\n  | :'\n  ++--\n== Sign Up: 28");
    assert.equal(plainCharacters("\u2800⠉⣀⣿"), " '.:");
    assert.equal(plainCharacters("██▌▎ 3,4 × Beg… ✓ ✗ – −1"), "###- 3,4 x Beg~ + x - -1");
  });

  it("stay what they are in names of any script", () => {
    const names = "Käufe, 注文, Заказ, naïve, 🛒, e\u0301, €";
    assert.equal(plainCharacters(names), names);
  });

  it("are left alone in files, pipes and bytes", async () => {
    const written: (string | Uint8Array)[] = [];
    const output = (isTerminal: boolean) => ({
      isTerminal,
      columns: () => 40,
      write: (content: string | Uint8Array) => Promise.resolve(void written.push(content)),
    });
    const bytes = new TextEncoder().encode("─");
    await withPlainCharacters(output(false)).write("─");
    await withPlainCharacters(output(true)).write("─");
    await withPlainCharacters(output(true)).write(bytes);
    assert.deepEqual(written, ["─", "-", bytes]);
    assert.equal(withPlainCharacters(output(true)).columns(), 40);
  });
});
