import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { argumentsAt, endOfBracket, importsOf, readSource } from "../../scripts/source_text.ts";

/** A text without its comments and literals, blanks drawn together. */
function bare(text: string): string {
  return readSource(text).bare.replace(/ +/g, " ").trim();
}

function targets(text: string): (string | undefined)[] {
  return importsOf(readSource(text)).map(({ target }) => target);
}

describe("reading a source file", () => {
  it("blanks comments, strings, templates and regular expressions, and keeps every place", () => {
    assert.equal(bare("a(); // b()\nc(); /* d()\n e() */ f();"), "a(); \nc(); \n f();");
    assert.equal(bare("const a = 'it\\'s' + \"// no comment\";"), 'const a = " " + " ";');
    assert.equal(bare("const a = `/* ${b({ c: `}` })} */`; d();"), 'const a = " "b({ c: " " })" "; d();');
    assert.equal(bare("x.replace(/[/\"']\\/*/g, y); z();"), 'x.replace(" ", y); z();');
    assert.equal(bare("const a = b / c; // d\nconst e = (f) / g;"), "const a = b / c; \nconst e = (f) / g;");
    assert.equal(bare('if (a) return /"/.test(b);'), 'if (a) return " ".test(b);');
    const text = "a /* b */ + `\n${c}` /* \n */ + 'd';\n";
    for (const read of [readSource(text).code, readSource(text).bare]) {
      assert.equal(read.length, text.length);
      assert.equal(read.split("\n").length, text.split("\n").length);
    }
  });

  it("keeps strings where only comments are to go", () => {
    assert.equal(readSource('a("//"); // b').code.trimEnd(), 'a("//");');
  });

  it("finds imports in every form", () => {
    assert.deepEqual(targets('import { a } from "./a.ts"; import { b } from "./b.ts";'), ["./a.ts", "./b.ts"]);
    assert.deepEqual(targets('import a, {\n  b,\n}\nfrom\n  "./a.ts";'), ["./a.ts"]);
    assert.deepEqual(targets('const s = `/*`; /* x */ import a from "./a.ts"; // */'), ["./a.ts"]);
    assert.deepEqual(targets('await import(\n  "./a.ts",\n);'), ["./a.ts"]);
    assert.deepEqual(targets("await import(a);\nawait import(`./a.ts`);\nawait import('./' + a);"), [
      undefined,
      undefined,
      undefined,
    ]);
    assert.deepEqual(
      targets('Buffer.from("./a.ts"); `${from}./a.ts`; a.from "./a.ts"; import.meta; // import "./a.ts"'),
      [],
    );
  });

  it("finds where brackets close, and what stands between the commas of a call", () => {
    const read = readSource("a(b(c, d), ')', { e: [1, 2] });");
    assert.equal(endOfBracket(read.bare, 1), 29);
    assert.deepEqual(argumentsAt(read.bare, 1).map(({ from, to }) => read.text.slice(from, to).trim()), [
      "b(c, d)",
      "')'",
      "{ e: [1, 2] }",
    ]);
  });
});
