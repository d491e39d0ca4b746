/** Why a record could not be mapped. */
export class MapProblem {
  /**
   * @param field what of the record is meant, or `record`
   * @param reason in the words of a message
   * @param isSkipped true when nothing is wrong with the record, but it is meant for something else
   */
  constructor(readonly field: string, readonly reason: string, readonly isSkipped = false) {}
}
