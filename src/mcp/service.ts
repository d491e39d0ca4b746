/** What a server of the Model Context Protocol offers, in terms that its versions share. */

/** A tool as clients list it. */
export interface McpTool {
  name: string;
  title: string;
  description: string;
  /** A JSON schema of type `object`. */
  inputSchema: Record<string, unknown>;
  annotations: {
    readOnlyHint: boolean;
    destructiveHint: boolean;
    idempotentHint?: boolean;
    openWorldHint: boolean;
  };
}

/** Something that a client can read whole. */
export interface McpResource {
  uri: string;
  name: string;
  description: string;
  mimeType: string;
}

export interface McpResourceTemplate {
  uriTemplate: string;
  name: string;
  description: string;
  mimeType: string;
}

/** What a tool has to say. */
export interface McpAnswer {
  text: string;
  isError?: boolean;
  /** The whole of what the text is the beginning of. */
  resource?: McpResource;
}

export type McpLogLevel = "debug" | "info" | "warning" | "error";

/** A call of a tool, and what can be done while it lasts. */
export interface McpToolCall {
  name: string;
  arguments: Readonly<Record<string, unknown>>;
  signal: AbortSignal;
  /** Whether the client can ask a person. */
  canAsk: boolean;
  /** Asks a person for a yes or no through the client. Only where `canAsk`. */
  confirm(question: string): Promise<boolean>;
  /** How far the work is; `done` never falls. */
  progress(state: { done: number; total?: number; message?: string }): void;
  /** For the client's log. */
  log(level: McpLogLevel, text: string): void;
}

export interface McpService {
  name: string;
  title: string;
  version: string;
  /** How to use the tools together, for the model. */
  instructions: string;
  tools(): Promise<McpTool[]>;
  /** @throws RpcError for a tool that does not exist; what goes wrong in a tool is an answer with `isError`. */
  call(call: McpToolCall): Promise<McpAnswer>;
  resources(): McpResource[];
  resourceTemplates(): McpResourceTemplate[];
  /** @throws RpcError where nothing is behind the address. */
  read(uri: string): Promise<{ mimeType: string; text: string }>;
}
