/**
 * Targets that keep raw events in tables of their own. What ECS says of an event of each table is known beforehand (its category,
 * its code), so a condition is worked out for every kind of event: predicates of known fields become true or false, predicates of others
 * become predicates of the table's columns, and kinds of events for which it can never hold drop out.
 */
import {
  FALSE,
  foldedOf,
  identityOf,
  isUnsupported,
  mergedParts,
  prepareWildcard,
  rewrite,
  TRUE,
  type Condition,
  type FieldPredicate,
  type Loss,
  type Predicate,
  type Span,
  type TextPattern,
  type TextPredicate,
  type Unsupported,
  type WildcardPart,
} from "../../eql/index.ts";
import { withoutRepeats } from "../repeats.ts";
import { UNSUPPORTED } from "../unsupported.ts";
import { LOGGED_ONLY, type Column, type Table, type TableEvent } from "./table.ts";
import { withUnlisted } from "./unlisted.ts";

/** What of a condition is about one table. */
export interface Branch<T> {
  readonly table: Table<T>;
  /** The kinds of events that `condition` is about; never empty. */
  readonly events: readonly TableEvent<T>[];
  /** Over columns: `field` of its predicates is a column's name. */
  readonly condition: Condition;
  /** By name. */
  readonly columns: ReadonlyMap<string, Column>;
}

/** Branches of the condition over all tables; none where it can hold on no event. */
export function branchesOf<T>(
  condition: Condition,
  tables: readonly Table<T>[],
  reportLoss: (loss: Loss) => void,
  span: Span,
  overrides: ReadonlyMap<string, string> = new Map(),
): Branch<T>[] {
  interface EventCondition {
    readonly table: Table<T>;
    readonly event: TableEvent<T>;
    readonly condition: Condition | null;
    readonly columns: Map<string, Column>;
    readonly asked: Asked;
    readonly losses: Loss[];
  }
  const conditionOn = (table: Table<T>, event: TableEvent<T>): EventCondition => {
    const columns = new Map<string, Column>();
    const losses: Loss[] = [];
    const asked: Asked = { fields: new Set(), missing: new Set() };
    const note = (loss: Loss): void => void losses.push(loss);
    const mapped = rewrite(
      condition,
      (predicate, positive) => onEvent(predicate, event, table, columns, asked, overrides, positive, note),
      note,
    );
    // Two fields of the source may be one column.
    return { table, event, condition: mapped === null ? null : withoutRepeats(mapped), columns, asked, losses };
  };
  const conditions = withUnlisted(condition, tables)
    .flatMap((table) => table.events.map((event) => conditionOn(table, event)))
    .filter(({ condition: rest }) => rest === null || rest.kind !== "constant" || rest.value);
  // Where another kind of event has all fields that this one is asked for, the condition is not about this one; nor where this one
  // would lack a condition that must hold, and another does not.
  const made = conditions.filter((one) => one.condition !== null);
  const complete = made.filter((one) => one.asked.missing.size === 0);
  const whole = made.filter((one) => !lacksConjunct(one));
  const beside = ({ table, asked }: EventCondition, others: readonly EventCondition[]): boolean =>
    others.some(
      (other) =>
        (other.table.fallback !== true || table.fallback === true) && [...asked.fields].every((field) => other.asked.fields.has(field)),
    );
  const possible = made.filter((one) =>
    lacksConjunct(one)
      ? !beside(one, complete) && !whole.some((other) => asksAll(other, one))
      : one.asked.missing.size === 0 || !beside(one, complete),
  );
  const isRepeat = (one: EventCondition): boolean =>
    one.table.fallback === true && possible.some((other) => other.table.fallback !== true && saysAll(other, one) && isUnlogged(one));
  /** Whether it would hold of the same events if they came from no log: the condition does not ask for the record itself. */
  const isUnlogged = ({ table, event, condition: rest }: EventCondition): boolean => {
    const known = new Map([...event.known, ...LOGGED_ONLY.map((field) => [field, []] as const)]);
    return identityOf(conditionOn(table, { ...event, known }).condition) === identityOf(rest);
  };
  const repeated = new Set(conditions.filter(isRepeat));
  const kept = possible.filter((one) => !repeated.has(one));
  for (const one of conditions) {
    const effect = kept.length > 0 ? "narrower" : "untranslatable";
    const missing = [...one.asked.missing].map((field) => `\`${field}\``).join(", ");
    if (repeated.has(one)) continue;
    if (kept.includes(one)) one.losses.forEach(reportLoss);
    // Nothing of the condition can be expressed, whatever columns there are: the reasons are those of its parts.
    else if (missing === "" && one.condition === null) for (const loss of one.losses) reportLoss({ ...loss, effect });
    else
      reportLoss({
        effect,
        span,
        reason: `${one.table.name} (${one.event.title}) ${missing === "" ? "cannot test all that the rule asks for" : `has no column for ${missing}`} and is left out`,
        advice: null,
      });
  }
  if (conditions.length === 0)
    reportLoss({
      effect: "untranslatable",
      span,
      reason: "No table of the target holds events for which the condition can hold",
      advice: null,
    });
  const branches = new Map<string, Branch<T> & { readonly events: TableEvent<T>[]; readonly columns: Map<string, Column> }>();
  for (const { table, event, condition: rest, columns } of kept) {
    const key = `${table.name} ${identityOf(rest)}`;
    const known = branches.get(key);
    if (known === undefined) branches.set(key, { table, events: [event], condition: rest!, columns });
    else {
      known.events.push(event);
      for (const [name, column] of columns) known.columns.set(name, column);
    }
  }
  return [...branches.values()];
}

