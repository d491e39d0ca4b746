/** Values as X.690 and RFC 5280 have them. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bitString, der, identifier, integer, octetString, utcTime } from "../../../src/sandbox/tls/der.ts";

const hex = (bytes: Uint8Array) => bytes.toHex();

describe("DER", () => {
  it("writes lengths in the shortest form", () => {
    assert.equal(hex(octetString(new Uint8Array(3))), "0403000000");
    assert.ok(hex(octetString(new Uint8Array(0x7f))).startsWith("047f"));
    assert.ok(hex(octetString(new Uint8Array(0x80))).startsWith("048180"));
    assert.ok(hex(octetString(new Uint8Array(0x012c))).startsWith("0482012c"));
    assert.equal(hex(der(0x30)), "3000");
  });

  it("writes numbers that are not negative, with no byte too many", () => {
    const cases = { "00": "020100", "7f": "02017f", "80": "02020080", "000001": "020101", "0100": "02020100" };
    for (const [bytes, expected] of Object.entries(cases)) {
      assert.equal(hex(integer(Uint8Array.fromHex(bytes))), expected);
    }
  });

  it("writes identifiers", () => {
    // X.690, 8.19.5
    assert.equal(hex(identifier("2.100.3")), "0603813403");
    assert.equal(hex(identifier("1.2.840.113549")), "06062a864886f70d");
  });

  it("writes bits that are no whole byte", () => {
    // X.690, 8.6.4.2
    assert.equal(hex(bitString(Uint8Array.fromHex("0a3b5f291cd0"), 4)), "0307040a3b5f291cd0");
  });

  it("writes moments with two digits of the year until 2049, and with four from 2050 on", () => {
    assert.equal(hex(utcTime(Date.UTC(2049, 11, 31, 23, 59, 59, 999))), `170d${hex(ascii("491231235959Z"))}`);
    assert.equal(hex(utcTime(Date.UTC(2050, 0, 1))), `180f${hex(ascii("20500101000000Z"))}`);
  });
});

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
