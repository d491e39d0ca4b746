/** The variables that point `mp`, or a script, at a sandbox. */
import { SANDBOX } from "../../../sandbox/defaults.ts";

/** Names and values, in the order in which they are shown. None of them is a real secret. */
export function sandboxEnvironment(url: string): Record<string, string> {
  return {
    MP_API_BASE_URL: url,
    MP_PROJECT_ID: String(SANDBOX.projectId),
    MP_USERNAME: SANDBOX.username,
    MP_SECRET: SANDBOX.serviceSecret,
    MP_OAUTH_TOKEN: SANDBOX.oauthToken,
    MP_TOKEN: SANDBOX.token,
  };
}
