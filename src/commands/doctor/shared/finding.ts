/** What one look of `mp doctor` found. */
export interface Finding {
  /** What was looked at. */
  check: string;
  /** `problem` stops some command, `warning` may, `skipped` could not be looked at. */
  result: "ok" | "warning" | "problem" | "skipped";
  detail: string;
  /** The command or setting that fixes it. */
  fix?: string;
}

export const ok = (check: string, detail: string): Finding => ({ check, result: "ok", detail });
export const skipped = (check: string, detail: string): Finding => ({ check, result: "skipped", detail });
export const warning = (check: string, detail: string, fix?: string): Finding => ({
  check,
  result: "warning",
  detail,
  fix,
});
export const foundProblem = (check: string, detail: string, fix?: string): Finding => ({
  check,
  result: "problem",
  detail,
  fix,
});
