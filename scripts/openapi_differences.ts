/** Where the declarations differ from the published specification on purpose, and why. */

export interface KnownDifference {
  /** Ids of operations. */
  operation: RegExp;
  /** What the check says of them. */
  finding: RegExp;
  reason: string;
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    operation: /./,
    finding: /^credentials: oauth is not published$/,
    reason: "Bearer tokens work wherever service accounts do; the specification names them for some endpoints only",
  },
  {
    operation: /^export\.events$/,
    finding: /^credentials: service_account is not published$/,
    reason: "The guide of the export describes service accounts; the file lists the older credentials alone",
  },
  {
    operation: /^(ingestion\.import|identity\.merge|flags\.)/,
    finding: /^credentials: project_token is not published$/,
    reason: "The guides authenticate these with the project token as the user name",
  },
  {
    operation: /^ingestion\.import$/,
    finding: /^body: application\/x-ndjson/,
    reason: "The content type's parameter allows ndjson, the body's section forgets it; it is smaller and faster",
  },
  {
    operation: /^ingestion\.import$/,
    finding: /^query verbose: not published$/,
    reason: "It goes with strict=0 alone, whose answer does not say otherwise how many records were taken",
  },
  {
    operation: /^identity\.merge$/,
    finding: /^body\[\] properties token: not published$/,
    reason: "The guide asks for the token, the file leaves it out; it is sent when it is known",
  },
  {
    operation: /^ingestion\.track$/,
    finding: /^query (strict|test|redirect): not published$/,
    reason: "Parameters of the older reference, which the servers still take",
  },
  {
    operation: /^identity\.(identify|alias)$/,
    finding: /^query verbose: not published$/,
    reason: "Without it the answer has no reason of a refusal; the endpoint is /track, which takes it",
  },
  {
    operation: /^(profiles|groups)\.batch$/,
    finding: /^body: array, published string$/,
    reason: "The file types the body as a text; what works, and its example, is a list of updates",
  },
  {
    operation: /^groups\.(union|delete)$/,
    finding: /^body\[\] \$(union|delete): published as optional$/,
    reason: "The file names $unset and $set as required here by mistake",
  },
  {
    operation: /^profiles\.delete$/,
    finding: /^body\[\] \$ignore_alias: not declared$/,
    reason: "Updates may have more keys than are declared; the command has a flag for this one",
  },
  {
    operation: /^(annotations\.(create|tags\.create)|service_accounts\.create|gdpr\.(retrieve|delete))$/,
    finding: /: published as optional$/,
    reason: "The servers refuse a request without it, or it would say nothing",
  },
  {
    operation: /^query\.events(\.properties)?$/,
    finding: /^query (from|to)_date: published as required$/,
    reason: "Either the days or the interval is needed",
  },
  {
    operation: /^query\.events$/,
    finding: /^query (where|timezone): not published$/,
    reason: "Parameters of the older reference",
  },
  {
    operation: /^query\.events\.properties\.values$/,
    finding: /^query event: published as required$/,
    reason: "Without an event the values of all events come",
  },
  {
    operation: /^(query\.events\.properties\.values|query\.engage|export\.events)$/,
    finding: /^(query (bucket|page)|body page_size): not published$/,
    reason: "A parameter of the older reference",
  },
  {
    operation: /^query\.engage$/,
    finding: /^body (sort_key|sort_order|search): not published$/,
    reason: "Mixpanel's own client sends them, and the servers take them",
  },
  {
    operation: /^query\.segmentation$/,
    finding: /^query unit: also takes week$/,
    reason: "The older reference has it, and the servers take it",
  },
  {
    operation: /^query\.engage$/,
    finding: /^body behaviors: string\|array, published number$/,
    reason: "The file types it as a number; what works is a list, written as JSON text",
  },
  {
    operation: /^flags\.(create|update)$/,
    finding: /^body workspace_id: not declared$/,
    reason: "The path names the workspace already, and the field may be left out",
  },
  {
    operation: /^pipelines\.create$/,
    finding: /^body from_date: published as required$/,
    reason: "A trial needs none, as the parameter's own text says; without --trial it is checked",
  },
  {
    operation: /^pipelines\.create$/,
    finding: /^body sync: also takes false$/,
    reason: "The types with a schema always send true; the others do not send it",
  },
  {
    operation: /^pipelines\.create$/,
    finding: /^body (gcs|s3|bq)_region: takes any value/,
    reason: "Clouds open regions more often than specifications are written; the server knows which it takes",
  },
  {
    operation: /^warehouse\./,
    finding: /^body run_every: takes any value/,
    reason: "Schedules are typed as 1h, 1d, 7d or manual, and sent as the published numbers of nanoseconds, no others",
  },
];
