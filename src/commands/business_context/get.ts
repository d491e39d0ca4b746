import { z } from "zod";
import { getContext, getOrganizationContext } from "../../api/business_context.ts";
import { call } from "../../api/call.ts";
import { command } from "../../cli/command.ts";
import { ifUnderstood } from "../../cli/operation_command.ts";
import { organizationMeant, WHOSE } from "./shared/whose.ts";

export default command({
  summary: "print what the project or its organization is about, as people have written it",
  description: "--jq '.results.content' prints the text alone.",
  examples: [
    { text: "The project's", run: "mp business-context get" },
    { text: "To a file", run: "mp business-context get --jq .results.content > context.md" },
    { text: "The organization's", run: "mp business-context get --org" },
  ],
  operations: [getContext, getOrganizationContext],
  input: z.object(WHOSE),
  async run(context, whose) {
    const organization = await organizationMeant(context, whose);
    const client = await context.client();
    const answer = organization === undefined
      ? await call(client, getContext, {})
      : await call(client, getOrganizationContext, organization);
    const found = await ifUnderstood(context, () => answer.result());
    await context.print(found === undefined ? answer : { ...answer, rows: [{ content: found.content ?? "" }] });
  },
});
