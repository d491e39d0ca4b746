import { createPipeline, hasSchema } from "../../api/pipelines.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(createPipeline, {
  description:
    `Each type needs its own flags: mp names those that are missing. The secrets of Azure and Snowflake come from
AZURE_CLIENT_SECRET and SNOWFLAKE_PASSWORD, or from --data. Types: gcs-raw, s3-raw and azure-raw write raw events;
bigquery, snowflake, aws, azure-blob and gcs-schema write tables or files with a schema, also of users.`,
  examples: [
    {
      text: "Raw events to a bucket, every day from a week ago",
      run: "mp pipelines create --pipeline-type gcs-raw --from 7d --gcs-bucket my-events --gcs-region us-central1",
    },
    {
      text: "A trial of 30 days in BigQuery",
      run:
        "mp pipelines create --pipeline-type bigquery --trial --bq-region US --gcp-project my-project --bq-dataset-name mixpanel",
    },
  ],
  // The API wants both said for every type with a schema, though there is but one choice for the first.
  prepare: ({ type, schema_type }) =>
    Promise.resolve(hasSchema(type) ? { sync: true, schema_type: schema_type ?? "monoschema" } : {}),
  present: ({ pipeline_names }) => ({ rows: pipeline_names.map((name) => ({ name })) }),
});
