/** What Kibana's parser takes for a blank. */
export function isBlank(char: string): boolean {
  return char <= " " ? char === " " || char === "\n" || char === "\t" || char === "\r" : char > "~" && WIDE.test(char);
}

const WIDE = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/;
