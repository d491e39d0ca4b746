/** Questions to the person behind a client, as each version of the protocol asks them. */
import { isObject } from "../streams/json/is_object.ts";

const FIELD = "confirm";

/** The parameters of `elicitation/create` for a question whose answer is yes or no. */
export function confirmationForm(question: string): Record<string, unknown> {
  return {
    message: question,
    requestedSchema: {
      type: "object",
      properties: { [FIELD]: { type: "boolean", title: "Yes, do it", description: question } },
      required: [FIELD],
    },
  };
}

/** Whether the answer to the form is a yes, and nothing else. */
export function isConfirmed(answer: unknown): boolean {
  return isObject(answer) && answer.action === "accept" && isObject(answer.content) && answer.content[FIELD] === true;
}

/** Thrown where a question must go to the client as the result of its request. */
export class QuestionOpen extends Error {
  constructor(readonly question: string) {
    super("A person must be asked first");
  }
}

const MOST_OPEN = 100;

/**
 * Questions that were sent as results. Each is for one request with its parameters, and is answered once: an answer to
 * anything else is none.
 */
export class OpenQuestions {
  readonly #open = new Map<string, { request: string; question: string }>();
  readonly #newKey: () => string;

  /** @param newKey makes texts that nobody can guess. */
  constructor(newKey: () => string) {
    this.#newKey = newKey;
  }

  /** The result that asks. */
  ask(request: string, question: string): Record<string, unknown> {
    const [oldest] = this.#open.keys();
    if (this.#open.size >= MOST_OPEN) this.#open.delete(oldest!);
    const requestState = this.#newKey();
    this.#open.set(requestState, { request, question });
    const form = { method: "elicitation/create", params: { mode: "form", ...confirmationForm(question) } };
    return { resultType: "input_required", inputRequests: { [FIELD]: form }, requestState };
  }

  /** What was answered to which question; undefined where nothing was asked for this request. */
  answered(request: string, { requestState, inputResponses }: Readonly<Record<string, unknown>>): {
    question: string;
    isConfirmed: boolean;
  } | undefined {
    const asked = typeof requestState === "string" ? this.#open.get(requestState) : undefined;
    if (asked === undefined || asked.request !== request) return undefined;
    this.#open.delete(String(requestState));
    const answer = isObject(inputResponses) ? inputResponses[FIELD] : undefined;
    return { question: asked.question, isConfirmed: isConfirmed(answer) };
  }
}
