/**
 * Case folding: one code point to one code point (Unicode's simple lower-case mapping), no locale, no normalisation, so a folded
 * string has the length of the original and offsets stay true.
 *
 * `String.prototype.toLowerCase` differs in two places: `İ` becomes two units, and `Σ` looks at its neighbours.
 */
export function foldCase(text: string): string {
  return SPECIAL.test(text) ? foldSlow(text) : text.toLowerCase();
}

const SPECIAL = /[\u0130\u03A3]/;

function foldSlow(text: string): string {
  return text.replaceAll("\u0130", "i").replaceAll("\u03A3", "\u03C3").toLowerCase();
}

/** The folded form of one code point. */
export function foldCodePoint(code: number): number {
  if (code < 128) return code >= 65 && code <= 90 ? code + 32 : code;
  return foldCase(String.fromCodePoint(code)).codePointAt(0)!;
}

let cased: Uint32Array | undefined;

/** Every code point that folds to another one, ascending: `[code, folded, code, folded, ...]`. */
export function casedCodePoints(): Uint32Array {
  if (cased === undefined) {
    const pairs: number[] = [];
    for (let code = 65; code < 0x1f000; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const folded = foldCodePoint(code);
      if (folded !== code) pairs.push(code, folded);
    }
    cased = Uint32Array.from(pairs);
  }
  return cased;
}
