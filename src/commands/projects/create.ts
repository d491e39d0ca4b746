import type { z } from "zod";
import { call, UnexpectedAnswerError } from "../../api/call.ts";
import { createProject } from "../../api/projects.ts";
import { command } from "../../cli/command.ts";
import { DATA, dataFields } from "../../cli/operation_command.ts";
import { SECRET_FILE, withoutSecret, writeSecretFile } from "../../cli/secret_file.ts";
import { stringifyJson } from "../../streams/json/json.ts";

export default command({
  description: "The answer has the project's token, for sending events, and its secret, which --secret-file keeps.",
  args: ["name"],
  examples: [
    { text: "A project whose days are Berlin's", run: "mp projects create 'Coffee, Germany' --timezone Europe/Berlin" },
  ],
  operations: [createProject],
  input: createProject.params.extend({ name: createProject.params.shape.name.optional(), ...SECRET_FILE, ...DATA }),
  async run(context, { secret_file, data, ...flags }) {
    const params = { ...dataFields(data, createProject.params), ...flags } as z.input<typeof createProject.params>;
    const create = async () => {
      const answer = await call(await context.client(), createProject, params);
      return { ...answer, project: answer.result() };
    };
    const made = secret_file === undefined ? await create() : await writeSecretFile(context, secret_file, async () => {
      const answer = await create();
      const { api_secret: secret, id } = answer.project;
      if (secret !== undefined) return { secret, answer };
      const state = `project ${id} has no secret in it`;
      throw new UnexpectedAnswerError(createProject.id, state, true, answer.text, answer.data);
    });
    const { project } = made;
    const secret = project.api_secret;
    const hidden = secret_file === undefined || secret === undefined ? undefined : withoutSecret(made.data, secret);
    await context.print({
      text: hidden === undefined ? made.text : stringifyJson(hidden),
      data: hidden ?? made.data,
      rows: [{
        id: project.id,
        name: project.name,
        token: project.token,
        api_secret: hidden === undefined ? secret : `in ${secret_file}`,
      }],
      columns: [{ key: "id", identifier: true }, "name", "token", "api_secret"],
    });
    await context.note(`Made project ${project.id}`);
  },
});
