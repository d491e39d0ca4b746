/** Profiles, a thousand a page, each page after a while. */
import { gzipSync } from "node:zlib";

export const PAGE_SIZE = 1000;
const SESSION = "1790000000-bench";

/** Answers `pages` pages, each after `pageMs` milliseconds. */
export function engageHandler(pages: number, pageMs: number): (request: Request) => Promise<Response> {
  const bodies = Array.from({ length: pages }, (_, page) => gzipSync(pageText(page, pages), { level: 6 }));
  return async (request) => {
    const form = new URLSearchParams(await request.text());
    const page = Number(form.get("page") ?? 0);
    const body = bodies[page];
    if (body === undefined || (page > 0 && form.get("session_id") !== SESSION)) {
      return Response.json({ error: "no such page in this session" }, { status: 400 });
    }
    await new Promise((resolve) => setTimeout(resolve, pageMs));
    return new Response(body as BodyInit, {
      headers: { "content-type": "application/json", "content-encoding": "gzip" },
    });
  };
}

function pageText(page: number, pages: number): string {
  const results = Array.from({ length: PAGE_SIZE }, (_, index) => profile(page * PAGE_SIZE + index));
  return `{"page":${page},"page_size":${PAGE_SIZE},"session_id":"${SESSION}","status":"ok",` +
    `"total":${pages * PAGE_SIZE},"results":[${results.join(",")}]}`;
}

function profile(number: number): string {
  return `{"$distinct_id":"user-${number}","$properties":{"$email":"user-${number}@example.com",` +
    `"$first_name":"Zoë ${number % 977}","$last_seen":"2026-09-${String(number % 30 + 1).padStart(2, "0")}T10:00:00",` +
    `"$city":"Köln","plan":"${number % 5 === 0 ? "pro" : "free"}","account":1${String(number).padStart(18, "0")},` +
    `"visits":${number % 331},"tags":["a","b\\n${number % 7}"],"beta":${number % 3 === 0}}}`;
}
