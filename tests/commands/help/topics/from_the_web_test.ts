import assert from "node:assert/strict";
import { it } from "node:test";
import { tree } from "../../../../src/commands/tree.ts";
import topic from "../../../../src/commands/help/topics/from_the_web.ts";

/** What is no page of Mixpanel's: this program's own, and how data comes in. */
const NO_PAGES = [
  "account",
  "api",
  "completion",
  "demo",
  "export",
  "expr",
  "groups",
  "identity",
  "import",
  "lake",
  "pipelines",
  "projects",
  "sql",
];

it("the topic on Mixpanel's pages names each group of commands that stands for one", () => {
  const text = JSON.stringify(topic);
  const missing = tree.flatMap((one) => "group" in one ? [one.name] : [])
    .filter((name) => !NO_PAGES.includes(name) && !text.includes(`mp ${name} `));
  assert.deepEqual(missing, []);
});
