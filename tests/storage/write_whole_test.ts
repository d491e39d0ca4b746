import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MpError } from "../../src/errors.ts";
import type { StoredFile } from "../../src/storage/storage.ts";
import { writeWhole } from "../../src/storage/write_whole.ts";

/** A file that notes what is done with it, and can fail at it. */
function notedFile(failures: Partial<Record<"commit" | "abort", Error>> = {}) {
  const done: string[] = [];
  const step = (name: "commit" | "abort") => () => {
    done.push(name);
    return failures[name] === undefined ? Promise.resolve() : Promise.reject(failures[name]);
  };
  const file: StoredFile = {
    write: (bytes) => Promise.resolve(void done.push(new TextDecoder().decode(bytes))),
    commit: step("commit"),
    abort: step("abort"),
  };
  return { file, done };
}

const write = (file: StoredFile) => file.write(new TextEncoder().encode("all")).then(() => 3);

describe("writing a file whole", () => {
  it("commits what was written, and returns the result", async () => {
    const { file, done } = notedFile();
    assert.equal(await writeWhole(file, write), 3);
    assert.deepEqual(done, ["all", "commit"]);
  });

  it("takes back what turns out not to be wanted", async () => {
    const { file, done } = notedFile();
    assert.equal(await writeWhole(file, write, (result) => result > 3), 3);
    assert.deepEqual(done, ["all", "abort"]);
  });

  it("takes the file back when it cannot be committed", async () => {
    const full = new MpError("no space", { category: "failure" });
    const { file, done } = notedFile({ commit: full });
    await assert.rejects(writeWhole(file, write), full);
    assert.deepEqual(done, ["all", "commit", "abort"]);
  });

  it("throws what failed first, with what failed after it as a cause", async () => {
    const [cut, gone, earlier] = [new Error("cut"), new Error("gone"), new Error("earlier")];
    const { file } = notedFile({ abort: gone });
    await assert.rejects(writeWhole(file, () => Promise.reject(cut)), cut);
    assert.equal(cut.cause, gone);
    const caused = new Error("caused", { cause: earlier });
    await assert.rejects(writeWhole(file, () => Promise.reject(caused)), caused);
    assert.deepEqual((caused.cause as AggregateError).errors, [earlier, gone]);
  });
});
