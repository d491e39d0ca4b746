/** Calls an operation through a client: checks, requests, fallback routes, envelope. */
import type { z } from "zod";
import { MpError } from "../errors.ts";
import { doubtHint, isChange } from "../client/doubt.ts";
import type { Answer, Client, SendOptions, WireRequest } from "../client/types.ts";
import { parseJson } from "../streams/json/json.ts";
import type { Operation } from "./operation.ts";
import { withOwnNames } from "./own_names.ts";
import { buildRequests, checkParams } from "./request.ts";

/** The answer to a call that succeeded has another form than the operation's. What was asked for has been done. */
export class UnexpectedAnswerError extends MpError {
  constructor(
    operationId: string,
    state: string,
    /** Whether the operation changes something, so that to ask again is not the way to see its answer. */
    readonly isOfChange: boolean,
    /** The answer as it came. */
    readonly text: string,
    readonly data: unknown,
  ) {
    super(`Cannot read the answer of ${operationId}: ${state}`, {
      category: "server",
      code: "unexpected_answer",
      hint: isOfChange ? undefined : "see it as it came with --format json",
      inDoubt: isOfChange,
    });
  }
}

export interface CallOptions extends SendOptions {
  /** Changes to the request that only the caller can know, such as a free later page. */
  adjust?: Partial<Pick<WireRequest, "countsAgainstQuota" | "timeoutMs" | "headers" | "repeatable" | "ifInDoubt">>;
}

/** What an operation answered. */
export interface CallResult<R> {
  /** The server's body, unchanged. */
  text: string;
  /** The parsed body, with every digit of its integers; the text itself when it is not JSON. */
  data: unknown;
  /**
   * The result without its envelope, in the operation's shape.
   *
   * @throws MpError (server) when the answer has another shape.
   */
  result(): R;
}

/** Calls an operation and reads its whole answer. */
export async function call<P extends z.ZodObject, R extends z.ZodType>(
  client: Client,
  operation: Operation<P, R>,
  params: z.input<P>,
  options: CallOptions = {},
): Promise<CallResult<z.output<R>>> {
  const { answer, request } = await send(client, operation, params, options);
  const text = await answer.text();
  const isText = operation.answer === "text" || operation.answer === "nothing";
  const data = isText ? text : parseBody(text, operation.id, request);
  return {
    text,
    data,
    result() {
      const inner = operation.envelope ? withoutEnvelope(data) : data;
      const outcome = operation.result.safeParse(inner);
      if (outcome.success) return withOwnNames(outcome.data, inner);
      const issue = outcome.error.issues[0];
      const state = `unexpected shape at ${issue?.path.join(".") || "the top"}`;
      throw new UnexpectedAnswerError(operation.id, state, isChange(request), text, data);
    },
  };
}

/** The result of a step among others; `otherwise` where the answer has another shape, which is no reason to stop. */
export function readOr<R>(answer: CallResult<R>, otherwise: R): R {
  try {
    return answer.result();
  } catch (error) {
    if (!(error instanceof UnexpectedAnswerError)) throw error;
    return otherwise;
  }
}

/** Calls an operation and returns its answer unread: a stream of lines, as a rule. */
export async function stream<P extends z.ZodObject, R extends z.ZodType>(
  client: Client,
  operation: Operation<P, R>,
  params: z.input<P>,
  options: CallOptions = {},
): Promise<Answer> {
  return (await send(client, operation, params, options)).answer;
}

/** Sends an operation's request, by the first route that is there. */
async function send<P extends z.ZodObject, R extends z.ZodType>(
  client: Client,
  operation: Operation<P, R>,
  params: z.input<P>,
  { adjust, ...options }: CallOptions = {},
): Promise<{ answer: Answer; request: WireRequest }> {
  const checked = checkParams(operation as Operation<P>, params);
  const requests = buildRequests(operation as unknown as Operation, checked, client.connection);
  let missing: MpError | undefined;
  for (const built of requests) {
    const request = { ...built, ...adjust };
    try {
      return { answer: await client.send(request, options), request };
    } catch (error) {
      if (!(error instanceof MpError) || !error.endpointMissing) throw error;
      missing ??= error;
    }
  }
  throw missing;
}

/** Takes `results` out of `{status, results}`; an answer without the envelope is returned as it is. */
export function withoutEnvelope(data: unknown): unknown {
  const isObject = typeof data === "object" && data !== null && !Array.isArray(data);
  return isObject && "results" in data && "status" in data ? data.results : data;
}

function parseBody(text: string, operationId: string, request: WireRequest): unknown {
  if (text.trim() === "") return undefined;
  try {
    return parseJson(text);
  } catch (cause) {
    throw new MpError(`Cannot read the answer of ${operationId}: it is not JSON`, {
      category: "server",
      code: "unexpected_answer",
      serverMessage: text.slice(0, 200),
      hint: doubtHint(request) ?? "check the region and the host with 'mp whoami'",
      inDoubt: isChange(request),
      cause,
    });
  }
}
