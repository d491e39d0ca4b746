/** Answers each message with what came. */
import { answerMessages } from "../../src/runtime/worker.ts";

answerMessages((message) => Promise.resolve(message));
