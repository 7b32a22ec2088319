/** Texts that try to break out of where a translation puts them, in metadata and in conditions. */
import fc from "fast-check";
import { NOWHERE, parse, type Expr, type Query } from "../../eql/index.ts";
import type { RuleMetadata } from "../translation.ts";
import { metadata } from "./sample-rule.ts";

/** In every hostile text; no translation has the word as code of its own. */
export const MARK = "EVIL";

const ENDS = ['"', "'", "`", '"""', "'''", "```", "\\", "\\\\", "/", "*/", "-->", "]]>", ")", "]", "}", "'--", '@"', '\\"', "\\'"];
const BREAKS = ["\n", "\r", "\r\n", "\u000b", "\u000c", "\u001c", "\u0085", "\u2028", "\u2029", "\0", "\t", "\ufeff", "\u007f"];
const GOES_ON = [
  ": x",
  "Enabled: true",
  "enabled = 1",
  "[stanza]",
  "| delete ",
  "; DROP TABLE x; --",
  " OR 1=1 ",
  "</rule><rule id='1'>",
  "&amp;",
  "${x}",
  "{{x}}",
  "$(x)",
  "%x%",
  "import os",
  "- ",
  "# ",
  "// ",
  "/* ",
  "--- ",
  "...",
  " ",
  "*",
  "?",
  "^",
  "$",
  "<",
  "漢",
  "é",
  "😀",
  "\ud800",
];

const piece = fc.oneof(fc.constantFrom(...ENDS), fc.constantFrom(...BREAKS), fc.constantFrom(...GOES_ON));
export const hostileText = fc
  .tuple(fc.array(piece, { maxLength: 4 }), fc.array(piece, { maxLength: 4 }))
  .map(([before, after]) => [...before, MARK, ...after].join(""));

export const hostileMetadata: fc.Arbitrary<RuleMetadata> = fc
  .record({ title: hostileText, text: hostileText, list: fc.array(hostileText, { minLength: 1, maxLength: 2 }) })
  .map(({ title, text, list }) => ({
    ...metadata,
    title,
    description: text,
    authors: list,
    license: text,
    // A link that is one stays, whatever stands beside it.
    references: ["https://example.org/a", ...list],
    falsePositives: list,
    tags: list,
    guide: text,
    setup: text,
    exceptions: (metadata.exceptions ?? []).map((one) => ({ ...one, title: text, reason: text, owner: text })),
  }));

const HOLE = "HOLE";
const START = 'process where host.os.type == "windows" and event.type == "start" and ';
/** Every way in which a text gets into a condition. */
const CONDITIONS = [
  'process.command_line == "HOLE"',
  'process.command_line : "HOLE"',
  'process.command_line : "*HOLE*"',
  'process.command_line like "HOLE*"',
  'process.command_line like "*HOLE"',
  'process.command_line : "a*HOLE?b"',
  'process.command_line in ("HOLE", "b")',
  'process.command_line : ("HOLE", "b*")',
  'process.args : "HOLE"',
  'process.args == "HOLE"',
  'process.args like "*HOLE*"',
  'process.command_line > "HOLE"',
  'process.command_line regex "a.*"',
  'not process.command_line : "HOLE"',
  'process.pid == 4 or process.command_line : "*HOLE" and process.name : ("net.exe", "net1.exe", "psexec.exe", "psexec64.exe")',
  '`HOLE` == "a"',
  'not `HOLE` : "a*"',
];

function filled(value: unknown, text: string): unknown {
  if (typeof value === "string") return value === HOLE ? text : value;
  if (Array.isArray(value)) return value.map((item) => filled(item, text));
  if (typeof value !== "object" || value === null) return value;
  const node = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, text)]));
  // Without a quote about it a name that is a plain word would be one.
  if (node["kind"] === "field" && node["name"] === text) return { ...node, name: `${text} "'\`` };
  // An expression of Sigma's, found anywhere, of which the text is what it is looking for.
  if (node["kind"] === "regex") return { ...node, source: text, flavour: "pcre", flags: "i" };
  return node;
}

export const hostileQuery: fc.Arbitrary<Query> = fc
  .tuple(fc.constantFrom(...CONDITIONS), hostileText)
  .map(([condition, text]) => queryWith(condition, text));

function queryWith(condition: string, text: string): Query {
  const { query, diagnostics } = parse(START + condition);
  if (query?.kind !== "event") throw new Error(JSON.stringify(diagnostics));
  return { ...query, filter: { ...query.filter, condition: filled(query.filter.condition, text) as Expr, span: NOWHERE } };
}
