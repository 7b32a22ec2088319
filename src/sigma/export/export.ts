/** A query as Sigma rules, and sequences as correlations, with every loss named. */
import { junction, rewrite, type Condition, type EventFilter, type Loss, type Query, type SequenceQuery } from "../../eql/index.ts";
import { detectionOf, type Detection } from "./detection.ts";
import { ItemWriter, type SelectionItem } from "./items.ts";
import { sharesByLogSource, textIn, type LogSourceShare } from "./log-source-shares.ts";
import { SigmaFields } from "./sigma-fields.ts";
import { yamlText } from "../yaml-text.ts";
import { LEVELS, STATUSES, type Level, type Status } from "../load/rule.ts";

/** The rule's metadata. */
export interface ExportMetadata {
  /** The rule's own id; ids of further documents are derived from it, so they stay the same. */
  readonly uuid: string;
  readonly title: string;
  readonly description?: string;
  readonly status?: Status;
  readonly level?: Level;
  readonly author?: string;
  /** `2026-01-31` */
  readonly date?: string;
  readonly modified?: string;
  /** `attack.t1021.002` */
  readonly tags?: readonly string[];
  readonly references?: readonly string[];
  readonly falsepositives?: readonly string[];
}

export interface SigmaExport {
  /** YAML, a document for each rule, then the correlations; "" where nothing can be expressed in Sigma. */
  readonly documents: string;
  /** How many of the documents are event rules, and how many correlations. */
  readonly rules: number;
  readonly correlations: number;
  readonly losses: readonly Loss[];
}

type YamlValue = string | number | boolean | null | readonly YamlValue[] | ReadonlyMap<string, YamlValue>;
type RuleDocument = Map<string, YamlValue>;

/** A sequence whose items are several rules each is a correlation for every combination, up to this many. */
const MAX_CORRELATIONS = 16;

export function exportSigma(query: Query, head: ExportMetadata): SigmaExport {
  return new Exporter(head).query(query);
}

interface ExportedRule {
  readonly share: LogSourceShare;
  readonly detection: Detection;
}

/** A log source's share in Sigma's terms. */
interface WrittenShare {
  readonly share: LogSourceShare;
  /** Null where nothing of it can be expressed. */
  readonly items: Condition<SelectionItem> | null;
  readonly losses: readonly Loss[];
  /** The log source has not all of the condition's fields. */
  readonly missing: boolean;
}

class Exporter {
  readonly #head: ExportMetadata;
  readonly #losses: Loss[] = [];

  constructor(head: ExportMetadata) {
    this.#head = head;
  }

  query(query: Query): SigmaExport {
    for (const pipe of query.pipes)
      this.#reportLoss({ effect: "wider", span: pipe.span, reason: `Sigma has no pipes: \`${pipe.name}\` is left out`, advice: null });
    switch (query.kind) {
      case "event": {
        const made = this.#rules(query.filter);
        return this.#result(
          made.map((rule, at) => this.#ruleDocument(rule, at, made.length > 1 ? ` (${sourceTitle(rule.share)})` : "", null)),
          [],
        );
      }
      case "sequence":
        return this.#sequence(query);
      default:
        this.#reportLoss({ effect: "untranslatable", span: query.span, reason: `Sigma has nothing like \`${query.kind}\``, advice: null });
        return this.#result([], []);
    }
  }

  #reportLoss(loss: Loss): void {
    if (!this.#losses.some((known) => known.effect === loss.effect && known.reason === loss.reason)) this.#losses.push(loss);
  }

