/** Every kind of storage whose addresses begin with a scheme: a folder, and a line here. */
export { s3Backend } from "./s3/backend.ts";
export { gcsBackend } from "./gcs/backend.ts";
export { azureBackend } from "./azure/backend.ts";
