import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { changeText } from "../../src/settings/edit.ts";
import { parseToml } from "../../src/streams/toml.ts";

/** The document in plain objects: the parser's have no prototype. */
const documentOf = (text: string): Record<string, unknown> => structuredClone(parseToml(text));

const TEXT = `# my accounts
editor = "vim"

[active]
account = "prod" # the usual one

# the real thing
[accounts.prod]
username = "ana"
secret = "one"
colour = "red"

[accounts.prod.notes]
owner = "team"

# for trying out
[accounts.test]
oauth_token = "two"

[other]
list = [
  "[accounts.test]",
]
`;

describe("changeText", () => {
  it("adds an account and touches nothing else", () => {
    const changed = changeText(TEXT, { set: { new: { username: "b", secret: "three" } } });
    assert.equal(changed, TEXT + `\n[accounts.new]\nusername = "b"\nsecret = "three"\n`);
  });

  it("writes a first account into an empty file", () => {
    const changed = changeText("", { set: { a: { oauth_token: "x" } }, active: "a" });
    assert.equal(changed, `[active]\naccount = "a"\n\n[accounts.a]\noauth_token = "x"\n`);
  });

  it("replaces what it knows of an account, and keeps comments, place and unknown keys", () => {
    const changed = changeText(TEXT, { set: { prod: { oauth_token: "new" } } });
    assert.deepEqual(documentOf(changed).accounts, {
      prod: { oauth_token: "new", colour: "red", notes: { owner: "team" } },
      test: { oauth_token: "two" },
    });
    assert.match(changed, /# the real thing\n\[accounts.prod\]/);
    assert.match(changed, /# for trying out\n\[accounts.test\]/);
    assert.ok(changed.indexOf("[accounts.prod]") < changed.indexOf("[accounts.test]"));
  });

  it("removes an account with its sub-tables and the comment above it", () => {
    const changed = changeText(TEXT, { remove: ["prod"], active: null });
    assert.deepEqual(documentOf(changed), {
      editor: "vim",
      accounts: { test: { oauth_token: "two" } },
      other: { list: ["[accounts.test]"] },
    });
    assert.doesNotMatch(changed, /the real thing/);
    assert.match(changed, /^# my accounts\n/);
  });

  it("is not fooled by a text that looks like a header", () => {
    const changed = changeText(TEXT, { remove: ["test"] });
    assert.deepEqual(documentOf(changed).other, { list: ["[accounts.test]"] });
    const tricky = `[a]\ntext = """\n[accounts.x]\n"""\n\n[accounts.x]\noauth_token = "1"\n`;
    assert.deepEqual(documentOf(changeText(tricky, { remove: ["x"] })), { a: { text: "[accounts.x]\n" } });
  });

  it("copes with accounts that are written in other forms", () => {
    const inline = `accounts = { a = { oauth_token = "1", extra = 12345678901234567890 } }\n`;
    assert.deepEqual(documentOf(changeText(inline, { set: { a: { oauth_token: "2" } }, active: "a" })), {
      active: { account: "a" },
      accounts: { a: { oauth_token: "2", extra: 12345678901234567890n } },
    });
    const dotted = `active.account = "a"\naccounts.a.oauth_token = "1"\naccounts.b.oauth_token = "2"\n`;
    assert.deepEqual(documentOf(changeText(dotted, { remove: ["a"], active: null })), {
      accounts: { b: { oauth_token: "2" } },
    });
  });

  it("quotes names with dots, and finds them again", () => {
    const added = changeText("", { set: { "a.b": { secret: 'q"\\\n' } } });
    assert.match(added, /^\[accounts\."a\.b"\]/);
    assert.deepEqual(documentOf(added), { accounts: { "a.b": { secret: 'q"\\\n' } } });
    assert.equal(changeText(added, { remove: ["a.b"] }), "");
  });

  it("keeps the active account that is written as a plain key, and changes it", () => {
    const text = `active = "a"\n[accounts.a]\noauth_token = "1"\n`;
    const added = changeText(text, { set: { b: { oauth_token: "2" } } });
    assert.deepEqual(documentOf(added).active, { account: "a" });
    assert.deepEqual(documentOf(changeText(text, { active: "b" })).active, { account: "b" });
    assert.equal("active" in documentOf(changeText(text, { active: null })), false);
  });

  it("changes the active account in its place", () => {
    assert.match(changeText(TEXT, { active: "test" }), /editor = "vim"\n\n\[active\]\naccount = "test"\n\n# the real/);
  });

  it("keeps lines that end in CRLF readable", () => {
    const changed = changeText(TEXT.replaceAll("\n", "\r\n"), { active: "test" });
    assert.deepEqual(documentOf(changed), { ...documentOf(TEXT), active: { account: "test" } });
  });
});
