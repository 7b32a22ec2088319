/** What is wrong with a pattern, and where: UTF-16 offset into its source. */
export class BadRegex extends Error {
  readonly offset: number;
  readonly help: string | null;
  constructor(message: string, offset: number, help: string | null = null) {
    super(message);
    this.offset = offset;
    this.help = help;
  }
}

/** Nesting of groups beyond this is refused, so that no reader of the expression runs out of stack. */
export const MAX_DEPTH = 100;

/** A place in a pattern's source. */
export class Cursor {
  readonly source: string;
  at = 0;

  constructor(source: string) {
    this.source = source;
  }

  get more(): boolean {
    return this.at < this.source.length;
  }

  /** Whether `text` comes next. */
  sees(text: string): boolean {
    return this.source.startsWith(text, this.at);
  }

  take(text: string): boolean {
    if (!this.sees(text)) return false;
    this.at += text.length;
    return true;
  }

  peek(): string {
    return this.source[this.at] ?? "";
  }

  /** The next code point. */
  next(): number {
    const code = this.source.codePointAt(this.at);
    if (code === undefined) throw new BadRegex("The pattern ends too early", this.source.length);
    this.at += code > 0xffff ? 2 : 1;
    return code;
  }

  /** Decimal digits as a number; null where there are none. */
  number(): number | null {
    const start = this.at;
    let value = 0;
    while (this.at < this.source.length) {
      const digit = this.source.charCodeAt(this.at) - 48;
      if (digit < 0 || digit > 9) break;
      value = Math.min(value * 10 + digit, 1e9);
      this.at++;
    }
    return this.at === start ? null : value;
  }

  /** `{n}`, `{n,}`, `{n,m}` with the brace already seen; null (and nothing taken) where it is none of these. */
  bounds(): { readonly min: number; readonly max: number | null } | null {
    const start = this.at;
    this.at++;
    const min = this.number();
    if (min !== null) {
      if (this.take("}")) return this.#checked(start, min, min);
      if (this.take(",")) {
        const max = this.number();
        if (this.take("}")) return this.#checked(start, min, max);
      }
    }
    this.at = start;
    return null;
  }

  #checked(start: number, min: number, max: number | null): { readonly min: number; readonly max: number | null } {
    if (max !== null && max < min) throw new BadRegex(`The repeat {${min},${max}} ends below its start`, start);
    if (min > 1000 || (max ?? 0) > 1000) throw new BadRegex("A repeat may be at most 1000", start);
    return { min, max };
  }
}
