import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { bit, choice, count, day, expression, id, jsonText, text, textList } from "../../src/api/params.ts";
import { flagsOf, type FlagSpec } from "../../src/cli/flags.ts";
import { askedFor, GLOBAL_SWITCHES, GLOBAL_VALUES, takesNextWord } from "../../src/cli/global_words.ts";
import { globalInput } from "../../src/cli/globals.ts";

const flagOf = (schema: z.ZodType, name = "some_name"): FlagSpec => flagsOf(z.object({ [name]: schema }))[0]!;

describe("a flag made of a schema", () => {
  it("has a kind by the schema's type", () => {
    const kinds: [z.ZodType, FlagSpec["kind"]][] = [
      [z.boolean(), "boolean"],
      [bit("x"), "boolean"],
      [z.number(), "number"],
      [count("x"), "number"],
      [text("x"), "text"],
      [choice(["a", "b"], "x"), "text"],
      [id("x"), "text"],
      [z.union([z.string(), z.number()]), "text"],
      [textList("x"), "list"],
      [z.array(choice(["a"], "x")), "list"],
      [z.array(z.number()), "json"],
      [z.array(z.object({})), "json"],
      [jsonText(z.array(z.string()), "x", { input: "json" }), "json"],
      [z.record(z.string(), z.unknown()), "json"],
      [z.object({}), "json"],
      [z.unknown(), "json"],
      [day("x"), "day"],
      [expression("x"), "expression"],
    ];
    for (const [schema, kind] of kinds) {
      assert.equal(flagOf(schema).kind, kind);
      assert.equal(flagOf(schema.optional()).kind, kind);
      assert.equal(flagOf(schema.optional()).required, false);
    }
  });

  it("looks through defaults, optional and transformed schemas", () => {
    const wrapped = flagOf(choice(["a", "b"], "Which", { short: "x" }).default("b"));
    assert.deepEqual([wrapped.required, wrapped.defaultValue, wrapped.choices], [false, "b", ["a", "b"]]);
    assert.deepEqual([wrapped.description, wrapped.short, wrapped.placeholder], ["Which", "x", "a|b"]);
    const transformed = flagOf(text("T").transform((one) => one.length).meta({ description: "Length" }).optional());
    assert.deepEqual([transformed.kind, transformed.description, transformed.required], ["text", "Length", false]);
    assert.equal(flagOf(z.string().nullable()).required, true);
  });

  it("is named in kebab case, or as its schema says", () => {
    assert.equal(flagOf(text("x")).flag, "--some-name");
    assert.equal(flagOf(text("x"), "$distinct_id").flag, "--distinct-id");
    assert.equal(flagOf(text("x", { flag: "from" })).flag, "--from");
    assert.equal(flagOf(text("x", { flag: "from" }).optional()).flag, "--from");
  });

  it("shows what stands for its value", () => {
    const placeholders: [z.ZodType, string][] = [
      [z.boolean(), ""],
      [z.number(), "N"],
      [z.string(), "TEXT"],
      [z.array(z.string()), "TEXT"],
      [z.unknown(), "JSON"],
      [day("x"), "DAY"],
      [z.enum(["a", "b"]), "a|b"],
      [text("x", { placeholder: "NAME" }), "NAME"],
    ];
    for (const [schema, placeholder] of placeholders) assert.equal(flagOf(schema).placeholder, placeholder);
  });
});

describe("global flags as words", () => {
  const flags = flagsOf(globalInput);

  it("are those that are declared", () => {
    const words = (kinds: Readonly<Record<string, string | undefined>>) =>
      Object.entries(kinds).map(([key, letter]) => `${key} ${letter}`).sort();
    const declared = (takesValue: boolean) =>
      flags.filter((spec) => (spec.kind !== "boolean") === takesValue).map(({ key, short }) => `${key} ${short}`)
        .sort();
    assert.deepEqual(words(GLOBAL_VALUES), declared(true));
    assert.deepEqual(words(GLOBAL_SWITCHES), declared(false));
  });

  it("take the next word only when they lack their value", () => {
    for (const word of ["-f", "--format", "-qf", "-vqp", "--jq", "--timeout", "-o"]) {
      assert.ok(takesNextWord(word), word);
    }
    for (
      const word of ["-fjson", "--format=json", "-q", "-qv", "--quiet", "-n", "-nf", "--limit", "-", "--", "x", "-h"]
    ) {
      assert.ok(!takesNextWord(word), word);
    }
  });

  it("say which format, traces and progress were asked for", () => {
    assert.deepEqual(askedFor(["query", "-qvf", "json", "x"]), { format: "json", verbose: true, progress: undefined });
    assert.deepEqual(askedFor(["-f", "json", "--format=csv"]), { format: "csv", verbose: false, progress: undefined });
    assert.deepEqual(askedFor(["-p", "-v", "--jq", "-fjson"]), {
      format: undefined,
      verbose: false,
      progress: undefined,
    });
    assert.deepEqual(askedFor(["--", "-v", "-fjson"]), { format: undefined, verbose: false, progress: undefined });
    for (const words of [["--progress", "json"], ["--progress=json"], ["--progress", "none", "--progress", "json"]]) {
      assert.deepEqual(askedFor(["export", ...words]), { format: undefined, verbose: false, progress: "json" });
    }
    assert.deepEqual(askedFor(["x", "-f"]), { format: undefined, verbose: false, progress: undefined });
  });
});
