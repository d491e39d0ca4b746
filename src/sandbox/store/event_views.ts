/** The events of each project as reports look at them. */
import { EventView } from "../../analytics/rows/event_view.ts";
import type { Events } from "./events.ts";

export class EventViews {
  readonly #known = new Map<number, EventView>();

  constructor(private readonly events: Events) {}

  /** A project's events as they are now. The view is kept for as long as nothing changes. */
  of(projectId: number): EventView {
    const table = this.events.table(projectId);
    const canonical = this.events.people(projectId);
    const known = this.#known.get(projectId);
    if (known?.table === table && known.version === table.version && known.canonical === canonical) return known;
    const view = new EventView(table, canonical);
    this.#known.set(projectId, view);
    return view;
  }

  /** The same, each event with the id that it was sent with. */
  asSent(projectId: number): EventView {
    return new EventView(this.events.table(projectId));
  }
}
