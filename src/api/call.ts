/** Calls an operation through a client: checks, requests, fallback routes, envelope. */
import type { z } from "zod";
import { MpError } from "../errors.ts";
import { doubtHint, isChange } from "../client/doubt.ts";
import { seenInstead, seenOfChange } from "../client/error_body.ts";
import { LARGEST_ANSWER_BYTES } from "../client/errors.ts";
import { formatSize } from "../client/wording.ts";
import type { Answer, Client, SendOptions, WireRequest } from "../client/types.ts";
import { stringifyJson } from "../streams/json/json.ts";
import { canBeOfChange } from "./done_answer.ts";
import { readAnswerBody, type ReadBody } from "./answer_body.ts";
import type { Operation } from "./operation.ts";
import { listedBy, paramMeta } from "./params.ts";
import { withOwnNames } from "./own_names.ts";
import { issuePath } from "./problems.ts";
import { followPages, type PageQuery, RefusedPage } from "./pages.ts";
import { buildRequests, checkParams } from "./request.ts";

/** The answer to a call that succeeded has another form than the operation's. What was asked for has been done. */
export class UnexpectedAnswerError extends MpError {
  constructor(
    readonly operationId: string,
    readonly state: string,
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

  /** The same, with another form of the answer. */
  showing(text: string, data: unknown): UnexpectedAnswerError {
    return new UnexpectedAnswerError(this.operationId, this.state, this.isOfChange, text, data);
  }
}

export interface CallOptions extends SendOptions {
  /** Changes to the request that only the caller can know, such as a free later page. */
  adjust?: Partial<Pick<WireRequest, "countsAgainstQuota" | "timeoutMs" | "headers" | "repeatable" | "ifInDoubt">>;
  /** Take a list that is not whole, and say so in `gap`. Otherwise it is an error. */
  partial?: boolean;
  /** Take a page as it came: the caller follows the others. */
  onePage?: boolean;
  /** What the user calls a parameter, where not by its flag. */
  called?(key: string): string | undefined;
}

/** What is about the request, and not about what is made of its answer. */
type OpenOptions = Omit<CallOptions, "partial" | "onePage">;

/** What a server says to a page that it does not know. */
const REFUSALS: ReadonlySet<string> = new Set(["input", "not_found", "server"]);

/** What an operation answered. */
export interface CallResult<R> {
  /** The server's body, unchanged. */
  text: string;
  /** The parsed body, with every digit of its integers; the text itself when it is not JSON. */
  data: unknown;
  /** Of a list that is not whole: what came of it, and why no more, in words. */
  gap?: string;
  /**
   * The result without its envelope, in the operation's shape.
   *
   * @throws MpError (server) when the answer has another shape.
   */
  result(): R;
}

/**
 * Calls an operation and reads its whole answer: all pages of a list, whose text is then that of all of them.
 *
 * @throws MpError, also (server) for a list that is not whole, unless `partial` is asked for.
 */
export async function call<P extends z.ZodObject, R extends z.ZodType>(
  client: Client,
  operation: Operation<P, R>,
  params: z.input<P>,
  options: CallOptions = {},
): Promise<CallResult<z.output<R>>> {
  const { partial = false, onePage = false, ...sendOptions } = options;
  const { answer, request } = await open(client, operation, params, sendOptions);
  const text = await answer.text();
  const isDone = operation.isDone?.(text, answer) ?? (!isChange(request) || canBeOfChange(text, operation));
  if (!isDone) throw inDoubt(operation.id, text, doubtHint(request));
  const isText = isTextAnswer(operation as unknown as Operation, params);
  const read = (body: string, { headers }: Answer) =>
    readAnswerBody(body, headers.get("content-type"), operation.id, doubtHint(request));
  const body: ReadBody = isText ? { text, data: text } : read(text, answer);
  let held = text.length;
  const askPage = async (page: PageQuery): Promise<unknown> => {
    const names = new Set(page.map(([name]) => name));
    const query = [...request.query.filter(([name]) => !names.has(name)), ...page];
    try {
      const next = await client.send({ ...request, query }, sendOptions);
      const nextText = await next.text();
      held += nextText.length;
      return held > LARGEST_ANSWER_BYTES
        ? new RefusedPage(`its pages are larger than ${formatSize(LARGEST_ANSWER_BYTES)}`)
        : read(nextText, next).data;
    } catch (error) {
      // expected: what the server does not give, which is told beside what came; other errors may pass with time
      if (error instanceof MpError && REFUSALS.has(error.category)) return new RefusedPage(error.message);
      throw error;
    }
  };
  const pages = isText || onePage || !isListing(request, params)
    ? undefined
    : await followPages(body.data, askPage, (params as { limit?: number }).limit);
  const gap = pages === undefined ? body.gap : pages.gap;
  if (gap !== undefined && !partial) throw incompleteList(operation.id, gap);
  const whole = pages === undefined ? body : { text: stringifyJson(pages.data), data: pages.data, gap };
  const result = resultOf(operation, isChange(request), whole);
  if (!isText && !isChange(request) && isEmpty(withoutEnvelope(whole.data)) && !isUnderstood(result)) {
    throw emptyAnswer(operation.id, text);
  }
  return result;
}

/** Nothing of no certain form could be taken for a list without items. */
const isEmpty = (data: unknown): boolean => data === undefined || data === null || Object.keys(data).length === 0;

function isUnderstood(answer: CallResult<unknown>): boolean {
  try {
    answer.result();
    return true;
  } catch (error) {
    if (!(error instanceof UnexpectedAnswerError)) throw error;
    return false;
  }
}

function emptyAnswer(operationId: string, text: string): MpError {
  return new MpError(`Cannot read the answer of ${operationId}: there is nothing in it`, {
    category: "server",
    code: "unexpected_answer",
    serverMessage: seenInstead(text),
    hint: "check the region and the host with 'mp whoami'",
  });
}

function resultOf<P extends z.ZodObject, R extends z.ZodType>(
  operation: Operation<P, R>,
  isOfChange: boolean,
  answer: Pick<CallResult<unknown>, "text" | "data" | "gap">,
): CallResult<z.output<R>> {
  return {
    ...answer,
    result() {
      const { data } = answer;
      const opened = withoutEnvelope(data);
      const inner = operation.envelope ? opened : data;
      const outcome = operation.result.safeParse(inner);
      if (outcome.success) return withOwnNames(outcome.data, inner);
      // The reference's standard answer has the envelope everywhere.
      const inside = operation.result.safeParse(opened);
      if (inside.success) return withOwnNames(inside.data, opened);
      const issue = outcome.error.issues[0];
      const state = `unexpected shape at ${(issue && issuePath(issue).join(".")) || "the top"}`;
      throw new UnexpectedAnswerError(operation.id, state, isOfChange, answer.text, data);
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

/** Whether an answer is text, by its declaration or by what was asked for. */
export function isTextAnswer({ answer, textWith = {} }: Operation, params: Record<string, unknown>): boolean {
  return answer === "text" || answer === "nothing" ||
    Object.entries(textWith).some(([name, value]) => params[name] === value);
}

/** Whether an answer can be one page of several, and nobody has asked for a certain one. */
function isListing(request: WireRequest, params: Record<string, unknown>): boolean {
  const reads = request.method === "GET" || (request.repeatable && request.family.startsWith("query"));
  return reads && params.page === undefined && params.session_id === undefined;
}

function inDoubt(operationId: string, text: string, hint: string | undefined): MpError {
  return new MpError(
    `Cannot tell what became of ${operationId}: the answer does not say, so that it may have been done`,
    {
      category: "server",
      code: "unexpected_answer",
      ...seenOfChange(text),
      hint,
      inDoubt: true,
    },
  );
}

function incompleteList(operationId: string, gap: string): MpError {
  return new MpError(`Cannot read the whole list of ${operationId}: ${gap}`, {
    category: "server",
    code: "incomplete_list",
    hint: "see what came with 'mp api', and ask Mixpanel's support for the rest",
  });
}

/** Calls an operation and returns its answer unread: a stream of lines, as a rule. */
export async function stream<P extends z.ZodObject, R extends z.ZodType>(
  client: Client,
  operation: Operation<P, R>,
  params: z.input<P>,
  options: OpenOptions = {},
): Promise<Answer> {
  return (await open(client, operation, params, options)).answer;
}

/** The answer of the first route that exists, and the request that led to it. */
async function open<P extends z.ZodObject, R extends z.ZodType>(
  client: Client,
  operation: Operation<P, R>,
  params: z.input<P>,
  { adjust, called, ...options }: OpenOptions,
): Promise<{ answer: Answer; request: WireRequest }> {
  const checked = checkParams(operation as Operation<P>, params, called);
  const requests = buildRequests(operation as unknown as Operation, checked, client.connection);
  let missing: MpError | undefined;
  for (const declared of requests) {
    const request = { ...declared, ...adjust };
    try {
      return { answer: await client.send(request, options), request };
    } catch (error) {
      if (!(error instanceof MpError) || !error.endpointMissing) {
        throw withList(error, operation.params, declared, params);
      }
      missing ??= error;
    }
  }
  throw missing;
}

/** An error about something that is not there, with the command that lists what is. */
function withList(
  error: unknown,
  { shape }: z.ZodObject,
  { path }: WireRequest,
  given: Record<string, unknown>,
): unknown {
  if (!(error instanceof MpError) || !isAboutAbsence(error)) return error;
  const lists = Object.entries(shape as Record<string, z.ZodType>)
    .filter(([name]) => given[name] !== undefined)
    .map(([, schema]) => paramMeta(schema))
    // An event that nobody has sent is no error: what is missing is something else.
    .filter(({ completes, lists }) => lists !== undefined || (completes !== "events" && completes !== "properties"))
    .map(listedBy);
  const list = lists.find((one) => one !== undefined) ??
    (path.startsWith("/projects/") ? listedBy({ completes: "projects" }) : undefined);
  if (list === undefined) return error;
  const hint = `'${list}' shows what there is${error.hint === undefined ? "" : `; ${error.hint}`}`;
  return new MpError(error.message, { ...error, hint, cause: error });
}

/** Some endpoints say it with the status of a bad request. */
function isAboutAbsence({ category, status, serverMessage = "" }: MpError): boolean {
  return category === "not_found" ||
    (category === "input" && status === 400 && /not found|does not exist|no such/i.test(serverMessage));
}

/** Takes `results` out of `{status, results}` and `{results, pagination}`; an answer without the envelope is returned as it is. */
export function withoutEnvelope(data: unknown): unknown {
  const isObject = typeof data === "object" && data !== null && !Array.isArray(data);
  return isObject && "results" in data && ("status" in data || "pagination" in data) ? data.results : data;
}
