/** How the time of an event is written as text: by ISO 8601 in UTC, or as a number since 1970. */
export const TIME_FORMS = ["iso", "seconds", "milliseconds"] as const;
export type TimeForm = (typeof TIME_FORMS)[number];