  #result(rules: readonly RuleDocument[], correlations: readonly RuleDocument[]): SigmaExport {
    const all = [...rules, ...correlations];
    return {
      documents: all.map((document) => yamlText(document, { singleQuote: true })).join("---\n"),
      rules: rules.length,
      correlations: correlations.length,
      losses: this.#losses,
    };
  }

  /** One rule per log source. */
  #rules(filter: EventFilter): ExportedRule[] {
    const { shares, losses } = sharesByLogSource(filter);
    const rules: ExportedRule[] = [];
    const ofShares = [...losses];
    const written = shares.map((share) => this.#itemsOf(share));
    for (const one of written) {
      const { share, items, missing } = one;
      // Of several log sources for one condition, those without its fields are not what it is about.
      const beside = written.some((other) => other.share.condition === share.condition && !other.missing);
      if (beside && missing) {
        ofShares.push({
          effect: "narrower",
          span: share.span,
          reason: `${sourceTitle(share)} has no fields for the condition and is left out`,
          advice: null,
        });
        continue;
      }
      ofShares.push(...one.losses);
      // What is always false matches nothing, and leaving it out loses nothing.
      if (items === null || (items.kind === "constant" && !items.value)) continue;
      if (items.kind !== "constant") rules.push({ share, detection: detectionOf(items) });
      else
        ofShares.push({
          effect: "untranslatable",
          span: share.span,
          reason: `Nothing is left of the condition for ${sourceTitle(share)}, and a rule must not match every event`,
          advice: "Add a condition that Sigma can express.",
        });
    }
    if (rules.length === 0 && !ofShares.some((loss) => loss.effect === "untranslatable"))
      ofShares.push({ effect: "untranslatable", span: filter.span, reason: "The condition never holds", advice: null });
    // A log source without a rule beside others with one: the whole misses some events.
    for (const loss of ofShares)
      this.#reportLoss(loss.effect === "untranslatable" && rules.length > 0 ? { ...loss, effect: "narrower" } : loss);
    return rules;
  }

  #itemsOf(share: LogSourceShare): WrittenShare {
    const losses: Loss[] = [];
    const report = (loss: Loss): void => void losses.push(loss);
    const writer = new ItemWriter(new SigmaFields(share), report);
    const { codes, span, condition } = share;
    const whole = codes.length === 0 ? condition : junction("and", [textIn("event.code", codes, span), condition]);
    const items = rewrite<SelectionItem>(whole, (predicate, positive) => writer.items(predicate, positive), report);
    return { share, items, losses, missing: writer.missing.size > 0 };
  }

  #sequence(query: SequenceQuery): SigmaExport {
    if (query.until !== null)
      this.#reportLoss({
        effect: "wider",
        span: query.until.span,
        reason: "Sigma's correlations have no `until`: it is left out",
        advice: null,
      });
    const items = query.items.filter((item) => {
      if (item.missing)
        this.#reportLoss({
          effect: "wider",
          span: item.span,
          reason: "Sigma's correlations have no missing events: `![..]` is left out",
          advice: null,
        });
      return !item.missing;
    });
    const made = items.map((item) => this.#rules(item.filter));
    if (made.some((rules) => rules.length === 0)) {
      this.#reportLoss({
        effect: "untranslatable",
        span: query.span,
        reason: "An event of the sequence cannot be expressed in Sigma",
        advice: null,
      });
      return this.#result([], []);
    }
    const combinations = made.reduce((product, rules) => product * rules.length, 1);
    if (combinations > MAX_CORRELATIONS) {
      this.#reportLoss({
        effect: "untranslatable",
        span: query.span,
        reason: `The sequence's events are of so many log sources that it takes ${combinations} correlations`,
        advice: "Narrow the events down.",
      });
      return this.#result([], []);
    }
    const timespan = this.#timespan(query);
    const documents: RuleDocument[] = [];
    const names: string[][] = made.map((rules, item) =>
      rules.map((rule, at) => {
        const name = `${slug(this.#head.title)}_${item + 1}${rules.length > 1 ? String.fromCharCode(97 + at) : ""}`;
        documents.push(
          this.#ruleDocument(
            rule,
            documents.length + 1,
            ` - event ${item + 1}${rules.length > 1 ? ` (${sourceTitle(rule.share)})` : ""}`,
            name,
          ),
        );
        return name;
      }),
    );
    const correlations: RuleDocument[] = [];
    for (let number = 0; number < combinations; number++) {
      let left = number;
      const chosen = made.map((rules, item) => {
        const at = left % rules.length;
        left = Math.floor(left / rules.length);
        return { rule: rules[at]!, name: names[item]![at]! };
      });
      const correlation = this.#correlation(query, items, chosen, timespan, number, combinations);
      if (correlation === null) return this.#result([], []);
      correlations.push(correlation);
    }
    return this.#result(documents, correlations);
  }

  #timespan(query: SequenceQuery): string {
    if (query.maxspan === null) {
      this.#reportLoss({
        effect: "narrower",
        span: query.span,
        reason: "A correlation needs a time span, and the sequence has none: 30 days are taken",
        advice: "Add `with maxspan`.",
      });
      return "30d";
    }
    const { value, unit, span } = query.maxspan;
    if (unit !== "ms") return `${Math.ceil(value)}${unit}`;
    if (value % 1000 !== 0) this.#reportLoss({ effect: "wider", span, reason: "Sigma's time spans are whole seconds", advice: null });
    return `${Math.max(1, Math.ceil(value / 1000))}s`;
  }

  #correlation(
    query: SequenceQuery,
    items: SequenceQuery["items"],
    chosen: readonly { readonly rule: ExportedRule; readonly name: string }[],
    timespan: string,
    number: number,
    total: number,
  ): RuleDocument | null {
    const groupBy: string[] = [];
    const aliases = new Map<string, ReadonlyMap<string, string>>();
    const keyCount = query.by.length + (items[0]?.by.length ?? 0);
    for (let key = 0; key < keyCount; key++) {
      const fields = new Map<string, string>();
      for (let at = 0; at < items.length; at++) {
        const { rule, name } = chosen[at]!;
        const field = key < query.by.length ? query.by[key]! : items[at]!.by[key - query.by.length];
        const mapped = field === undefined ? null : new SigmaFields(rule.share).whole(field.name);
        if (field === undefined || mapped === null) {
          this.#reportLoss({
            effect: "untranslatable",
            span: field?.span ?? query.span,
            reason: `Sigma has no field for \`${field?.name ?? "a key"}\` in ${sourceTitle(rule.share)}, and without the key other events belong together`,
            advice: "Join by a field that the events' log sources have.",
          });
          return null;
        }
        if (mapped === "Computer" && field.name === "host.id") {
          this.#reportLoss({
            effect: "exact",
            span: field.span,
            reason: "`host.id` is the computer's name in Sigma, as it is in Windows' own events",
            advice: null,
          });
        }
        fields.set(name, mapped);
      }
      const different = new Set(fields.values());
      const [only] = different;
      if (different.size === 1) groupBy.push(only!);
      else {
        const alias = `key_${key + 1}`;
        aliases.set(alias, fields);
        groupBy.push(alias);
      }
    }
    const rules = chosen.flatMap(({ name }, at) => Array.from({ length: items[at]!.runs }, () => name));
    const repeated = items.length === 1;
    const correlation: RuleDocument = new Map<string, YamlValue>([
      ["type", repeated ? "event_count" : "temporal_ordered"],
      ["rules", repeated ? [chosen[0]!.name] : rules],
    ]);
    if (aliases.size > 0) correlation.set("aliases", aliases);
    if (groupBy.length > 0) correlation.set("group-by", groupBy);
    correlation.set("timespan", timespan);
    if (repeated) correlation.set("condition", new Map([["gte", items[0]!.runs]]));
    const suffix = total > 1 ? ` (${number + 1} of ${total})` : "";
    const document = this.#headOf(number === 0 ? this.#head.uuid : derivedUuid(this.#head.uuid, 1000 + number), suffix, null);
    document.set("correlation", correlation);
    return this.#tailOf(document);
  }

  #ruleDocument({ share, detection }: ExportedRule, number: number, suffix: string, name: string | null): RuleDocument {
    const id = number === 0 ? this.#head.uuid : derivedUuid(this.#head.uuid, number);
    const document = this.#headOf(id, suffix, name);
    const { product, category, service } = share.logsource;
    const logsource: RuleDocument = new Map();
    if (product !== null) logsource.set("product", product);
    if (category !== null) logsource.set("category", category);
    if (service !== null) logsource.set("service", service);
    document.set("logsource", logsource);
    document.set("detection", detection);
    return this.#tailOf(document);
  }

  #headOf(id: string, suffix: string, name: string | null): RuleDocument {
    const { title, description, status, author, date, modified, tags, references, uuid } = this.#head;
    const document: RuleDocument = new Map<string, YamlValue>([
      ["title", `${title.slice(0, 256 - suffix.length)}${suffix}`],
      ["id", id],
    ]);
    if (name !== null) document.set("name", name);
    if (id !== uuid)
      document.set("related", [
        new Map([
          ["id", uuid],
          ["type", "derived"],
        ]),
      ]);
    document.set("status", status ?? STATUSES[2]);
    if (description !== undefined && description !== "") document.set("description", description);
    if (references !== undefined && references.length > 0) document.set("references", references);
    if (author !== undefined) document.set("author", author);
    if (date !== undefined) document.set("date", date);
    if (modified !== undefined) document.set("modified", modified);
    const valid = tags?.map((tag) => tag.toLowerCase()).filter((tag) => /^[a-z0-9_-]+\.[a-z0-9._-]+$/.test(tag)) ?? [];
    if (valid.length > 0) document.set("tags", valid);
    return document;
  }

  #tailOf(document: RuleDocument): RuleDocument {
    const { falsepositives, level } = this.#head;
    if (falsepositives !== undefined && falsepositives.length > 0) document.set("falsepositives", falsepositives);
    document.set("level", level ?? LEVELS[2]);
    return document;
  }
}

function sourceTitle(share: LogSourceShare): string {
  const { category, service } = share.logsource;
  return `${category ?? service ?? "any Windows event"}${share.codes.length > 0 ? ` ${share.codes.join(", ")}` : ""}`;
}

function slug(title: string): string {
  return (
    title
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "_")
      .replaceAll(/^_+|_+$/g, "")
      .slice(0, 60) || "rule"
  );
}

/** A UUID (version 8, of one's own making: RFC 9562) that is always the same for the same rule and number. */
function derivedUuid(uuid: string, number: number): string {
  const bytes: number[] = [];
  for (let word = 0; word < 4; word++) {
    // FNV-1a with a start of its own for each word.
    let hash = (0x811c9dc5 ^ (word * 0x9e3779b9)) >>> 0;
    for (const c of `${uuid}/${number}`) hash = Math.imul(hash ^ c.charCodeAt(0), 0x01000193) >>> 0;
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
    bytes.push(hash >>> 24, (hash >>> 16) & 255, (hash >>> 8) & 255, hash & 255);
  }
  bytes[6] = (bytes[6]! & 15) | 0x80;
  bytes[8] = (bytes[8]! & 63) | 0x80;
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
