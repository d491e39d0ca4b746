/** A record that cannot become a row. */

/** Its message goes on after the name of the record, as in `Cannot write line 3: ` + message. */
export class MisfitError extends Error {
  /**
   * @param reason such as `is not a JSON object`
   * @param line in the block that was given, from 1
   * @param column that the value does not fit, or that the record has and the file lacks
   */
  constructor(readonly reason: string, readonly line: number, readonly column?: string) {
    super(column === undefined ? `line ${line} ${reason}` : `line ${line}: "${column}" ${reason}`);
    this.name = "MisfitError";
  }
}
