/** What somebody has to know before events are deleted: how Mixpanel reads the filters, and how many events there are. */
import { call } from "../api/call.ts";
import { previewDeletion } from "../api/data_governance.ts";
import { segmentation } from "../api/query.ts";
import type { Client } from "../client/types.ts";

/** The events that are meant; days are in the project's time zone. */
interface MeantEvents {
  eventName: string;
  fromDate: string;
  toDate: string;
  filters?: Record<string, unknown>;
}

export interface DeletionPreview {
  /** The filters as Mixpanel has them, where there are any. */
  filters?: unknown;
  /** Events of that name in these days, before the filters. It counts as one query. */
  count: number;
}

export async function deletionPreview(client: Client, meant: MeantEvents): Promise<DeletionPreview> {
  const { eventName: event, fromDate: from_date, toDate: to_date, filters } = meant;
  const read = filters === undefined ? undefined : (await call(client, previewDeletion, meant)).result();
  const { data } = (await call(client, segmentation, { event, from_date, to_date })).result();
  const counts = Object.values(data.values).flatMap((days) => Object.values(days));
  return { filters: read, count: counts.reduce((sum: number, one) => sum + Number(one), 0) };
}
