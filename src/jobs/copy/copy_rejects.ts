/** The rejected records of a copy: those of a part that is done again are taken back. */
import { openRejectFile, type RejectFile } from "../import/reject_file.ts";

export class CopyRejects implements RejectFile {
  readonly path: string;
  #file: RejectFile;

  private constructor(path: string, file: RejectFile) {
    this.path = path;
    this.#file = file;
  }

  /**
   * @param keep how many bytes of what is there stay; `none`: nothing may be there
   * @throws MpError (input) when it cannot be written, has something in it, or is shorter than what is to stay.
   */
  static async open(path: string, keep: number | "none"): Promise<CopyRejects> {
    return new CopyRejects(path, await openRejectFile(path, [], keep));
  }

  get bytes(): number {
    return this.#file.bytes;
  }

  write: RejectFile["write"] = (record) => this.#file.write(record);

  sync(): Promise<void> {
    return this.#file.sync();
  }

  /** Cuts off what is behind so many bytes. */
  async cutTo(bytes: number): Promise<void> {
    if (bytes === this.bytes) return;
    await this.#file.close();
    this.#file = await openRejectFile(this.path, [], bytes);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
