/** A half-open range `[from, to)` of UTF-16 offsets into the text a node was parsed from. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The span of nodes that no text stands behind (trees built by a program, such as those made from Sigma). */
export const NOWHERE: Span = { from: 0, to: 0 };

/** The smallest span that holds both. */
export function join(a: Span, b: Span): Span {
  return { from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) };
}

/** 1-based line and column (in UTF-16 units) of an offset, as editors count them. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where `offset` lies in `text`. CR LF counts as one line break. */
export function positionAt(text: string, offset: number): Position {
  let line = 1;
  let start = 0;
  for (let i = 0; i < offset && i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) {
      line++;
      start = i + 1;
    }
  }
  return { line, column: Math.min(offset, text.length) - start + 1 };
}
