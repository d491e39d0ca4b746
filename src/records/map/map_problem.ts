/** Why a record could not be mapped. */
export class MapProblem {
  /**
   * @param rule `skipped`: nothing is wrong with the record, but it is meant for something else
   * @param field what of the record is meant, or `record`
   * @param reason in the words of a message
   */
  constructor(
    readonly rule: "not_an_object" | "misfit" | "skipped",
    readonly field: string,
    readonly reason: string,
  ) {}
}