/** Whether an event of another table is of the same kind and says all that is asked of this one, with no more losses. */
function saysAll<T>(other: { readonly event: TableEvent<T> } & Answer, one: { readonly event: TableEvent<T> } & Answer): boolean {
  if (other.event.partial === true || other.losses.length > one.losses.length || other.asked.missing.size > 0) return false;
  // Sigma's rules ask for a field under Windows' own name, too, which is the same column.
  const { columns } = one.event;
  const known = new Set([...other.asked.fields].flatMap((field) => columns.get(field)?.name ?? []));
  const says = (field: string): boolean => other.asked.fields.has(field) || known.has(columns.get(field)?.name ?? "");
  return isSameKind(other.event, one.event) && [...one.asked.fields].every(says);
}

/** Whether an event of the same kind is asked for all that this one is asked for, but for what such an event never has. */
function asksAll<T>(other: { readonly event: TableEvent<T> } & Answer, one: { readonly event: TableEvent<T> } & Answer): boolean {
  const { fields } = other.event;
  const has = (field: string): boolean => other.asked.fields.has(field) || (fields !== null && !fields.has(field));
  return isSameKind(other.event, one.event) && [...one.asked.fields].every(has);
}

function isSameKind<T>(one: TableEvent<T>, other: TableEvent<T>): boolean {
  return ["event.category", "event.type"].every((field) => {
    const values = new Set(one.known.get(field));
    return (other.known.get(field) ?? []).some((value) => values.has(value));
  });
}

/** Whether it finds more than the rule, for want of a condition that had to hold. */
function lacksConjunct({ losses }: Answer): boolean {
  return losses.some((loss) => loss.dropsConjunct === true);
}

/** What a condition is on one kind of event. */
interface Answer {
  readonly asked: Asked;
  readonly losses: readonly Loss[];
}

/**
 * The column a sequence joins by. A part of a column is no key (its other parts would have to be equal too), nor is one that only some
 * of the events have.
 */
export function keyColumn<T>(events: readonly TableEvent<T>[], field: string): Column | null {
  const columns = events.map((event) => event.columns.get(field));
  const [first] = columns;
  return first?.form === "whole" && columns.every((column) => column?.name === first.name) ? first : null;
}

/** The fields that a kind of event was asked for, and those it has no column for. */
interface Asked {
  readonly fields: Set<string>;
  readonly missing: Set<string>;
}

function onEvent<T>(
  predicate: Predicate,
  event: TableEvent<T>,
  table: Table<T>,
  columns: Map<string, Column>,
  asked: Asked,
  overrides: ReadonlyMap<string, string>,
  positive: boolean,
  reportLoss: (loss: Loss) => void,
): Condition | Unsupported {
  if (predicate.kind === "any-field") return { kind: "predicate", predicate };
  if (predicate.kind === "computed") return UNSUPPORTED.computedRaw;
  const values = event.known.get(predicate.field);
  if (values !== undefined) return holds(predicate, values) ? TRUE : FALSE;
  const override = overrides.get(predicate.field);
  const own = event.columns.get(predicate.field);
  // A column of the user's own holds the whole value, of the type that the target's own column has: a port stays a number.
  const column: Column | undefined =
    override === undefined ? own : { name: override, type: own?.form === "whole" ? own.type : "text", form: "whole" };
  if (column === undefined && event.fields !== null && !event.fields.has(predicate.field)) return FALSE;
  asked.fields.add(predicate.field);
  if (column === undefined) {
    asked.missing.add(predicate.field);
    return UNSUPPORTED.noColumn(table.name, event.title, predicate.field);
  }
  const inOwnColumn = inColumn(predicate, column, positive, reportLoss);
  if (!isUnsupported(inOwnColumn)) columns.set(column.name, column);
  return inOwnColumn;
}

/** Whether a predicate holds of an array with these values. */
function holds(predicate: FieldPredicate, values: readonly string[]): boolean {
  switch (predicate.kind) {
    case "exists":
      return values.length > 0;
    case "text":
      return predicate.patterns.some(({ parts }) => {
        const wildcard = prepareWildcard(parts, predicate.insensitive);
        return values.some((value) => wildcard.test(predicate.insensitive ? foldedOf(value) : value));
      });
    case "value":
      return values.some((value) => predicate.op === "==" && value === String(predicate.value));
    default:
      return false;
  }
}

