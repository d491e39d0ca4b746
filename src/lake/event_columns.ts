/** The columns that every event of a table has. */
export const EVENT = "event", TIME = "time", PERSON = "distinct_id", INSERT_ID = "$insert_id";
