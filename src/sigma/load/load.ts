/** A collection of Sigma files: every rule that can be read, and a problem with its place for every one that cannot. */
import { compileFilter, meant, type Expr, type RuleProblem, type SourceLocation, type Span } from "../../eql/index.ts";
import type { Aggregation } from "./condition.ts";
import { fromAggregation, fromNear, type NearDraft } from "../correlation/aggregation.ts";
import { readCorrelation, type Correlation, type CorrelationDraft, type CorrelationPart } from "../correlation/correlation.ts";
import { all } from "../expr.ts";
import { processedSource, processRule, unmappedFields, type Pipeline, type ProcessedRule } from "../pipeline/pipeline.ts";
import { logSourceKey, serve, type LogSourceName, type ServedLogSource } from "../taxonomy/log-source.ts";
import { SigmaError } from "../problem.ts";
import { detectionExpr, detectionOf, queryOf, readHead, readLogSource, type SigmaMetadata, type SigmaRule } from "./rule.ts";
import { readDetection, type Detection } from "./selection.ts";
import { similarField, similarLogSource } from "../taxonomy/suggestions.ts";
import type { FieldMapping } from "../taxonomy/taxonomy.ts";
import { parseText } from "../text.ts";
import { entry, merged, readYaml, textOf, textsOf, without, type MapNode, type YamlNode, type YamlFile } from "./yaml-node.ts";

export interface SigmaFile {
  readonly path: string;
  readonly text: string;
}

export interface LoadOptions {
  /** What `%name%` stands for under `expand`; texts may hold wildcards. */
  readonly placeholders?: ReadonlyMap<string, readonly string[]>;
  /** Processing pipelines and field maps, applied to every rule in order of their priority. */
  readonly pipelines?: readonly Pipeline[];
}

export interface SigmaFilter extends SigmaMetadata {
  readonly logsource: LogSourceName;
  /** Keys of the rules it was attached to. */
  readonly rules: readonly string[];
}

export interface SigmaCollection {
  readonly rules: readonly SigmaRule[];
  /** Parts come before what is made of them. */
  readonly correlations: readonly Correlation[];
  readonly filters: readonly SigmaFilter[];
  readonly problems: readonly RuleProblem[];
  /** Rules that were read but whose events nothing here produces, by log source, most first. */
  readonly notServed: readonly { readonly logsource: string; readonly rules: number }[];
}

export function loadSigma(files: readonly SigmaFile[], options: LoadOptions = {}): SigmaCollection {
  const loader = new Loader(options);
  for (const file of files) loader.file(file);
  return loader.finish();
}

/** A rule as read, before filters are attached and correlations silence it. */
interface RuleDraft {
  readonly head: SigmaMetadata;
  readonly document: MapNode;
  readonly yaml: YamlFile;
  readonly logsource: LogSourceName;
  readonly source: ServedLogSource;
  readonly condition: Expr;
  readonly usedFields: readonly string[];
  readonly filters: string[];
  readonly filterConditions: Expr[];
  readonly aggregation: Aggregation | null;
  readonly near: NearDraft | null;
}

