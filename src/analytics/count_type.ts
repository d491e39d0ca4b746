/**
 * What is counted, in Mixpanel's words: `general` all events, `unique` distinct users, `average` events per user.
 */
export type CountType = "general" | "unique" | "average";
