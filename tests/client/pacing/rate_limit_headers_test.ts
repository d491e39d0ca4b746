import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { announcedLimits, resetMs } from "../../../src/client/pacing/rate_limit_headers.ts";

const policy = (text: string) => announcedLimits(new Headers({ "RateLimit-Policy": text }));

describe("announcedLimits", () => {
  it("reads windows and concurrency", () => {
    assert.deepEqual(policy('"project";q=60;w=3600, "project-concurrency";q=5;qu="concurrent-requests"'), {
      windows: [{ limit: 60, windowMs: 3_600_000 }],
      concurrent: 5,
    });
  });

  it("reads several windows, other parameters, spaces, and names with separators in them", () => {
    assert.deepEqual(policy(' "a,b;c" ; q=3 ; w=1 ; pk=:cHJv:,"b";w=3600;q=60'), {
      windows: [{ limit: 3, windowMs: 1000 }, { limit: 60, windowMs: 3_600_000 }],
      concurrent: undefined,
    });
  });

  for (const text of ["", "nonsense", '"p";q=0;w=1', '"p";q=5', '"p";w=5', '"p";q=-1;w=5', '"p";q=x;w=5', ";;,,"]) {
    it(`finds nothing in ${JSON.stringify(text)}`, () => assert.equal(policy(text), undefined));
  }

  it("finds nothing without the header", () => assert.equal(announcedLimits(new Headers()), undefined));
});

describe("resetMs", () => {
  const reset = (text: string) => resetMs(new Headers({ RateLimit: text }));
  it("is the longest time of a limit that is used up", () => {
    assert.equal(reset('"a";r=0;t=5, "b";r=0;t=9, "c";r=3;t=99'), 9000);
  });
  it("is unknown when nothing is used up, or no time is given", () => {
    assert.equal(reset('"a";r=1;t=5'), undefined);
    assert.equal(reset('"a";r=0'), undefined);
    assert.equal(resetMs(new Headers()), undefined);
  });
});
