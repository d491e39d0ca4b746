import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { arrowDurations } from "../../../src/streams/parquet/arrow_durations.ts";

/** As pyarrow writes it: s text, d in us, n a structure with e in ms, f int64, g in ns, h in s. */
const PYARROW =
  "/////4ABAAAQAAAAAAAKAAwABgAFAAgACgAAAAABBAAMAAAACAAIAAAABAAIAAAABAAAAAYAAAAkAQAA5AAAAJQAAABcAAAAMAAAAAQAAAAE////AAABEhAAAAAUAAAABAAAAAAAAAABAAAAaAAAADL///8AAAAALP///wAAARIQAAAAFAAAAAQAAAAAAAAAAQAAAGcAAABa////AAADAFT///8AAAECEAAAABwAAAAEAAAAAAAAAAEAAABmAAAACAAMAAgABwAIAAAAAAAAAUAAAACI////AAABDRQAAAAYAAAABAAAAAEAAAAQAAAAAQAAAG4AAAB8////sP///wAAARIQAAAAFAAAAAQAAAAAAAAAAQAAAGUAAACg////1P///wAAARIQAAAAGAAAAAQAAAAAAAAAAQAAAGQABgAIAAYABgAAAAAAAgAQABQACAAGAAcADAAAABAAEAAAAAAAAQUQAAAAGAAAAAQAAAAAAAAAAQAAAHMAAAAEAAQABAAAAAAAAAA=";

describe("durations", () => {
  it("are told by the schema that Arrow keeps", () => {
    assert.deepEqual([...arrowDurations(PYARROW)].sort(), [
      ["d", "microseconds"],
      ["g", "nanoseconds"],
      ["h", "seconds"],
      ["n.e", "milliseconds"],
    ]);
  });

  it("are none in what is no such schema", () => {
    for (let length = 0; length < PYARROW.length; length += 8) {
      const cut = arrowDurations(PYARROW.slice(0, length));
      for (const [name] of cut) assert.ok(["d", "g", "h", "n.e"].includes(name), name);
    }
    for (const text of ["", "AAAA", "!", "/////wAAAAAAAAAA"]) assert.equal(arrowDurations(text).size, 0, text);
  });
});
