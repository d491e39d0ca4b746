/** Whether bytes are UTF-8: many times as fast as decoding them. */
export { isUtf8 } from "node:buffer";
