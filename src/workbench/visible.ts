/**
 * Log content is hostile: it may hold terminal escapes, line breaks and characters that reorder the text around them.
 * `visible` returns the same text with every such character spelt out (`\x1b`, `\u202e`, `\n`), safe to print in a cell.
 */
export function visible(text: string): string {
  let safe = "";
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (!isUnsafe(code)) {
      // A lone surrogate cannot be encoded; a pair is fine.
      if (code < 0xd800 || code > 0xdfff) continue;
      const next = text.charCodeAt(i + 1);
      if (code <= 0xdbff && next >= 0xdc00 && next <= 0xdfff) {
        i++;
        continue;
      }
    }
    safe += text.slice(from, i) + spell(code);
    from = i + 1;
  }
  return from === 0 ? text : safe + text.slice(from);
}

/** The same for a text of several lines: they stay lines. */
export function visibleLines(text: string): string {
  return text.split(/\r?\n/).map(visible).join("\n");
}

/** C0 and C1 controls, line and paragraph separators, zero-width and bidirectional formatting (Unicode TR9, TR36). */
function isUnsafe(code: number): boolean {
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  if (code < 0x061c) return code === 0xad;
  return (
    code === 0x061c ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x2069) ||
    code === 0xfeff ||
    (code >= 0xfff9 && code <= 0xfffb)
  );
}

const NAMED: { readonly [code: number]: string } = { 9: "\\t", 10: "\\n", 13: "\\r" };

function spell(code: number): string {
  return NAMED[code] ?? (code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`);
}
