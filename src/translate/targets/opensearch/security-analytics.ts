/**
 * Rules of OpenSearch's Security Analytics: the part of Sigma that its own reader accepts (`POST
 * _plugins/_security_analytics/rules?category=windows`, a rule at a time), with what it makes of them named. From the plugin's
 * source: `rules/modifiers`, `rules/objects/SigmaRule`, `rules/backend`.
 */
import { isMap, isScalar, isSeq, parseAllDocuments, YAMLSeq, type Document, type Node, type Pair, type YAMLMap } from "yaml";
import type { Loss, Span } from "../../../eql/index.ts";
import { yamlDocumentText } from "../../../sigma/index.ts";
import { translateSigma } from "../../languages/sigma.ts";
import type { Platform, TranslationRequest, Translation } from "../../translation.ts";

export const securityAnalytics = {
  title: "OpenSearch Security Analytics (Sigma)",
  extension: "yml",
  checked: "validated",
  translate: (request) => translate(request),
} as const satisfies Platform;

const MODIFIERS: ReadonlySet<string> = new Set([
  "contains",
  "startswith",
  "endswith",
  "base64",
  "base64offset",
  "wide",
  "windash",
  "re",
  "cidr",
  "all",
  "lt",
  "lte",
  "gt",
  "gte",
]);

