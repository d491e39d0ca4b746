/** Who may see and control the sandbox: programs of this machine, and in a browser only the sandbox's own page. */
import { type AccessRule, anyone } from "../authentication.ts";
import { Refusal } from "../refusal.ts";

/** Stands for a JSON body where there is none, or where a program cannot label it. */
const CONTROL_HEADER = "x-mp-sandbox";

/** Requests from this machine alone. */
export const fromHere: AccessRule = (call) => {
  const { request, remoteAddress } = call;
  // A caller inside this program has no address.
  if (!/^(?:127\.|::1$|::ffff:127\.|$)/.test(remoteAddress)) {
    throw new Refusal(403, "the sandbox's controls can be reached from its own machine only");
  }
  // Old browsers do not say which page sends a form; none of them can send these.
  const isJson = /^application\/json\b/i.test(request.headers.get("content-type") ?? "");
  if (request.method === "POST" && !isJson && !request.headers.has(CONTROL_HEADER)) {
    throw new Refusal(
      415,
      `the sandbox's controls take 'content-type: application/json', or a header ${CONTROL_HEADER}`,
    );
  }
  return anyone(call);
};
