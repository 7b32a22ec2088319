/** Functions of texts. */
import { textOf, type EsqlScalar, type EsqlValue } from "../value.ts";
import { scalar, type EsqlFunction } from "./function.ts";

const text = (value: EsqlValue): string => textOf(value as EsqlScalar);
const whole = (value: EsqlValue): number => Math.trunc(Number(value));
/** Characters, not UTF-16 units. */
const chars = (value: EsqlValue): string[] => [...text(value)];

/** Most characters that a function makes. */
const MAX_TEXT = 1_048_576;

const each =
  (compute: (value: string) => string): EsqlFunction["run"] =>
  ([value]) =>
    value === null || value === undefined
      ? null
      : Array.isArray(value)
        ? value.map((one: EsqlScalar) => compute(textOf(one)))
        : compute(text(value));

export const TEXT_FUNCTIONS: readonly EsqlFunction[] = [
  { name: "length", arity: [1, 1], type: "integer", doc: "The number of characters.", run: scalar(([value]) => chars(value!).length) },
  {
    name: "byte_length",
    arity: [1, 1],
    type: "integer",
    doc: "The number of bytes in UTF-8.",
    run: scalar(([value]) => new TextEncoder().encode(text(value!)).length),
  },
  { name: "to_lower", arity: [1, 1], type: "text", doc: "In lower case.", run: each((value) => value.toLowerCase()) },
  { name: "to_upper", arity: [1, 1], type: "text", doc: "In upper case.", run: each((value) => value.toUpperCase()) },
  { name: "trim", arity: [1, 1], type: "text", doc: "Without blanks at both ends.", run: scalar(([value]) => text(value!).trim()) },
  {
    name: "ltrim",
    arity: [1, 1],
    type: "text",
    doc: "Without blanks at the beginning.",
    run: scalar(([value]) => text(value!).trimStart()),
  },
  { name: "rtrim", arity: [1, 1], type: "text", doc: "Without blanks at the end.", run: scalar(([value]) => text(value!).trimEnd()) },
  {
    name: "reverse",
    arity: [1, 1],
    type: "text",
    doc: "The characters from the end.",
    run: scalar(([value]) => chars(value!).toReversed().join("")),
  },
  {
    name: "concat",
    arity: [2, 100],
    type: "text",
    doc: "The texts one after the other.",
    run: scalar((values, { warn }) => bounded(values.map(text).join(""), warn)),
  },
  {
    name: "substring",
    arity: [2, 3],
    type: "text",
    doc: "From a position, counted from 1 (negative: from the end), so many characters or all of the rest.",
    run: scalar(([value, start, length]) => {
      const all = chars(value!);
      const from = whole(start!) < 0 ? Math.max(0, all.length + whole(start!)) : Math.max(0, whole(start!) - 1);
      return all.slice(from, length === undefined ? undefined : from + Math.max(0, whole(length))).join("");
    }),
  },
  {
    name: "left",
    arity: [2, 2],
    type: "text",
    doc: "The first characters.",
    run: scalar(([value, n]) =>
      chars(value!)
        .slice(0, Math.max(0, whole(n!)))
        .join(""),
    ),
  },
  {
    name: "right",
    arity: [2, 2],
    type: "text",
    doc: "The last characters.",
    run: scalar(([value, n]) => (whole(n!) <= 0 ? "" : chars(value!).slice(-whole(n!)).join(""))),
  },
  {
    name: "starts_with",
    arity: [2, 2],
    type: "boolean",
    doc: "Whether the text begins with another.",
    run: scalar(([value, start]) => text(value!).startsWith(text(start!))),
  },
  {
    name: "ends_with",
    arity: [2, 2],
    type: "boolean",
    doc: "Whether the text ends with another.",
    run: scalar(([value, end]) => text(value!).endsWith(text(end!))),
  },
  {
    name: "contains",
    arity: [2, 2],
    type: "boolean",
    doc: "Whether the text holds another.",
    run: scalar(([value, part]) => text(value!).includes(text(part!))),
  },
  {
    name: "locate",
    arity: [2, 3],
    type: "integer",
    doc: "The position of a text in another, counted from 1; 0 where it is not in it.",
    run: scalar(([value, part, start]) => {
      const all = text(value!);
      const from = start === undefined ? 0 : [...all].slice(0, Math.max(0, whole(start) - 1)).join("").length;
      const found = all.indexOf(text(part!), from);
      return found < 0 ? 0 : Array.from(all.slice(0, found)).length + 1;
    }),
  },
  {
    name: "split",
    arity: [2, 2],
    type: "text",
    doc: "The pieces between a delimiter.",
    run: scalar(([value, delimiter]) => {
      const pieces = text(value!).split(text(delimiter!));
      return pieces.length === 1 ? pieces[0]! : pieces;
    }),
  },
  {
    name: "repeat",
    arity: [2, 2],
    type: "text",
    doc: "The text so many times.",
    run: scalar(([value, n], { warn }) =>
      whole(n!) < 0 || text(value!).length * whole(n!) > MAX_TEXT ? tooLong(warn) : text(value!).repeat(whole(n!)),
    ),
  },
  {
    name: "space",
    arity: [1, 1],
    type: "text",
    doc: "So many blanks.",
    run: scalar(([n], { warn }) => (whole(n!) < 0 || whole(n!) > MAX_TEXT ? tooLong(warn) : " ".repeat(whole(n!)))),
  },
  {
    name: "url_decode",
    arity: [1, 1],
    type: "text",
    doc: "With percent escapes resolved.",
    run: scalar(([value], { warn }) => {
      try {
        return decodeURIComponent(text(value!).replaceAll("+", " "));
      } catch {
        warn("a text cannot be decoded as a URL");
        return null;
      }
    }),
  },
  {
    name: "url_encode",
    arity: [1, 1],
    type: "text",
    doc: "With percent escapes, a blank as `+`.",
    run: scalar(([value]) => encodeURIComponent(text(value!)).replaceAll("%20", "+")),
  },
  {
    name: "from_base64",
    arity: [1, 1],
    type: "text",
    doc: "Decoded from Base64, as UTF-8.",
    run: scalar(([value], { warn }) => {
      const bytes = base64Bytes(text(value!));
      if (bytes !== null) return new TextDecoder().decode(bytes);
      warn("a text is no Base64");
      return null;
    }),
  },
  {
    name: "json_extract",
    arity: [2, 2],
    type: "unknown",
    doc: "What lies at a path (`a.b[0]`) of a JSON text.",
    run: scalar(([value, path], { warn }) => jsonAt(text(value!), text(path!), warn)),
  },
];

function bounded(value: string, warn: (reason: string) => void): string | null {
  return value.length > MAX_TEXT ? tooLong(warn) : value;
}

function tooLong(warn: (reason: string) => void): null {
  warn(`a text would be longer than ${MAX_TEXT} characters`);
  return null;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function base64Bytes(value: string): Uint8Array | null {
  const digits = value.replace(/=+$/, "");
  if (!/^[A-Za-z0-9+/]*$/.test(digits) || digits.length % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const digit of digits) {
    bits = (bits << 6) | ALPHABET.indexOf(digit);
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[at++] = (bits >> held) & 255;
    }
  }
  return bytes;
}

function jsonAt(json: string, path: string, warn: (reason: string) => void): EsqlValue {
  let at: unknown;
  try {
    at = JSON.parse(json);
  } catch {
    warn("a text is no JSON");
    return null;
  }
  for (const key of path
    .replace(/^\$\.?/, "")
    .split(/[.[\]]+/)
    .filter((part) => part !== "")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return null;
    at = (at as { readonly [key: string]: unknown })[key];
  }
  if (typeof at === "string" || typeof at === "number" || typeof at === "boolean") return at;
  return at === null || at === undefined ? null : JSON.stringify(at);
}
