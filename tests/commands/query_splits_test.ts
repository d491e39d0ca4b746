/** What `--by` says of a property. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { runProgram } from "../helpers/world.ts";

async function groupOf(by: string) {
  const argv = ["query", "funnel", "Open", "Buy", "--last", "3d", "--by", by, "--print-params"];
  const { code, stdout, stderr } = await runProgram(argv);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout).sections.group[0];
}

it("takes the digits of a custom property for its id, and not for a width of ranges", async () => {
  const { customPropertyId, customBucket, value } = await groupOf("$custom_property:42");
  assert.deepEqual({ customPropertyId, customBucket, value }, {
    customPropertyId: 42,
    customBucket: undefined,
    value: null,
  });
  const ranged = await groupOf("$custom_property:42:10");
  assert.equal(ranged.customPropertyId, 42);
  assert.equal(ranged.customBucket.bucketSize, 10);
});