const ANY: WildcardPart = { kind: "any" };

function literal(text: string): WildcardPart {
  return { kind: "literal", text };
}

function inColumn(predicate: FieldPredicate, column: Column, positive: boolean, reportLoss: (loss: Loss) => void): Condition | Unsupported {
  const { name } = column;
  const as = (of: Predicate): Condition => ({ kind: "predicate", predicate: of });
  if (column.form === "whole") return as({ ...predicate, field: name });
  if (predicate.kind === "exists") return as({ ...predicate, field: name });
  const text = asText(predicate);
  if (column.form === "nameOnly") return withoutFolder(predicate, text, name);
  if (text === null) return UNSUPPORTED.partOfColumn(predicate.field, name);
  const placed = (place: (parts: readonly WildcardPart[]) => readonly WildcardPart[], insensitive = text.insensitive): Condition =>
    as({
      ...text,
      field: name,
      insensitive,
      patterns: text.patterns.map(({ parts, span }) => ({ parts: mergedParts(place(parts)), span })),
    });
  switch (column.form) {
    case "anyCase":
      return as({ ...text, field: name, insensitive: true });
    case "name": {
      // A name without a path stands for itself: `System`, `Registry`, a pipe.
      const inPath = text.patterns.map(({ parts, span }) => ({ parts: mergedParts([ANY, literal("\\"), ...parts]), span }));
      return as({ ...text, field: name, patterns: [...inPath, ...text.patterns] });
    }
    case "registryData":
      // A number is `DWORD (0x0000000a)` there: what may be a part of one cannot be looked for.
      return text.patterns.every(({ parts }) => parts.some((part) => part.kind === "literal" && /\D/.test(part.text)))
        ? as({ ...text, field: name })
        : UNSUPPORTED.partOfColumn(predicate.field, name);
    case "quoted": {
      const quoted = text.patterns.map(({ parts, span }) => ({ parts: mergedParts([literal("'"), ...parts, literal("'")]), span }));
      return as({ ...text, field: name, patterns: [...text.patterns, ...quoted] });
    }
    case "head":
      return placed((parts) => [...parts, literal("\\"), ANY]);
    case "extension":
      return placed((parts) => [ANY, literal("."), ...parts]);
    case "item":
      return placed((parts) => [ANY, literal(`${column.key ?? ""}=`), ...parts, ...(parts.at(-1)?.kind === "any" ? [] : [ANY])], true);
    case "part":
      reportLoss({
        effect: positive ? "wider" : "narrower",
        span: predicate.span,
        reason: `${name} holds all arguments in one: what begins like a value of \`${predicate.field}\` is taken for it`,
        advice: null,
      });
      return as({
        ...text,
        field: name,
        patterns: text.patterns.flatMap(({ parts, span }) =>
          // An argument follows a blank or a quote; one that is looked for anywhere in itself is looked for anywhere.
          parts[0]?.kind === "any"
            ? [{ parts: mergedParts([ANY, ...parts, ANY]), span }]
            : [" ", '"'].map((before) => ({ parts: mergedParts([ANY, literal(before), ...parts, ANY]), span })),
        ),
      });
    default: {
      // Several words of the source may be one of the column's.
      const codes = new Set([...(column.words ?? [])].filter(([word]) => holds(text, [word])).map(([, code]) => code));
      if (codes.size === 0) return FALSE;
      const patterns = [...codes].map((code) => pattern(code, predicate.span));
      return as({ kind: "text", field: name, span: predicate.span, insensitive: true, compares: "text", patterns });
    }
  }
}

/** A path is known by its last part where a pattern ends with it, or with the end of it: `*\\cmd.exe`, `*.exe`. */
function withoutFolder(predicate: FieldPredicate, text: TextPredicate | null, name: string): Condition | Unsupported {
  const unsupported = UNSUPPORTED.nameOnly(predicate.field, name);
  if (text === null) return unsupported;
  const patterns: TextPattern[] = [];
  for (const { parts, span } of text.patterns) {
    const [first, last, ...more] = parts;
    if (first?.kind !== "any" || last?.kind !== "literal" || more.length > 0) return unsupported;
    const folder = last.text.lastIndexOf("\\");
    if (folder > 0 || last.text.endsWith("\\")) return unsupported;
    const end = literal(last.text.slice(folder + 1));
    patterns.push({ parts: mergedParts(folder === 0 ? [end] : [ANY, end]), span });
  }
  return { kind: "predicate", predicate: { ...text, field: name, patterns } };
}

function pattern(text: string, span: Span): TextPattern {
  return { parts: [literal(text)], span };
}

function asText(predicate: Predicate): TextPredicate | null {
  if (predicate.kind === "text") return predicate;
  if (predicate.kind !== "value" || predicate.op !== "==") return null;
  const patterns = [pattern(String(predicate.value), predicate.span)];
  return { kind: "text", field: predicate.field, span: predicate.span, insensitive: false, compares: "text", patterns };
}
