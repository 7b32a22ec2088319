/** What rules of no package say of themselves, for pages, translations and tuning: worked out when it is asked for. */
import type { RunnableRule } from "../../detect/index.ts";
import { logSourceKey, type LogSourceName } from "../../sigma/index.ts";
import type { RuleMetadata } from "../../translate/index.ts";
import { correlationMetadata, elasticMetadata, sigmaMetadata } from "../translate/metadata.ts";
import type { Translatable } from "../translate/translate.ts";
import type { RuleSet } from "./load.ts";

export interface RuleDetails {
  /** What the rule is kept in. */
  readonly kind: "Sigma rule" | "Sigma correlation" | "Elastic rule" | "EQL query";
  readonly metadata: RuleMetadata;
  /** As its author has it: the YAML of a Sigma rule, the query of an Elastic rule. */
  readonly text: string;
  readonly language: "yaml" | "eql" | "kql" | "lucene" | "esql";
  /** Of Sigma; null where the rule has none. */
  readonly logSource: LogSourceName | null;
  /** By what its events are recognised: the log source, or Elastic's type of the rule. */
  readonly group: string;
  /** A status such as `experimental`, as the rule has it. */
  readonly status: string | null;
}

/** Null for a rule that is not of the set, or of a package. */
export function ruleDetails(set: RuleSet, rule: RunnableRule): RuleDetails | null {
  const source = set.sources.get(rule.key);
  if (source === undefined) return null;
  switch (source.kind) {
    case "sigma": {
      const { logsource, query, status } = source.rule;
      const text = source.file.slice(query.span.from, query.span.to).trimEnd();
      const group = logSourceKey(logsource);
      return {
        kind: "Sigma rule",
        metadata: sigmaMetadata(source.rule),
        text,
        language: "yaml",
        logSource: logsource,
        group,
        status,
      };
    }
    case "correlation": {
      const { correlation, file } = source;
      return {
        kind: "Sigma correlation",
        metadata: correlationMetadata(correlation, rule),
        text: file.trimEnd(),
        language: "yaml",
        logSource: null,
        group: `correlation/${correlation.type}`,
        status: correlation.status,
      };
    }
    default: {
      const { content } = source;
      const bare = /\.eql$/i.test(set.origins.get(rule.key)?.place.file ?? "");
      return {
        kind: bare ? "EQL query" : "Elastic rule",
        metadata: elasticMetadata(content, rule),
        text: content.query ?? "",
        language: rule.language === "sigma" ? "yaml" : rule.language,
        logSource: null,
        group: bare ? "eql" : `elastic/${content.type}`,
        status: null,
      };
    }
  }
}

/** What can be said of a rule in another platform's language; a sentence where nothing can. */
export function translatable(set: RuleSet, rule: RunnableRule): Translatable | string {
  const source = set.sources.get(rule.key);
  const details = ruleDetails(set, rule);
  if (source === undefined || details === null) return "It is of a package.";
  if (source.kind === "correlation") return "It is a correlation: rules of single events and sequences are translated.";
  if (rule.grouping !== undefined)
    return `It is a rule of groups of events (${rule.grouping.kind}): rules of single events and sequences are translated.`;
  const text = source.kind === "sigma" ? source.file : details.text;
  const placeOf = set.origins.get(rule.key)!.placeOf;
  return { key: rule.key, metadata: details.metadata, query: rule.query, text, placeOf };
}
