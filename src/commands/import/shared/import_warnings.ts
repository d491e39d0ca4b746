/** What an import sends, and may not be what was meant: counted by kind and column, with the first of each. */
import { cleanLine } from "../../../output/clean.ts";
import { formatNumber } from "../../../output/format.ts";
import type { TableWarning } from "../../../records/read/column_warnings.ts";
import { type RecordProblem, ruleProblem } from "../../../records/record_rules.ts";

/** The warnings of one kind about one field. */
export interface WarningGroup {
  rule: string;
  field?: string;
  count: number;
  /** Where the first is. */
  source: string;
  line: number;
  reason: string;
}

/** A warning about a table in the words of its rule, with what to type. */
export function tableProblem({ rule, column, reason, hint }: TableWarning): RecordProblem {
  return ruleProblem(rule, { field: column, detail: hint === undefined ? reason : `${reason}; ${hint}` });
}

export class ImportWarnings {
  readonly #groups = new Map<string, WarningGroup>();
  /** How many of each group have been said. */
  readonly #said = new Map<WarningGroup, number>();

  add(place: { source: string; line: number }, { rule, field, reason }: RecordProblem): void {
    const key = JSON.stringify([rule, field]);
    const known = this.#groups.get(key);
    if (known === undefined) this.#groups.set(key, { rule, field, count: 1, ...place, reason });
    else known.count++;
  }

  get groups(): WarningGroup[] {
    return [...this.#groups.values()];
  }

  /** What has not been said yet, in lines. */
  takeLines(namesSource: boolean): string[] {
    const lines: string[] = [];
    for (const group of this.#groups.values()) {
      const { source, line, reason, count } = group;
      const before = this.#said.get(group) ?? 0;
      if (before === count) continue;
      this.#said.set(group, count);
      const place = namesSource ? `${cleanLine(source)}, line ${line}` : `line ${line}`;
      const many = count > 1 ? ` (${formatNumber(count)} times)` : "";
      lines.push(`  warning: ${place}: ${cleanLine(reason)}${many}`);
    }
    return lines;
  }
}
