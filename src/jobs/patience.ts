/** How long a job waits, in all, for a quota's next slot, or for a server that says when to come back. */
export const JOB_PATIENCE_MS: number = 6 * 3_600_000;