class Loader {
  readonly #options: LoadOptions;
  readonly #placeholder: (name: string) => ReturnType<typeof parseText>[] | undefined;
  readonly #problems: RuleProblem[] = [];
  readonly #rules: RuleDraft[] = [];
  readonly #correlations: { readonly draft: CorrelationDraft; readonly yaml: YamlFile }[] = [];
  readonly #filters: { readonly head: SigmaMetadata; readonly document: MapNode; readonly yaml: YamlFile }[] = [];
  readonly #heads = new Map<string, SigmaMetadata>();
  readonly #served = new Map<string, ServedLogSource | null>();
  readonly #notServed = new Map<string, number>();
  /** Keys of rules that are not served or are broken: a reference to one is no mistake. */
  readonly #absent = new Set<string>();

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#placeholder = (name) => options.placeholders?.get(name)?.map(parseText);
  }

  file({ path, text }: SigmaFile): void {
    const yaml = readYaml(path, text);
    for (const { message, offset } of yaml.problems)
      this.#problem("sigma/bad-yaml", "error", message, yaml.placeAt(offset), null, yamlHelp(message));
    let global: MapNode | null = null;
    let previous: YamlNode | null = null;
    let number = 0;
    for (const found of yaml.documents) {
      number++;
      if (found === null) continue;
      if (found.kind !== "map") {
        this.#problem("sigma/no-rule", "error", "A rule is a map of keys and values", yaml.placeAt(found.span.from), null, null);
        continue;
      }
      const actionNode = entry(found, "action")?.value;
      const action = textOf(actionNode)?.toLowerCase();
      let document: MapNode = action === undefined ? found : without(found, "action");
      if (action === "global") {
        global = global === null ? document : (merged(global, document) as MapNode);
        continue;
      }
      if (action === "reset") {
        global = null;
        previous = null;
        continue;
      }
      if (action === "repeat" && previous !== null) document = merged(previous, document) as MapNode;
      else if (action !== undefined && action !== "repeat") {
        this.#problem(
          "sigma/bad-action",
          "error",
          `There is no action \`${action}\``,
          yaml.placeAt(actionNode!.span.from),
          null,
          "Sigma has global, reset and repeat.",
        );
        continue;
      } else if (global !== null) document = merged(global, document) as MapNode;
      previous = document;
      this.#document(document, yaml, number);
    }
    if (yaml.documents.length === 0 && yaml.problems.length === 0) {
      this.#problem("sigma/empty-file", "warning", "The file holds no rule", yaml.placeAt(0), null, null);
    }
  }

  #document(document: MapNode, yaml: YamlFile, number: number): void {
    const place = yaml.placeAt(document.span.from);
    const named = textOf(entry(document, "id")?.value) ?? textOf(entry(document, "title")?.value) ?? null;
    let head: SigmaMetadata | null = null;
    try {
      head = readHead(document, number, place);
      const other = this.#heads.get(head.key);
      if (other !== undefined) {
        this.#problem(
          "sigma/duplicate-id",
          "error",
          `\`${head.key}\` is the id of another rule as well`,
          place,
          named,
          `The other one stands in ${other.place.file}, line ${other.place.line}.`,
        );
        return;
      }
      this.#heads.set(head.key, head);
      if (head.id === null) {
        this.#problem(
          "sigma/no-id",
          "warning",
          "The rule has no id",
          place,
          head.title,
          "Give it a random UUID, so that alerts, tuning and exceptions hold on to it.",
        );
      }
      if (entry(document, "correlation") !== undefined) this.#correlations.push({ draft: readCorrelation(document, head), yaml });
      else if (entry(document, "filter") !== undefined) this.#filters.push({ head, document, yaml });
      else this.#rule(document, head, yaml);
    } catch (error) {
      if (!(error instanceof SigmaError)) throw error;
      if (head !== null) this.#absent.add(head.key);
      this.#thrown(error, yaml, named);
    }
  }

  #rule(document: MapNode, written: SigmaMetadata, yaml: YamlFile): void {
    const logsource = readLogSource(document);
    const processed = this.#processed(written, logsource, readDetection(detectionOf(document)));
    const { head } = processed;
    const key = logSourceKey(processed.logsource);
    const source = processedSource(processed, this.#serve(processed.logsource));
    const used = new Map<string, number>();
    // Rules of other systems are read as well: what is wrong with them is reported, whoever uses them.
    const context = {
      source: source ?? UNSERVED,
      placeholder: this.#placeholder,
      onField: (name: string, { from }: Span) => void (used.has(name) || used.set(name, from)),
    };
    const { condition, aggregation, near, unused } = detectionExpr(processed.detection, context);
    if (unused.length > 0) {
      this.#problem(
        "sigma/unused-selection",
        "warning",
        `The condition does not mention ${unused.map((name) => `\`${name}\``).join(", ")}`,
        yaml.placeAt(entry(document, "detection")!.value.span.from),
        named(head),
        null,
      );
    }
    if (source === null) {
      this.#notServed.set(key, (this.#notServed.get(key) ?? 0) + 1);
      this.#absent.add(head.key);
      this.#problem(
        "sigma/log-source-not-served",
        "warning",
        `Nothing here produces events of the log source ${key}; the rule is not run`,
        yaml.placeAt(entry(document, "logsource")!.value.span.from),
        named(head),
        similarLogSource(processed.logsource) ?? "docs/sigma.md lists the log sources that are served.",
      );
      return;
    }
    for (const name of unmappedFields(processed, used.keys())) {
      this.#problem(
        "sigma/unmapped-field",
        "warning",
        `No pipeline or field map has a place for \`${name}\`; it is looked for under that name`,
        yaml.placeAt(used.get(name)!),
        named(head),
        null,
      );
    }
    for (const [name, offset] of processed.isOwn ? [] : used) {
      const similar = similarField(processed.logsource, name);
      if (similar === null) continue;
      this.#problem(
        "sigma/unknown-field",
        "warning",
        `The log source ${key} has no field \`${name}\``,
        yaml.placeAt(offset),
        named(head),
        meant(similar),
      );
    }
    // Correlations name fields as the rule does.
    const outside: ServedLogSource = { ...source, targets: (name) => processed.rename(name).flatMap(source.targets) };
    const draft = (own: SigmaMetadata, expr: Expr): RuleDraft => {
      this.#check(expr);
      const usedFields = [...used.keys()];
      return {
        head: own,
        document,
        yaml,
        logsource,
        source: outside,
        condition: expr,
        usedFields,
        filters: [],
        filterConditions: [],
        aggregation: null,
        near: null,
      };
    };
    const others = (near?.others ?? []).map((other, i) => ({ ...other, key: `${head.key}#near${i + 1}` }));
    const drafts = others.map((other) => draft({ ...head, key: other.key, name: null }, other.condition));
    this.#rules.push({ ...draft(head, condition), aggregation, near: near === null ? null : { ...near, others } }, ...drafts);
  }

  #processed(head: SigmaMetadata, logsource: LogSourceName, detection: Detection): ProcessedRule {
    return processRule(this.#options.pipelines ?? [], head, logsource, detection);
  }

  #serve(logsource: LogSourceName): ServedLogSource | null {
    const key = logSourceKey(logsource);
    let source = this.#served.get(key);
    if (source === undefined) {
      source = serve(logsource);
      this.#served.set(key, source);
    }
    return source;
  }

  /** What only compiling finds (regular expressions, IP blocks) must not be found out by a rule that never matches. */
  #check(condition: Expr): void {
    if (!needsCompiling(condition)) return;
    compileFilter(
      { span: condition.span, category: null, condition },
      {
        onDiagnostic: (diagnostic) => {
          if (diagnostic.severity === "error")
            throw new SigmaError(diagnostic.code.replace("eql/", "sigma/"), diagnostic.summary, diagnostic.span.from, diagnostic.help);
        },
      },
    );
  }

  finish(): SigmaCollection {
    const filters = this.#attachFilters();
    const { correlations, silent } = this.#resolveCorrelations();
    const rules = this.#rules.map((draft): SigmaRule => {
      const { head, document, logsource, source, filterConditions } = draft;
      const condition = filterConditions.length === 0 ? draft.condition : all([draft.condition, ...filterConditions], draft.condition.span);
      const logsourceSpan = entry(document, "logsource")!.value.span;
      return {
        ...head,
        logsource,
        query: queryOf(source, condition, logsourceSpan, document.span),
        silent: silent.has(head.key),
        filters: draft.filters,
        usedFields: draft.usedFields,
      };
    });
    const notServed = [...this.#notServed]
      .map(([logsource, count]) => ({ logsource, rules: count }))
      .sort((a, b) => b.rules - a.rules || (a.logsource < b.logsource ? -1 : 1));
    return { rules, correlations, filters, problems: this.#problems, notServed };
  }

  // ---------------------------------------------------------------------------------------------------- filters

  #attachFilters(): SigmaFilter[] {
    const out: SigmaFilter[] = [];
    for (const { head, document, yaml } of this.#filters) {
      try {
        const logsource = readLogSource(document);
        const body = detectionOf(document, "filter");
        const rulesNode = entry(body, "rules")?.value;
        const wanted = rulesNode === undefined ? ["any"] : textsOf(rulesNode);
        const every = wanted.length === 1 && wanted[0]!.toLowerCase() === "any";
        const attached: string[] = [];
        const found = new Set<string>();
        for (const draft of this.#rules) {
          const refs = wanted.filter((ref) => ref === draft.head.id || ref === draft.head.name);
          for (const ref of refs) found.add(ref);
          if (!(every || refs.length > 0) || !covers(logsource, draft.logsource)) continue;
          const processed = this.#processed(draft.head, draft.logsource, readDetection(body, ["rules"]));
          const source = processedSource(processed, this.#serve(processed.logsource)) ?? draft.source;
          const { condition } = detectionExpr(processed.detection, { source, placeholder: this.#placeholder });
          this.#check(condition);
          draft.filterConditions.push(condition);
          draft.filters.push(head.title);
          attached.push(draft.head.key);
        }
        const lost = every ? [] : wanted.filter((ref) => !found.has(ref) && !this.#isAbsent(ref));
        if (lost.length > 0) {
          this.#problem(
            "sigma/unknown-rule",
            "warning",
            `The filter names rules that are not here: ${lost.join(", ")}`,
            yaml.placeAt(rulesNode!.span.from),
            named(head),
            null,
          );
        }
        if (attached.length === 0) {
          this.#problem(
            "sigma/filter-without-rules",
            "warning",
            "The filter is attached to no rule",
            yaml.placeAt(body.span.from),
            named(head),
            "Its log source must be that of the rules, or part of it.",
          );
        }
        out.push({ ...head, logsource, rules: attached });
      } catch (error) {
        if (!(error instanceof SigmaError)) throw error;
        this.#thrown(error, yaml, named(head));
      }
    }
    return out;
  }

  #isAbsent(ref: string): boolean {
    if (this.#absent.has(ref)) return true;
    for (const key of this.#absent) if (this.#heads.get(key)?.name === ref) return true;
    return false;
  }

  // ----------------------------------------------------------------------------------------------- correlations

  #resolveCorrelations(): { readonly correlations: Correlation[]; readonly silent: ReadonlySet<string> } {
    const byRef = new Map<string, RuleDraft | CorrelationDraft>();
    for (const rule of this.#rules) for (const ref of [rule.head.key, rule.head.name]) if (ref !== null) byRef.set(ref, rule);
    for (const { draft } of this.#correlations)
      for (const ref of [draft.head.key, draft.head.name]) if (ref !== null) byRef.set(ref, draft);
    const silent = new Set<string>();
    const loud = new Set<string>();
    const done = new Map<string, Correlation | null>();
    const ordered: Correlation[] = [];
    const yamlOf = new Map(this.#correlations.map(({ draft, yaml }) => [draft, yaml]));
    const resolve = (draft: CorrelationDraft, path: readonly CorrelationDraft[]): Correlation | null => {
      const known = done.get(draft.head.key);
      if (known !== undefined) return known;
      let made: Correlation | null = null;
      const yaml = yamlOf.get(draft)!;
      try {
        if (path.length > 20) throw new SigmaError("sigma/bad-correlation", "The correlations are nested too deeply", draft.span.from);
        const parts = draft.refs.map(({ ref, span }): CorrelationPart => {
          const found = byRef.get(ref);
          if (found === undefined) {
            const absent = this.#isAbsent(ref);
            throw new SigmaError(
              absent ? "sigma/part-not-loaded" : "sigma/unknown-rule",
              absent ? `The rule \`${ref}\` is not run, so the correlation cannot be` : `There is no rule \`${ref}\``,
              span.from,
              absent ? null : "Rules are referred to by id or name; load the files together.",
            );
          }
          if ("refs" in found) {
            if (found === draft || path.includes(found))
              throw new SigmaError("sigma/bad-correlation", `\`${ref}\` is made of this correlation itself`, span.from);
            if (resolve(found, [...path, draft]) === null)
              throw new SigmaError("sigma/part-not-loaded", `The correlation \`${ref}\` is not run, so this one cannot be`, span.from);
            return { ref, key: found.head.key, kind: "correlation", groupBy: [], values: [] };
          }
          return {
            ref,
            key: found.head.key,
            kind: "rule",
            groupBy: draft.groupBy.map((name) => targetsIn(found.source, aliased(draft, name, ref, found, span.from))),
            values: draft.fields.map((name) =>
              targetsIn(found.source, draft.aliases.has(name) ? aliased(draft, name, ref, found, span.from) : name),
            ),
          };
        });
        if (draft.expression !== null) checkExpression(draft.expression, parts);
        const { head, refs: _refs, aliases: _aliases, ...rest } = draft;
        made = { ...head, ...rest, parts, silent: false };
        ordered.push(made);
        for (const part of parts) (draft.generate ? loud : silent).add(part.key);
      } catch (error) {
        if (!(error instanceof SigmaError)) throw error;
        this.#thrown(error, yaml, named(draft.head));
      }
      done.set(draft.head.key, made);
      return made;
    };
    for (const { draft } of this.#correlations) resolve(draft, []);
    for (const rule of this.#rules) {
      const { aggregation, near } = rule;
      if (aggregation === null && near === null) continue;
      for (const { key } of near?.others ?? []) silent.add(key);
      try {
        ordered.push(aggregation !== null ? fromAggregation(rule, aggregation) : fromNear(rule, near!));
        silent.add(rule.head.key);
      } catch (error) {
        if (!(error instanceof SigmaError)) throw error;
        silent.add(rule.head.key);
        this.#thrown(error, rule.yaml, named(rule.head));
      }
    }
    for (const key of loud) silent.delete(key);
    return { correlations: ordered.map((made) => (silent.has(made.key) ? { ...made, silent: true } : made)), silent };
  }

  // --------------------------------------------------------------------------------------------------- problems

  #thrown(error: SigmaError, yaml: YamlFile, rule: string | null): void {
    // What a pipeline refuses is understood, and not run.
    const severity = error.code.startsWith("sigma/pipeline-") ? "warning" : "error";
    this.#problem(error.code, severity, error.message, yaml.placeAt(error.offset), rule, error.help);
  }

  #problem(
    code: string,
    severity: RuleProblem["severity"],
    message: string,
    place: SourceLocation,
    rule: string | null,
    help: string | null,
  ): void {
    this.#problems.push({ code, severity, message, place, rule, help });
  }
}

/** Stands in for a log source that is not served, so that its rules are checked as far as can be. */
const UNSERVED: ServedLogSource = {
  name: { product: null, category: null, service: null },
  condition: (span) => ({ kind: "boolean", span, value: false }),
  targets: (name) => [name],
};

function named(head: SigmaMetadata): string {
  return head.id ?? head.title;
}

/** Whether a filter's log source holds the rule's: what it names, the rule names as well. */
function covers(filter: LogSourceName, rule: LogSourceName): boolean {
  return (["product", "category", "service"] as const).every(
    (part) => filter[part] === null || filter[part]?.toLowerCase() === rule[part]?.toLowerCase(),
  );
}

function needsCompiling(expr: Expr): boolean {
  switch (expr.kind) {
    case "match":
    case "any-field":
      return expr.patterns.some((pattern) => pattern.kind === "regex");
    case "call":
      return expr.name === "cidrMatch";
    case "not":
      return needsCompiling(expr.value);
    case "logical":
      return expr.operands.some(needsCompiling);
    default:
      return false;
  }
}

function targetsIn(source: ServedLogSource, name: string): readonly FieldMapping[] {
  return source.targets(name);
}

/** The rule's own field for a group-by entry: through the alias, or the entry itself. */
function aliased(draft: CorrelationDraft, name: string, ref: string, rule: RuleDraft, at: number): string {
  const alias = draft.aliases.get(name);
  if (alias === undefined) return name;
  const own = alias.get(ref) ?? alias.get(rule.head.id ?? "") ?? alias.get(rule.head.name ?? "");
  if (own === undefined) throw new SigmaError("sigma/bad-correlation", `The alias \`${name}\` does not say what it is for \`${ref}\``, at);
  return own;
}

function checkExpression(condition: NonNullable<CorrelationDraft["expression"]>, parts: readonly CorrelationPart[]): void {
  switch (condition.kind) {
    case "name":
      if (!parts.some((part) => part.ref === condition.name)) {
        throw new SigmaError("sigma/bad-correlation", `\`${condition.name}\` is not among the correlation's rules`, condition.span.from);
      }
      return;
    case "not":
      return checkExpression(condition.operand, parts);
    case "of":
      return;
    default:
      for (const operand of condition.operands) checkExpression(operand, parts);
  }
}

/** What to do about the slips in YAML that are made most. */
function yamlHelp(message: string): string | null {
  if (message.startsWith("Tabs are not allowed")) return "Indent with blanks.";
  return message.endsWith("occurs twice") ? "Keep one of the two." : null;
}
