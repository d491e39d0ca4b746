/** The events of each project as reports look at them. */
import { EventView } from "../../analytics/rows/event_view.ts";
import { codeOf, EventTable } from "../../analytics/table/event_table.ts";
import type { Events } from "./events.ts";
import type { Identities } from "./identities.ts";

interface Known {
  view: EventView;
  joins: number;
}

export class EventViews {
  readonly #known = new Map<number, Known>();

  constructor(private readonly events: Events, private readonly identities: Identities) {}

  /** A project's events as they are now. The view is kept for as long as nothing changes. */
  of(projectId: number): EventView {
    const table = this.#tableOf(projectId);
    const joins = this.identities.joinsOf(projectId);
    const known = this.#known.get(projectId);
    if (known?.view.table === table && known.view.version === table.version && known.joins === joins) return known.view;
    const canonical = this.#canonicalCodes(projectId, table);
    const view = new EventView(table, canonical);
    this.#known.set(projectId, { view, joins });
    return view;
  }

  /** For each id's code the one of the id that its person is known by, which needs not have events of its own. */
  #canonicalCodes(projectId: number, { people }: EventTable): Uint32Array | undefined {
    const canonicalIds = this.identities.canonicalIds(projectId);
    if (canonicalIds === undefined) return undefined;
    const joined: [number, number][] = [];
    for (const [id, canonicalId] of canonicalIds) {
      const code = people.find(id);
      if (code >= 0) joined.push([code, codeOf(people, canonicalId)]);
    }
    const codes = Uint32Array.from({ length: people.count }, (_, code) => code);
    for (const [code, canonical] of joined) codes[code] = canonical;
    return codes;
  }

  #tables = new Map<number, { table: EventTable; changes: number }>();

  #tableOf(projectId: number): EventTable {
    const known = this.#tables.get(projectId);
    if (known !== undefined && known.changes === this.events.changes) return known.table;
    const table = new EventTable();
    for (const page of this.events.visibleRows(projectId)) for (const row of page) table.append(row);
    this.#tables.set(projectId, { table, changes: this.events.changes });
    return table;
  }
}
