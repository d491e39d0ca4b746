/** Profiles that were asked for, page by page, as one result. */
import type { z } from "zod";
import { call } from "../../../api/call.ts";
import { queryProfiles } from "../../../api/profile_queries.ts";
import type { Context } from "../../../cli/context.ts";
import { tellGap } from "../../../cli/list_gap.ts";
import { dataView } from "../../../cli/scope.ts";
import { inputError } from "../../../errors.ts";
import { formatNumber } from "../../../output/format.ts";
import { pageInfo, PageSequence, profilePages, type ProfilesPage } from "../../../jobs/profiles/profile_pages.ts";
import { stringifyJson } from "../../../streams/json/json.ts";

/** A screen. */
const TERMINAL_LIMIT = 30;

/** Fetches pages until `limit` profiles are there (0: all), and prints them. Only a terminal gets less by default. */
export async function listProfiles(
  context: Context,
  params: z.input<typeof queryProfiles.params>,
  limit = context.stdout.isTerminal && context.globals.output === undefined ? TERMINAL_LIMIT : 0,
): Promise<number | void> {
  const client = await context.client();
  const wanted = limit === 0 ? Infinity : limit;
  const pages: { text: string; data: unknown; result: ProfilesPage }[] = [];
  let received = 0;
  const sequence = new PageSequence();
  for await (const page of profilePages(client, { ...params, ...dataView(client) }, sequence)) {
    const result = page.result();
    pages.push({ text: page.text, data: page.data, result });
    received += result.results.length;
    if (received >= wanted) break;
  }
  await show(context, pages, wanted);
  const total = totalOf(pages);
  if (received >= wanted || (!sequence.hasMore && received >= (total ?? 0))) return;
  return await tellGap(context, { gap: `${received}${total === undefined ? "" : ` of ${total}`}: ${sequence.reason}` });
}

/** Fetches one page, as it is numbered in its session, and prints it. */
export async function showPage(context: Context, params: z.input<typeof queryProfiles.params>): Promise<void> {
  if ((params.page ?? 0) > 0 && params.session_id === undefined) {
    throw inputError(
      `Cannot ask for page ${params.page} alone: it belongs to a session`,
      "add --session-id, which the first page has in its JSON; or leave --page out to list all",
      "missing_argument",
    );
  }
  const client = await context.client();
  const adjust = params.session_id === undefined ? undefined : { countsAgainstQuota: false };
  const page = await call(client, queryProfiles, { ...params, ...dataView(client) }, { adjust });
  await show(context, [{ text: page.text, data: page.data, result: page.result() }], Infinity);
}

function totalOf([first]: { result: ProfilesPage }[]): number | undefined {
  return first && pageInfo(first.result, 0).total;
}

async function show(
  context: Context,
  pages: { text: string; data: unknown; result: ProfilesPage }[],
  wanted: number,
): Promise<void> {
  const [first] = pages;
  const results = pages.flatMap((page) => page.result.results).slice(0, wanted);
  const isWhole = pages.length === 1 && first !== undefined && results.length === first.result.results.length;
  const total = totalOf(pages);
  const merged = { status: "ok", total, results };
  const rows = results.map((one) => ({ $distinct_id: one.$distinct_id, ...one.$properties }));
  const isCut = total !== undefined && total > results.length && results.length >= wanted;
  const note = isCut ? `${formatNumber(results.length)} of ${formatNumber(total)}; --limit 0 shows all` : undefined;
  await context.print({
    text: isWhole ? first.text : stringifyJson(merged),
    data: isWhole ? first.data : merged,
    rows,
    notes: note === undefined ? [] : [note],
  });
  if (note !== undefined) await context.note(note);
}
