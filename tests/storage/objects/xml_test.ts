import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { childrenOf, parseXml, textOf } from "../../../src/storage/objects/xml.ts";
import { escapeXml } from "../../../src/streams/escape_xml.ts";

describe("parseXml", () => {
  it("reads elements and text, whatever stands around them", () => {
    const root = parseXml(
      `\ufeff<?xml version="1.0" encoding="UTF-8"?>\r\n<!-- a > b --><a:List xmlns:a="http://x/" odd='>'>
        <Item n="1"><Key>one &amp; two</Key><Empty/></Item ><Item><Key><![CDATA[<three>&amp;]]></Key></Item>
        <Token></Token></a:List>\n`,
    )!;
    assert.equal(root.name, "List");
    assert.deepEqual(childrenOf(root, "Item").map((item) => textOf(item, "Key")), ["one & two", "<three>&amp;"]);
    assert.equal(textOf(childrenOf(root, "Item")[0]!, "Empty"), "");
    assert.equal(textOf(root, "Token"), "");
    assert.equal(textOf(root, "Missing"), undefined);
  });

  it("decodes the entities that XML has of its own, and leaves others as they are", () => {
    const text = (content: string) => parseXml(`<a>${content}</a>`)?.text;
    assert.equal(text("&lt;&gt;&amp;&quot;&apos;&#233;&#x1F600;"), "<>&\"'é\u{1f600}");
    assert.equal(text("&amp;lt;"), "&lt;");
    assert.equal(text("&other; &#x110000; &#; &"), "&other; &#x110000; &#; &");
  });

  it("refuses what is not whole", () => {
    for (
      const text of [
        "",
        "text",
        "<a>",
        "<a></b>",
        "</a>",
        "<a/><b/>",
        "<a></a>rest",
        "<a",
        "<a><b></a></b>",
        '{"a":1}',
        "<a></a></a>",
      ]
    ) assert.equal(parseXml(text), undefined, text);
  });

  it("takes no more than proportional time for hostile text", () => {
    for (
      const text of ["<a ".repeat(20_000), "<a>".repeat(20_000), "<!--".repeat(20_000), `<a ${'"'.repeat(20_000)}`]
    ) {
      const startedMs = performance.now();
      assert.equal(parseXml(text), undefined);
      assert.ok(performance.now() - startedMs < 3000, text.slice(0, 10));
    }
  });

  it("reads what escapeXml has written", () => {
    const text = `<&>"' &amp; ü`;
    assert.equal(parseXml(`<a>${escapeXml(text)}</a>`)?.text, text);
  });
});
