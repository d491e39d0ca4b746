/** A server of the Model Context Protocol over one connection, whatever it offers. */
import { isObject } from "../streams/json/is_object.ts";
import { stringifyJson } from "../streams/json/json.ts";
import { confirmationForm, isConfirmed, OpenQuestions, QuestionOpen } from "./confirmation.ts";
import { RPC_ERRORS, type RpcCall, RpcError, RpcPeer } from "./rpc.ts";
import type { McpAnswer, McpLogLevel, McpService, McpToolCall } from "./service.ts";
import {
  agreedVersion,
  clientOf,
  logLevelOf,
  type McpClient,
  statelessClient,
  statelessResult,
  statelessVersions,
} from "./versions.ts";

/** Of the protocol's levels, in their order. */
const LEVELS = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"];

export interface McpServerOptions {
  write(line: string): Promise<void>;
  onFault(fault: unknown): void;
  /** Makes texts that nobody can guess. */
  newKey(): string;
}

/** The server, whose connection begins to answer when it listens. */
export function mcpServer(service: McpService, { newKey, ...options }: McpServerOptions): RpcPeer {
  const server = new McpServer(service, new OpenQuestions(newKey));
  const peer: RpcPeer = new RpcPeer({ ...options, answer: (call) => server.answer(call, peer) });
  return peer;
}

class McpServer {
  readonly #service: McpService;
  readonly #questions: OpenQuestions;
  /** Until a client has said what it is, the least is assumed. */
  #client = clientOf("2024-11-05", {});
  #logLevel: unknown;

  constructor(service: McpService, questions: OpenQuestions) {
    this.#service = service;
    this.#questions = questions;
  }

  async answer(call: RpcCall, peer: RpcPeer): Promise<Record<string, unknown>> {
    const client = statelessClient(call.params) ?? this.#client;
    const result = await this.#result(call, client, peer);
    return client.isStateless ? statelessResult(call.method, result, this.#info()) : result;
  }

  async #result(call: RpcCall, client: McpClient, peer: RpcPeer): Promise<Record<string, unknown>> {
    const { method, params } = call;
    switch (method) {
      case "initialize": {
        this.#client = clientOf(agreedVersion(params.protocolVersion), params.capabilities);
        return {
          protocolVersion: this.#client.version,
          capabilities: { ...CAPABILITIES, logging: {} },
          serverInfo: this.#info(),
          instructions: this.#service.instructions,
        };
      }
      case "server/discover":
        return {
          supportedVersions: statelessVersions(),
          capabilities: CAPABILITIES,
          instructions: this.#service.instructions,
        };
      case "ping":
        return {};
      case "logging/setLevel":
        if (!LEVELS.includes(String(params.level))) throw invalid(`There is no level ${shown(params.level)}`);
        this.#logLevel = params.level;
        return {};
      case "tools/list":
        return { tools: await this.#service.tools() };
      case "tools/call":
        return await this.#callTool(call, client, peer);
      case "resources/list":
        return { resources: this.#service.resources() };
      case "resources/templates/list":
        return { resourceTemplates: this.#service.resourceTemplates() };
      case "resources/read": {
        const uri = String(params.uri);
        return { contents: [{ uri, ...await this.#service.read(uri) }] };
      }
      default:
        throw new RpcError(RPC_ERRORS.methodNotFound, `There is no method ${method}`);
    }
  }

  #info(): Record<string, unknown> {
    const { name, title, version } = this.#service;
    return { name, title, version };
  }

  async #callTool({ params, signal }: RpcCall, client: McpClient, peer: RpcPeer): Promise<Record<string, unknown>> {
    const { name, arguments: given = {} } = params;
    if (typeof name !== "string" || !isObject(given)) throw invalid("tools/call takes a name and an object, arguments");
    // The question decides, not what the tool has made of the error.
    let open: QuestionOpen | undefined;
    const request = stringifyJson([name, given]);
    const answered = this.#questions.answered(request, params);
    const confirm = async (question: string): Promise<boolean> => {
      if (!client.isStateless) {
        return isConfirmed(await peer.ask("elicitation/create", confirmationForm(question), signal));
      }
      if (answered?.question === question) return answered.isConfirmed;
      throw open = new QuestionOpen(question);
    };
    const outcome = await this.#service.call({
      name,
      arguments: given,
      signal,
      canAsk: client.canAsk,
      confirm,
      ...this.#channels(params, client, peer),
    }).catch((error) => {
      if (open === undefined) throw error;
      return undefined;
    });
    if (open !== undefined) return this.#questions.ask(request, open.question);
    return contentOf(outcome!, client);
  }

  /** Progress, which is for a request that asks for it, and the log. */
  #channels(
    params: Readonly<Record<string, unknown>>,
    client: McpClient,
    peer: RpcPeer,
  ): Pick<McpToolCall, "progress" | "log"> {
    const token = isObject(params._meta) ? params._meta.progressToken : undefined;
    const least = LEVELS.indexOf(String(client.isStateless ? logLevelOf(params) : this.#logLevel));
    let last = -1;
    // expected: a connection that has ended, of which the answer itself tells
    const notify = (method: string, told: Record<string, unknown>) => void peer.notify(method, told).catch(() => {});
    return {
      progress({ done, total, message }) {
        if ((typeof token !== "string" && typeof token !== "number") || done <= last) return;
        last = done;
        notify("notifications/progress", {
          progressToken: token,
          progress: done,
          ...total !== undefined && { total },
          ...message !== undefined && { message },
        });
      },
      log(level: McpLogLevel, text) {
        if (least < 0 || LEVELS.indexOf(level) < least) return;
        notify("notifications/message", { level, logger: "mp", data: text });
      },
    };
  }
}

const CAPABILITIES = { tools: {}, resources: {} };

function contentOf({ text, isError = false, resource }: McpAnswer, client: McpClient): Record<string, unknown> {
  const link = resource !== undefined && client.takesLinks ? [{ type: "resource_link", ...resource }] : [];
  return { content: [{ type: "text", text }, ...link], ...isError && { isError } };
}

const invalid = (message: string): RpcError => new RpcError(RPC_ERRORS.invalidParams, message);
const shown = (value: unknown): string => stringifyJson(value) ?? "";
