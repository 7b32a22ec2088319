/** Why a rule cannot be read. Thrown and caught inside the room only. */
export class SigmaError extends Error {
  readonly code: string;
  /** UTF-16 offset into the file's text. */
  readonly offset: number;
  readonly help: string | null;

  constructor(code: string, message: string, offset: number, help: string | null = null) {
    super(message);
    this.code = code;
    this.offset = offset;
    this.help = help;
  }
}
