/** Files are read into memory that is used again, and decompressed while the next piece is being read. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { it } from "node:test";
import { gunzipViews } from "../../../src/runtime/compression/gzip.ts";
import { readFileViews } from "../../../src/runtime/files/file_views.ts";
import { seededRandom } from "../../helpers/random.ts";
import { temporaryFolder } from "../../helpers/temporary_folder.ts";

const folder = temporaryFolder();

it("a large gzip file is decompressed as it is, however long its reader takes", async () => {
  const random = seededRandom(3);
  const content = Uint8Array.from({ length: 6 * 1024 * 1024 }, () => random.below(256));
  const path = folder.write("large.gz", gzipSync(content));
  const hash = createHash("sha256");
  let pieces = 0;
  for await (const piece of gunzipViews(readFileViews(path))) {
    if (++pieces % 2 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    hash.update(piece);
  }
  assert.equal(hash.digest("hex"), createHash("sha256").update(content).digest("hex"));
});
