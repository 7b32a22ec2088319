/**
 * Whatever a rule says of itself and whatever it looks for, its translation is read as the template wrote it: each text is given to a
 * parser of its own kind, and no word of a hostile text is outside a literal.
 */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { RE2JS } from "re2js";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { parse, type Query } from "../eql/index.ts";
import * as trees from "../eql/testing/arbitrary.ts";
import { parseXml } from "../readers/windows/xml.ts";
import { PLATFORM_NAMES, PLATFORMS, type DeployFile, type PlatformName, type RuleMetadata, type Translation } from "./index.ts";
import { filter } from "./testing/arbitrary.ts";
import { hostileMetadata, hostileQuery, MARK } from "./testing/hostile.ts";
import * as lexer from "./testing/lexer.ts";
import { metadata } from "./testing/sample-rule.ts";

const require = createRequire(import.meta.url);
const queryStrings = require("lucene") as { readonly parse: (text: string) => unknown };

const queries: fc.Arbitrary<Query> = fc.oneof(
  hostileQuery,
  filter.map((of): Query => ({ kind: "event", span: of.span, filter: of, pipes: [], comments: [] })),
  trees.query,
);

/** What is left of plain data when its texts are taken away: keys, lists, other values. */
function shapeOf(value: unknown): unknown {
  if (typeof value === "string") return "text";
  if (Array.isArray(value)) return value.every((item) => typeof item === "string") ? "texts" : value.map(shapeOf);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shapeOf(item)]));
}

function yamlOf(text: string): unknown[] {
  const documents = parseAllDocuments(text);
  return (Array.isArray(documents) ? documents : [documents]).map((document) => {
    expect(document.errors, text).toEqual([]);
    return document.toJS() as unknown;
  });
}

/** Lines of JSON, for readers to whom a line ends at more than `\n`. */
function ndjsonOf(text: string): unknown[] {
  return text
    .trimEnd()
    .split(LINE_BREAK)
    .map((line) => JSON.parse(line) as unknown);
}

/** Elements and attributes, without texts. */
function xmlOf(text: string): unknown {
  const visit = ({ name, attributes, children }: ReturnType<typeof parseXml>): unknown => [
    name,
    attributes.map(([attribute]) => attribute),
    ...children.flatMap((child) => (typeof child === "string" ? [] : [visit(child)])),
  ];
  return visit(parseXml(text, 10));
}

/** Stanzas and keys of a configuration of Splunk's; a line that ends in a backslash goes on. */
function confOf(text: string): string[] {
  return text
    .replaceAll(/\\\n/g, " ")
    .split(LINE_BREAK)
    .flatMap((line) => (line === "" ? [] : /^\[[^\]]+\]$/.test(line) ? "[]" : (/^[\w.]+(?= = )/.exec(line)?.[0] ?? `no key: ${line}`)));
}

const LINE_BREAK = /\r\n|[\n\r\u000b\u000c\u001c-\u001e\u0085\u2028\u2029]/;
/** Everything that is a line break to somebody or cannot be seen, except for our own line breaks. */
const UNPRINTED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff]/;

/** How a platform's text is read: by where its literals are, or as data. */
type Reading = { readonly rawLiterals?: true } & ({ readonly lexis: lexer.Lexis } | { readonly data: (text: string) => unknown });

const READINGS = {
  sigma: { data: yamlOf },
  "opensearch-security-analytics": { data: yamlOf },
  elasticsearch: { data: (text) => JSON.parse(text) as unknown },
  opensearch: { data: (text) => JSON.parse(text) as unknown },
  "kibana-rule": { data: ndjsonOf },
  wazuh: { data: xmlOf },
  // A query string and ES|QL have literals in which such characters stand as they are.
  lucene: { lexis: lexer.LUCENE, rawLiterals: true },
  esql: { lexis: lexer.ESQL, rawLiterals: true },
  sentinel: { lexis: lexer.KQL },
  "defender-xdr": { lexis: lexer.KQL },
  splunk: { lexis: lexer.SPL },
  "splunk-classic": { lexis: lexer.SPL },
  "splunk-cim": { lexis: lexer.SPL },
  crowdstrike: { lexis: lexer.LOGSCALE },
  "google-secops": { lexis: lexer.YARAL },
  qradar: { lexis: lexer.AQL },
  "sumo-logic": { lexis: lexer.SUMO },
  duckdb: { lexis: lexer.DUCKDB },
  clickhouse: { lexis: lexer.CLICKHOUSE },
  panther: { lexis: lexer.PYTHON },
  "panther-ecs": { lexis: lexer.PYTHON },
} as const satisfies Record<PlatformName, Reading>;