function translate(request: TranslationRequest): Translation {
  const { query, metadata } = request;
  const sigma = translateSigma(request);
  if (sigma.text === "") return sigma;
  const losses: Loss[] = [...sigma.losses];
  if (query.kind !== "event") {
    losses.push({
      effect: "untranslatable",
      span: query.span,
      reason: "Security Analytics takes rules of single events, and no Sigma correlations",
      advice: "Join detectors by a correlation rule of its own, which knows no order; or run it with Tocsin.",
    });
    return { text: "", files: [], losses };
  }
  const documents = parseAllDocuments(sigma.text).filter((document): document is Document.Parsed => "contents" in document);
  const shape = documents.map((document) => shapeDocument(document, metadata.authors));
  const unknown = [...new Set(shape.flatMap((one) => one.unknown))];
  if (unknown.length > 0)
    losses.push({
      effect: "untranslatable",
      span: query.span,
      reason: `Security Analytics does not know Sigma's ${unknown.map((name) => `\`${name}\``).join(", ")}`,
      advice: "Use a monitor (the platform `opensearch`).",
    });
  if (unknown.length > 0) return { text: "", files: [], losses };
  losses.push(...semanticLosses(shape, query.span));
  const texts = documents.map((document) => yamlDocumentText(document, { singleQuote: true, directives: false }).replace(/^---\n/, ""));
  const files = texts.length === 1 ? [] : texts.map((text, at) => ({ name: `${metadata.id}-${at + 1}.yml`, text }));
  return { text: texts.join("---\n"), files, losses };
}

interface Shape {
  /** Modifiers that are not known. */
  readonly unknown: readonly string[];
  /** Texts with letters are required, and case is ignored. */
  readonly requiresAnyCase: boolean;
  /** Texts with letters are excluded, and case is ignored. */
  readonly excludesAnyCase: boolean;
  /** Something is excluded. */
  readonly excludes: boolean;
}

function semanticLosses(shapes: readonly Shape[], span: Span): Loss[] {
  const losses: Loss[] = [];
  const advice = "Use a monitor (the platform `opensearch`), which is equal to the rule.";
  if (shapes.some(({ requiresAnyCase }) => requiresAnyCase))
    losses.push({ effect: "narrower", span, reason: "Security Analytics is case-sensitive, which Sigma is not", advice });
  if (shapes.some(({ excludesAnyCase }) => excludesAnyCase))
    losses.push({ effect: "wider", span, reason: "Security Analytics is case-sensitive, also in what the rule excludes", advice });
  if (shapes.some(({ excludes }) => excludes))
    losses.push({
      effect: "narrower",
      span,
      reason: "Security Analytics requires that a field in an excluded condition exists",
      advice,
    });
  return losses;
}

/** Brings a document into the shape that is read: an author is required, and `cased` is how it compares anyway. */
function shapeDocument(document: Document.Parsed, authors: readonly string[]): Shape {
  const root = document.contents;
  if (!isMap(root)) return { unknown: [], requiresAnyCase: false, excludesAnyCase: false, excludes: false };
  if (!document.has("author")) document.set("author", authors.length > 0 ? authors.join(", ") : "unknown");
  if (!document.has("description")) document.set("description", document.get("title"));
  const unknown = new Set<string>();
  let ignoresCase = false;
  const visit = (node: Node | null | undefined): void => {
    if (isSeq(node)) for (const item of node.items) visit(item as Node);
    if (!isMap(node)) return;
    for (const pair of (node as YAMLMap<Node, Node | null>).items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : "";
      const [field = "", ...modifiers] = key.split("|");
      const kept = modifiers.filter((modifier) => modifier !== "cased");
      for (const modifier of kept) if (!MODIFIERS.has(modifier)) unknown.add(modifier);
      if (kept.length < modifiers.length && isScalar(pair.key)) pair.key.value = [field, ...kept].join("|");
      if (isMap(pair.value)) visit(pair.value);
      else if (kept.length === modifiers.length && !kept.includes("re") && !kept.includes("cidr") && hasCase(pair.value))
        ignoresCase = true;
      if (isSeq(pair.value)) visit(pair.value);
    }
    for (const key of joinEqualKeys(node as YAMLMap<Node, Node | null>)) unknown.add(key);
  };
  const detection = root.get("detection", true);
  const anyCase: string[] = [];
  let condition = "";
  if (isMap(detection)) {
    for (const { key, value } of (detection as YAMLMap<Node, Node | null>).items) {
      const name = isScalar(key) ? String(key.value) : "";
      if (name === "condition") condition = isScalar(value) ? String(value.value) : "";
      else {
        ignoresCase = false;
        visit(value);
        if (ignoresCase) anyCase.push(name);
      }
    }
  }
  // Of a group that is excluded, all that is in it may be.
  const excluded = [...condition.matchAll(/\bnot\s+(?:(\()|(?:(?:1|all|any) of\s+)?([\w*]+))/g)].map(([, group, name]) =>
    group === undefined ? name! : "*",
  );
  const isExcluded = (name: string): boolean =>
    excluded.some((pattern) => (pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
  return {
    unknown: [...unknown],
    requiresAnyCase: anyCase.some((name) => !isExcluded(name) || excluded.includes("*")),
    excludesAnyCase: anyCase.some(isExcluded),
    excludes: excluded.length > 0,
  };
}

/**
 * Without `cased` two keys may have become one: the same values go once, single values under `all`.
 * @returns `cased`, where that cannot be.
 */
function joinEqualKeys(map: YAMLMap<Node, Node | null>): readonly string[] {
  const byKey = new Map<string, Pair<Node, Node | null>>();
  const kept: Pair<Node, Node | null>[] = [];
  let lost = false;
  for (const pair of map.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : "";
    const first = byKey.get(key);
    if (first === undefined) {
      byKey.set(key, pair);
      kept.push(pair);
      continue;
    }
    const [one, other] = [first.value, pair.value];
    if (JSON.stringify(one) === JSON.stringify(other)) continue;
    if (!isScalar(one) || !isScalar(other) || !isScalar(first.key) || byKey.has(`${key}|all`)) {
      lost = true;
      continue;
    }
    const both = new YAMLSeq<Node>();
    both.items.push(one, other);
    first.key.value = `${key}|all`;
    first.value = both;
    byKey.delete(key);
    byKey.set(`${key}|all`, first);
  }
  map.items = kept;
  return lost ? ["cased"] : [];
}

function hasCase(node: Node | null | undefined): boolean {
  if (isSeq(node)) return node.items.some((item) => hasCase(item as Node));
  return isScalar(node) && typeof node.value === "string" && node.value.toLowerCase() !== node.value.toUpperCase();
}
