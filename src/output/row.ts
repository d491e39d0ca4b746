/** One line of a table: named values of any kind. */
export type Row = Record<string, unknown>;
