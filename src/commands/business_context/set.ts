import { z } from "zod";
import { setContext, setOrganizationContext } from "../../api/business_context.ts";
import { call } from "../../api/call.ts";
import { text } from "../../api/params.ts";
import { command } from "../../cli/command.ts";
import { asksForResult } from "../../cli/format_choice.ts";
import { dataFields } from "../../cli/operation_command.ts";
import { checkEither, WHOLE_BODY } from "../../cli/whole_body.ts";
import { readNamedText } from "../../cli/named_file.ts";
import { organizationMeant, WHOSE } from "./shared/whose.ts";

export default command({
  summary: "replace what the project or its organization is about",
  description: "A text of at most 50,000 characters, in Markdown. It takes the place of the whole text before.",
  args: ["file"],
  examples: [
    { text: "From a file", run: "mp business-context set README.md" },
    { text: "From a pipe, for the organization", run: "echo 'We roast coffee.' | mp business-context set - --org" },
  ],
  operations: [setContext, setOrganizationContext],
  input: z.object({
    file: text("File with the text; - is standard input", { placeholder: "FILE" }).optional(),
    ...WHOSE,
    ...WHOLE_BODY,
  }),
  async run(context, { file, data, ...whose }) {
    checkEither("write the business context", data, { "<file>": file });
    const content = file === undefined
      ? dataFields(data, setContext.params).content as string
      : await readNamedText(file, context.stdin);
    const called = (key: string) => key === "content" ? file ?? "content" : undefined;
    const organization = await organizationMeant(context, whose);
    const client = await context.client();
    const answer = organization === undefined
      ? await call(client, setContext, { content }, { called })
      : await call(client, setOrganizationContext, { ...organization, content }, { called });
    const whoseName = organization === undefined ? "project" : `organization ${organization.organization_id}`;
    await context.note(`Wrote the business context of the ${whoseName} (${[...content].length} characters)`);
    if (asksForResult(context)) await context.print(answer);
  },
});
