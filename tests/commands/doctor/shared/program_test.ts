import { strict as assert } from "node:assert";
import { chmodSync, symlinkSync } from "node:fs";
import { dirname } from "node:path";
import { describe, it } from "node:test";
import { lookAtProgram } from "../../../../src/commands/doctor/shared/program.ts";
import { temporaryFolder } from "../../../helpers/temporary_folder.ts";

const folder = temporaryFolder();

function program(name: string): string {
  const path = folder.write(name, "#!/bin/sh\n");
  chmodSync(path, 0o755);
  return path;
}

describe("another program called mp", () => {
  const own = program("own/mp");
  const other = program("other/mp");
  const paths = (...files: string[]) => files.map((file) => dirname(file)).join(":");

  it("is told when it comes first", async () => {
    const [finding] = await lookAtProgram(own, paths(other, own));
    assert.equal(finding?.result, "warning");
    assert.match(finding?.detail ?? "", /other\/mp is another program called mp/);
    assert.match(finding?.fix ?? "", /another name/);
  });

  it("is mentioned when this one comes first, also by a link", async () => {
    const link = folder.write("bin/readme", "").replace("readme", "mp");
    symlinkSync(own, link);
    for (const first of [own, link]) {
      assert.deepEqual((await lookAtProgram(own, paths(first, other))).map(({ result }) => result), ["ok"]);
    }
  });

  it("is not there where nothing else has the name, or the program runs from source", async () => {
    assert.deepEqual(await lookAtProgram(own, paths(own)), []);
    assert.deepEqual(await lookAtProgram(own, ""), []);
    assert.deepEqual(await lookAtProgram(undefined, paths(other)), []);
  });
});
