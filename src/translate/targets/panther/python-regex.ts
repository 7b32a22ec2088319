/**
 * Expressions of the Perl family as Python's.
 *
 * Facts (Python's reference of `re`): the end of a text is `\Z`, and `$` also matches before a last line break; with `re.A` no letter
 * but those of ASCII has another case; without it `\b`, `\w`, `\d` and `\s` are Unicode's, unless they are in a group `(?a:...)`.
 */
import { isUnsupported, type Unsupported } from "../../../eql/index.ts";
import type { Pcre } from "../../regex/pcre-subset.ts";
import { UNSUPPORTED } from "../../unsupported.ts";

export interface PythonRegex {
  readonly source: string;
  /** `re.A | re.I` */
  readonly flags: string;
}

/** An escape by code, any other escape, a class, or a character. */
const TOKEN = /\\x\{(?<code>[\da-f]+)\}|\\(?<escaped>[^])|(?<set>\[\^?\]?(?:\\[^]|[^\]\\])*\])|[^]/g;

export function pythonRegex({ source, flags }: Pcre): PythonRegex | Unsupported {
  const ignoresCase = flags.includes("i") || /\(\?[ms]*i/.test(source);
  // Letters such as `é` have two cases for us, with `re.A` they have one.
  const unicode = ignoresCase && /[^\0-\x7f]/.test(source);
  let unsupported: Unsupported | null = null;
  const written = source.replace(/^((?:[^\\]|\\[^])*)\$$/, String.raw`$1\z`).replaceAll(TOKEN, (token, ...rest) => {
    const { code, escaped, set } = rest.at(-1) as { readonly code?: string; readonly escaped?: string; readonly set?: string };
    if (code !== undefined) return pythonEscape(Number.parseInt(code, 16));
    if (escaped === "z") return String.raw`\Z`;
    if (escaped !== undefined) return unicode && /[bBdDsSwW]/.test(escaped) ? `(?a:${token})` : token;
    if (set === undefined) return token;
    const members = set.replaceAll(/\\x\{([\da-f]+)\}/g, (_, hex: string) => pythonEscape(Number.parseInt(hex, 16)));
    if (!unicode || !/\\[dDsSwW]/.test(set)) return members;
    if (/[^\0-\x7f]/.test(set)) unsupported = UNSUPPORTED.regexMixedClass;
    return `(?a:${members})`;
  });
  if (isUnsupported(unsupported)) return unsupported;
  const letters = [...flags].map((flag) => ` | re.${flag.toUpperCase()}`).join("");
  return { source: written, flags: `${unicode ? "re.U" : "re.A"}${letters}` };
}

function pythonEscape(code: number): string {
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
