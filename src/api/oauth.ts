/** Access tokens, by RFC 6749. */
import { z } from "zod";
import { operation, post } from "./operation.ts";
import { choice, secret, text } from "./params.ts";

export const accessToken = operation({
  id: "oauth.token",
  summary: "trade credentials for an access token",
  routes: [post("oauth", "/token")],
  auth: [],
  body: { kind: "form" },
  // A token is not used up by asking for another one.
  repeatable: true,
  makesSecret: true,
  params: z.object({
    grant_type: choice(["client_credentials", "authorization_code", "refresh_token"], "What is traded")
      .default("client_credentials"),
    client_id: text("Id of the OAuth client", { placeholder: "ID" }),
    client_secret: secret("Secret of the OAuth client", "MP_CLIENT_SECRET").optional(),
    scope: text("Scopes, separated by spaces; default all").optional(),
    code: text("Authorization code").optional(),
    code_verifier: text("What the authorization request's challenge was made from").optional(),
    redirect_uri: text("Where the code was sent to", { placeholder: "URL" }).optional(),
    refresh_token: text("Refresh token").optional(),
  }),
  result: z.looseObject({
    access_token: z.string().min(1),
    token_type: z.string().optional(),
    expires_in: z.number().optional(),
    refresh_token: z.string().optional(),
    scope: z.string().optional(),
  }),
});
