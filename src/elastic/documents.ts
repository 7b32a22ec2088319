/** The rules and exception items in a file, recognised by content: TOML, JSON, NDJSON, a bare query. */
import { parse as parseToml, TomlError } from "smol-toml";
import { positionAt, type RuleProblem, type SourceLocation } from "../eql/index.ts";

export interface ElasticFile {
  /** As it is shown; its ending decides whether a text of no other form is a bare EQL query. */
  readonly path: string;
  readonly text: string;
}

/** An object as it lay in a file. */
export interface ElasticDocument {
  readonly content: Readonly<Record<string, unknown>>;
  readonly place: SourceLocation;
  /** The file, where places within a query can be found in it. */
  readonly text: string | null;
  /** `deprecated` of a TOML file's metadata. */
  readonly maturity: string | null;
}

export interface ElasticDocuments {
  readonly documents: readonly ElasticDocument[];
  readonly problems: readonly RuleProblem[];
}

/** Whether the text is one of Elastic's rules, or an export of them. Cheap: it looks at the beginning. */
export function looksElastic({ path, text }: ElasticFile): boolean {
  if (/\.eql$/i.test(path)) return true;
  const head = text.slice(0, 20_000);
  if (/^\s*[[{]/.test(head) && !/^\s*\[\w+\]\s*$/m.test(head.slice(0, 200)))
    return /"(?:rule_id|risk_score|list_id|machine_learning_job_id)"\s*:/.test(head);
  return /^\s*\[rule\]\s*$/m.test(text);
}

export function documentsOf(file: ElasticFile): ElasticDocuments {
  const { path, text } = file;
  if (/^\s*\[rule\]\s*$/m.test(text)) return tomlDocuments(file);
  if (/^\s*[[{]/.test(text)) return jsonDocuments(file);
  const name = path.replace(/^.*[\\/]/, "").replace(/\.eql$/i, "");
  const place = { file: path, line: 1, column: 1 };
  return { documents: [{ content: { name, rule_id: name, type: "eql", query: text }, place, text, maturity: null }], problems: [] };
}

function tomlDocuments({ path, text }: ElasticFile): ElasticDocuments {
  let content: Readonly<Record<string, unknown>>;
  try {
    content = parseToml(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const place = { file: path, line: error.line, column: error.column };
    const message = firstLine(error.message);
    const isOpen = message.includes("control characters");
    const help = isOpen ? "A text ends on its own line, with the quote it began with; one of several lines is in three quotes." : null;
    return { documents: [], problems: [{ ...problem("elastic/bad-toml", message, place), help }] };
  }
  const { rule, metadata } = content;
  const at = positionAt(text, Math.max(0, text.search(/^\s*\[rule\]/m)));
  const place = { file: path, line: at.line, column: at.column };
  if (!isObject(rule)) return { documents: [], problems: [problem("elastic/bad-rule", "`[rule]` is no table", place)] };
  const maturity = isObject(metadata) && typeof metadata["maturity"] === "string" ? metadata["maturity"] : null;
  return { documents: [{ content: rule, place, text, maturity }], problems: [] };
}

function jsonDocuments({ path, text }: ElasticFile): ElasticDocuments {
  const whole = parsed(text);
  if (whole !== undefined) {
    const list = Array.isArray(whole) ? whole : isObject(whole) && Array.isArray(whole["data"]) ? (whole["data"] as unknown[]) : [whole];
    const place = { file: path, line: 1, column: 1 };
    return {
      documents: list.filter(isObject).map((content) => ({ content, place, text: null, maturity: null })),
      problems: list.every(isObject) ? [] : [problem("elastic/bad-rule", "The list holds what is no object", place)],
    };
  }
  const documents: ElasticDocument[] = [];
  const problems: RuleProblem[] = [];
  text.split("\n").forEach((line, index) => {
    if (line.trim() === "") return;
    const content = parsed(line);
    const place = { file: path, line: index + 1, column: 1 };
    if (isObject(content)) documents.push({ content, place, text: null, maturity: null });
    else problems.push(problem("elastic/bad-json", "The line is no JSON object", place));
  });
  return { documents, problems };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function problem(code: string, message: string, place: SourceLocation): RuleProblem {
  return { code, severity: "error", message, place, rule: null, help: null };
}

function firstLine(text: string): string {
  return text.split("\n")[0]!;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
