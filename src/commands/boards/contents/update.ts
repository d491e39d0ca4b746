import { changeContent } from "../shared/content_command.ts";

export default changeContent;
