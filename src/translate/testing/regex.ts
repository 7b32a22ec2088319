/**
 * An expression of Lucene's as one of JavaScript's: escapes that strict expressions do not know are dropped, where the character means
 * nothing to them. Lucene's own operators have no equal, and are refused.
 */
export function jsOf(source: string): string {
  let set = false;
  return source.replaceAll(/\\([\s\S])|[\s\S]/g, (piece, escaped: string | undefined) => {
    if (escaped === undefined) {
      if (piece === "[") set = true;
      else if (piece === "]") set = false;
      else if (!set && /[~@&<"#]/.test(piece)) throw new Error(`an operator of Lucene's: ${source}`);
      return !set && (piece === "$" || piece === "^") ? `\\${piece}` : piece;
    }
    if (/[dDsSwW]/.test(escaped)) return piece;
    if (set ? /[\]\\^[-]/.test(escaped) : /[.?+*|{}[\]()\\^$/]/.test(escaped)) return piece;
    return escaped;
  });
}