/** The text without what is in its literals, and data without its texts. Fails where a word of a stranger's is outside of these. */
function skeletonOf(platform: PlatformName, text: string): unknown {
  const reading: Reading = READINGS[platform];
  if (reading.rawLiterals !== true) expect(text).not.toMatch(UNPRINTED);
  if ("data" in reading) return shapeOf(reading.data(text));
  const tokens = lexer.tokens(text, reading.lexis);
  if (platform !== "lucene") lexer.checkBrackets(tokens);
  for (const { kind, text: of } of tokens) {
    expect(kind, text).not.toBe("comment");
    // A backslash before each sign of a name is a literal's boundary, too.
    if (kind === "code" && platform !== "lucene") expect(of, text).not.toContain(MARK);
  }
  // The name of a rule of YARA-L is made of the title's letters.
  return tokens.map(({ kind, text: of }) => (kind === "code" ? of.replace(/^rule \w+ \{/, "rule {") : "literal"));
}

const FORMATS: Readonly<Record<string, (text: string) => unknown>> = {
  ndjson: ndjsonOf,
  json: (text) => JSON.parse(text) as unknown,
  yaml: yamlOf,
  yml: yamlOf,
  conf: confOf,
};

function fileShape({ name, text }: DeployFile): unknown {
  const format = FORMATS[name.replace(/^.*\./, "")];
  if (format === undefined) throw new Error(`no parser for ${name}`);
  expect(text, name).not.toMatch(UNPRINTED);
  return shapeOf(format(text));
}

function translate(platform: PlatformName, query: Query, of: RuleMetadata = metadata): Translation {
  return PLATFORMS[platform].translate({ query, metadata: of, fields: new Map() });
}

/** What more there is to parse a text with. */
const PARSERS: { readonly [platform in PlatformName]?: (text: string) => void } = {
  "kibana-rule": (text) => {
    for (const line of ndjsonOf(text) as { readonly query?: string }[])
      if (line.query !== undefined) expect(parse(line.query).diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  },
  // The parser at hand has no quoted ends of ranges, and no classes such as `\s`.
  lucene: (text) => {
    if (!/[[{]"|" TO|TO "|\\[sSdDwW]/.test(text)) queryStrings.parse(text);
  },
  sentinel: re2Expressions,
  "defender-xdr": re2Expressions,
  duckdb: (text) => void statements.push(text),
  panther: (text) => void modules.push(text),
  "panther-ecs": (text) => void modules.push(text),
};
const statements: string[] = [];
const modules: string[] = [];

/** Expressions of KQL are RE2's. */
function re2Expressions(text: string): void {
  for (const [, verbatim, plain] of text.matchAll(/matches regex (?:@"((?:[^"]|"")*)"|"((?:[^"\\]|\\.)*)")/g))
    RE2JS.compile(verbatim === undefined ? (JSON.parse(`"${plain!}"`) as string) : verbatim.replaceAll('""', '"'));
}

const kinds = new Set<string>();
describe.each(PLATFORM_NAMES)("%s", (platform) => {
  test("is read as the template wrote it, whatever the rule looks for", () => {
    let texts = 0;
    fc.assert(
      fc.property(queries, (query) => {
        const { text, files } = translate(platform, query);
        if (text !== "") {
          texts++;
          skeletonOf(platform, text);
          PARSERS[platform]?.(text);
        }
        for (const file of files) {
          kinds.add(file.name.replace(/^.*?\./, ""));
          fileShape(file);
        }
      }),
      { numRuns: 200 },
    );
    expect(texts).toBeGreaterThan(30);
  });

  test("is the same except for the texts, whatever the rule says of itself", () => {
    const { query } = parse('process where host.os.type == "windows" and event.type == "start" and process.command_line : "*a*"');
    const harmless = translate(platform, query!);
    fc.assert(
      fc.property(hostileMetadata, (hostile) => {
        const { text, files, losses } = translate(platform, query!, hostile);
        expect(losses.length).toBe(harmless.losses.length);
        expect(skeletonOf(platform, text)).toEqual(skeletonOf(platform, harmless.text));
        expect(files.map(fileShape)).toEqual(harmless.files.map(fileShape));
        PARSERS[platform]?.(text);
      }),
      { numRuns: 100 },
    );
  });
});

test("files of every kind were read", () => {
  expect([...kinds].toSorted()).toEqual([
    "cim.savedsearches.conf",
    "classic.savedsearches.conf",
    "monitor.json",
    "ndjson",
    "panther.yml",
    "savedsearches.conf",
    "sentinel.json",
    "sentinel.yaml",
    "yml",
  ]);
});

test("every text of DuckDB's is one statement", async () => {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  expect(statements.length).toBeGreaterThan(100);
  for (const text of statements) {
    const extracted = await connection.extractStatements(text);
    expect(extracted.count, text).toBe(1);
  }
});

const hasPython = spawnSync("python3", ["--version"]).status === 0;
test.skipIf(!hasPython)("every text of Python's has the statements of the template, and runs (needs python3)", () => {
  expect(modules.length).toBeGreaterThan(100);
  const script = `import ast, json, sys
known = {"Import", "ImportFrom", "FunctionDef values", "FunctionDef text", "FunctionDef texts", "FunctionDef folded", "FunctionDef numbers", "FunctionDef within", "FunctionDef rule", "FunctionDef title", "Assign REGEX", "Assign PATTERN", "Assign NETWORKS"}
def name(node):
    kind = type(node).__name__
    if kind == "FunctionDef": return kind + " " + node.name
    return kind + " " + node.targets[0].id.split("_")[0] if kind == "Assign" else kind
for text in json.load(sys.stdin):
    tree = ast.parse(text)
    for node in tree.body: assert name(node) in known, ast.dump(node)
    for node in ast.walk(tree):
        assert "EVIL" not in getattr(node, "id", "") + getattr(node, "attr", ""), ast.dump(node)
    module = {}
    exec(compile(tree, "rule", "exec"), module)
    module["rule"]({})
print("done")`;
  const answer = spawnSync("python3", ["-c", script], { input: JSON.stringify(modules), encoding: "utf8", maxBuffer: 1 << 28 });
  expect(answer.stderr).toBe("");
  expect(answer.stdout).toBe("done\n");
});
