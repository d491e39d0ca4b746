/** An event as the raw export writes it. */
import type { EventRow } from "../store/events.ts";

/** JSON text of an event: `{"event":…,"properties":{"time":…,…}}`. The properties are as they were sent. */
export function exportedLine({ name, timeMs, properties }: EventRow, timeInMs: boolean): string {
  return exportedEvent(exportedHead(name), timeInMs ? timeMs : Math.floor(timeMs / 1000), properties);
}

/** What stands before the time; the same for all events of a name. */
export function exportedHead(name: string): string {
  return `{"event":${JSON.stringify(name)},"properties":{"time":`;
}

export function exportedEvent(head: string, time: number, properties: string): string {
  return properties === "{}" ? `${head}${time}}}` : `${head}${time},${properties.slice(1)}}`;
}
