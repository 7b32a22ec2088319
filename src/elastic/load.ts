/** Files of Elastic's rules -> rules that run, and what does not, with its reason. One bad rule costs no other. */
import type { RunnableRule } from "../detect/index.ts";
import { positionAt, type EventDocument, type RuleProblem, type Schema, type SourceLocation } from "../eql/index.ts";
import { documentsOf, isObject, type ElasticDocument, type ElasticFile } from "./documents.ts";
import { RuleError, runnableElastic } from "./rule.ts";
import { EXCEPTION_ITEM, EXCEPTION_LIST, RULE, type ExceptionItem, type RuleContent } from "./schema.ts";

export interface LoadElasticOptions {
  /** Types of the fields; ECS's. */
  readonly schema: Schema;
  /** `2026-11-24` */
  readonly today: string;
  /** Documents of threat intelligence in ECS (`threat.indicator.*`). */
  readonly indicators?: readonly EventDocument[];
}

export interface ElasticRules {
  readonly rules: readonly RunnableRule[];
  /** Where each was read from, by its key. */
  readonly origins: ReadonlyMap<string, ElasticOrigin>;
  /** What each says, by its key. */
  readonly contents: ReadonlyMap<string, RuleContent>;
  readonly problems: readonly RuleProblem[];
  /** Rules that are deprecated or disabled, and so do not run. */
  readonly inactive: number;
  /** The last day, `2026-11-24`, on which all exceptions are in force that were; null: they do not expire. */
  readonly lastDay: string | null;
}

export interface ElasticOrigin {
  readonly place: SourceLocation;
  /** Where the query begins in the file's text; null where the file does not hold the query as it is. */
  readonly start: number | null;
}

/**
 * Problems of rules that are understood and cannot run here: they are listed, and leave the exit code alone, as a file that is known to be
 * no log does.
 */
export const UNSUPPORTED: ReadonlySet<string> = new Set([
  "elastic/machine-learning",
  "elastic/no-indicators",
  "esql/not-supported",
  "lucene/not-supported",
]);

export function loadElastic(files: readonly ElasticFile[], options: LoadElasticOptions): ElasticRules {
  const problems: RuleProblem[] = [];
  const documents: ElasticDocument[] = [];
  for (const file of files) {
    const found = documentsOf(file);
    problems.push(...found.problems);
    documents.push(...found.documents);
  }
  const exceptions = exceptionsIn(documents, problems);
  const shared = sharedLists(documents);
  const context = { schema: options.schema, today: options.today, exceptions, indicators: options.indicators ?? null };
  const rules = new Map<string, RunnableRule>();
  const origins = new Map<string, ElasticOrigin>();
  const contents = new Map<string, RuleContent>();
  let inactive = 0;
  for (const document of documents) {
    const { content, place, maturity } = document;
    if (!isRule(content)) continue;
    const rule = ruleName(content);
    const report = (code: string, severity: RuleProblem["severity"], message: string, help: string | null, at = place): void => {
      problems.push({ code, severity, message, place: at, rule, help });
    };
    const read = RULE.safeParse(content);
    if (!read.success) {
      const [issue] = read.error.issues;
      const path = issue?.path.join(".") ?? "";
      report("elastic/bad-rule", "error", `${path === "" ? "" : `\`${path}\`: `}${issue?.message ?? "cannot be read"}`, null);
      continue;
    }
    if (maturity === "deprecated" || read.data.enabled === false) {
      inactive++;
      continue;
    }
    try {
      const loaded = runnableElastic(withLists(read.data, shared), context);
      if (rules.has(loaded.rule.key))
        report("elastic/duplicate", "warning", `Another rule has the id \`${loaded.rule.key}\`; the first one is run`, null);
      else {
        rules.set(loaded.rule.key, loaded.rule);
        contents.set(loaded.rule.key, read.data);
        origins.set(loaded.rule.key, { place, start: queryStart(document, read.data.query) });
      }
      for (const { code, message, help } of loaded.warnings) report(code, "warning", message, help);
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      report(error.code, "error", error.message, error.help, queryPlace(document, read.data.query, error.diagnostics[0]?.span.from));
    }
  }
  return { rules: [...rules.values()], origins, contents, problems, inactive, lastDay: lastDayOf(exceptions, options.today) };
}

function exceptionsIn(documents: readonly ElasticDocument[], problems: RuleProblem[]): ReadonlyMap<string, readonly ExceptionItem[]> {
  const lists = new Map<string, ExceptionItem[]>();
  for (const { content, place } of documents) {
    const { list_id: list, entries } = content;
    if (typeof list !== "string" || isRule(content)) continue;
    const known = lists.get(list) ?? [];
    lists.set(list, known);
    if (entries === undefined) continue;
    const read = EXCEPTION_ITEM.safeParse(content);
    if (read.success) known.push(read.data);
    else
      problems.push({
        code: "elastic/exception",
        severity: "warning",
        message: `An item of the exception list \`${list}\` cannot be read and is not applied: ${read.error.issues[0]?.message ?? ""}`,
        place,
        rule: null,
        help: null,
      });
  }
  return lists;
}

/** The lists that say themselves which rules they are of, by rule. */
function sharedLists(documents: readonly ElasticDocument[]): ReadonlyMap<string, readonly string[]> {
  const lists = new Map<string, string[]>();
  for (const { content } of documents) {
    if (content["list_id"] === undefined || content["entries"] !== undefined) continue;
    const read = EXCEPTION_LIST.safeParse(content);
    for (const rule of read.data?.meta?.rule_ids ?? []) lists.set(rule, [...(lists.get(rule) ?? []), read.data!.list_id]);
  }
  return lists;
}

function withLists(rule: RuleContent, shared: ReadonlyMap<string, readonly string[]>): RuleContent {
  const more = [rule.rule_id, rule.id].flatMap((id) => (id === undefined ? [] : (shared.get(id) ?? [])));
  if (more.length === 0) return rule;
  const own = rule.exceptions_list ?? [];
  const added = [...new Set(more)].filter((list) => !own.some(({ list_id: known }) => known === list));
  return { ...rule, exceptions_list: [...own, ...added.map((list) => ({ list_id: list }))] };
}

function lastDayOf(exceptions: ReadonlyMap<string, readonly ExceptionItem[]>, today: string): string | null {
  const days = [...exceptions.values()].flat().flatMap(({ expire_time: time }) => (typeof time === "string" ? [time.slice(0, 10)] : []));
  return days.filter((day) => day >= today).sort()[0] ?? null;
}

/** Neither an exception list, one of its items, nor the line that counts what was exported. */
function isRule(content: ElasticDocument["content"]): boolean {
  return typeof content["type"] === "string" && content["entries"] === undefined && content["list_id"] === undefined && isObject(content);
}

function ruleName(content: ElasticDocument["content"]): string | null {
  for (const key of ["rule_id", "id", "name"]) if (typeof content[key] === "string") return content[key];
  return null;
}

/** Where the query begins in the file's text; null where the file does not hold it as it is. */
function queryStart({ text }: ElasticDocument, query: string | undefined): number | null {
  const start = text === null || query === undefined ? -1 : text.indexOf(query);
  return start < 0 ? null : start;
}

/** The place of an offset of the query in the file, where the query stands in it as it is; else that of the rule. */
function queryPlace(document: ElasticDocument, query: string | undefined, offset: number | undefined): SourceLocation {
  const { place, text } = document;
  const start = offset === undefined ? null : queryStart(document, query);
  if (start === null) return place;
  const at = positionAt(text!, start + offset!);
  return { file: place.file, line: at.line, column: at.column };
}
