/** Whatever is translated, the files that a platform takes in are files it can read: random conditions and hostile metadata. */
import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { RE2JS } from "re2js";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { filter } from "../../translate/testing/arbitrary.ts";
import * as trees from "../../eql/testing/arbitrary.ts";
import { metadata } from "../../translate/testing/sample-rule.ts";
import type { Query } from "../../eql/index.ts";
import type { DeployFile, RuleMetadata } from "../../translate/index.ts";
import { PLATFORM_NAMES, PLATFORMS } from "../../translate/index.ts";

const nasty = fc.oneof(
  fc.constantFrom(
    'a "quoted" rule: yes',
    "line\nbreak [x]\n[stanza]\nkey = value",
    "</rule><rule id='1'>&<!--",
    "--> ]]> $(x) {{ctx}} %name% $field$",
    "C:\\Windows\\*\\",
    "'''\"\"\"\\",
    "- a\n- b: c",
    "# comment ; DROP",
    "trailing \\",
    "ü漢😀\u2028x",
    "`tick` $$",
    "",
  ),
  fc.string({ unit: "grapheme", maxLength: 12 }),
);
const hostile: fc.Arbitrary<RuleMetadata> = fc
  .record({ id: fc.constantFrom("X1", "a-b"), title: nasty, description: nasty, text: nasty, list: fc.array(nasty, { maxLength: 2 }) })
  .map(({ id, title, description, text, list }) => ({
    ...metadata,
    id,
    title,
    description,
    authors: list,
    license: text,
    references: list,
    falsePositives: list,
    tags: list,
    guide: text,
    setup: text,
    exceptions: (metadata.exceptions ?? []).map((one) => ({ ...one, title: text, reason: text, owner: text })),
  }));
const queries: fc.Arbitrary<Query> = fc.oneof(
  filter.map((of): Query => ({ kind: "event", span: of.span, filter: of, pipes: [], comments: [] })),
  trees.query,
);

/** Well-formed markup: tags nest, and nothing else looks like one. */
function checkXml(text: string): void {
  const open: string[] = [];
  const rest = text.replaceAll(/<!--(?:(?!--)[\s\S])*-->/g, "");
  let at = 0;
  for (const match of rest.matchAll(
    /<(\/?)([A-Za-z_]+)((?:\s+[a-z_]+="[^"<]*")*)\s*(\/?)>|<|&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);)/gi,
  )) {
    expect(match[2], text.slice(match.index, match.index + 60)).toBeDefined();
    if (match[1] === "/") expect(open.pop()).toBe(match[2]);
    else if (match[4] === "") open.push(match[2]!);
    at++;
  }
  expect(open).toEqual([]);
  expect(at).toBeGreaterThan(0);
  expect(rest).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
}

/** Stanzas and keys of a Splunk configuration; a line that ends in a backslash goes on. */
function checkConf(text: string): void {
  const lines = text.replaceAll(/\\\n/g, " ").split("\n");
  let stanzas = 0;
  for (const line of lines) {
    if (line === "" || line.startsWith("#")) continue;
    if (/^\[[^\]\n]+\]$/.test(line)) stanzas++;
    else expect(line).toMatch(/^[A-Za-z_.]+ = ?/);
  }
  expect(stanzas).toBe(1);
}

const python: string[] = [];
function check({ name, text }: DeployFile): void {
  if (name.endsWith(".ndjson")) for (const line of text.trimEnd().split("\n")) JSON.parse(line);
  else if (name.endsWith(".json")) JSON.parse(text);
  else if (/\.ya?ml$/.test(name))
    for (const document of parseAllDocuments(text) as { errors: unknown[] }[]) expect(document.errors, text).toEqual([]);
  else if (name.endsWith(".xml")) checkXml(text);
  else if (name.endsWith(".conf")) checkConf(text);
  else if (name.endsWith(".py")) python.push(text);
  else throw new Error(`what is ${name}?`);
}

const kinds = new Set<string>();
test.each(PLATFORM_NAMES)("what %s takes in can be read", (platform) => {
  fc.assert(
    fc.property(queries, hostile, (query, of) => {
      const made = PLATFORMS[platform].translate({ query, metadata: of, fields: new Map() });
      for (const file of made.files) {
        kinds.add(file.name.replace(/^.*?\./, ""));
        check(file);
      }
      if (platform.startsWith("panther") && made.text !== "") python.push(made.text);
      if (platform === "wazuh" && made.text !== "") checkXml(made.text);
      if (platform === "sigma" && made.text !== "")
        for (const document of parseAllDocuments(made.text) as { errors: unknown[] }[]) expect(document.errors, made.text).toEqual([]);
      if (platform === "elasticsearch" || platform === "opensearch") if (made.text !== "") JSON.parse(made.text);
      if (platform === "sentinel" || platform === "defender-xdr") {
        for (const [, verbatim, plain] of made.text.matchAll(/matches regex (?:@"((?:[^"]|"")*)"|"((?:[^"\\]|\\.)*)")/g)) {
          const source = verbatim === undefined ? (JSON.parse(`"${plain}"`) as string) : verbatim.replaceAll('""', '"');
          RE2JS.compile(source);
        }
      }
    }),
    { numRuns: 150 },
  );
});
test("files of every kind were read", () => {
  expect([...kinds].toSorted()).toEqual([
    "cim.savedsearches.conf",
    "monitor.json",
    "ndjson",
    "panther.yml",
    "savedsearches.conf",
    "sentinel.json",
    "sentinel.yaml",
    "yml",
  ]);
});

const hasPython = spawnSync("python3", ["--version"]).status === 0;
test.skipIf(!hasPython)("every text of Python's runs (needs python3)", () => {
  expect(python.length).toBeGreaterThan(50);
  const script = `import json, sys
for text in json.load(sys.stdin):
    module = {}
    exec(compile(text, "rule", "exec"), module)
    module["rule"]({})
print("done")`;
  const answer = spawnSync("python3", ["-c", script], { input: JSON.stringify(python), encoding: "utf8" });
  expect(answer.stderr).toBe("");
  expect(answer.stdout).toBe("done\n");
});
