import { addContent } from "../shared/content_command.ts";

export default addContent;
