/**
 * The data sources that a rule of no package is held against. Such a rule declares none, so they are worked out: those on which what its
 * query says of the kind of event (category, event id, channel, provider, operating system) can hold.
 */
import { possible, wildcardMatches, type LintShape, type LintSource } from "../../catalog/index.ts";
import { sources, type EventShape, type Telemetry } from "../../ecs/index.ts";
import type { EventFilter, Expr, FieldExpr, Query, WildcardPart } from "../../eql/index.ts";
import { withAdditions } from "./shapes.ts";

/** What events of one kind of telemetry hold in fields that say where they come from. A field that is not listed may hold anything. */
interface Origin {
  readonly title: string;
  readonly holds: Readonly<Record<string, readonly string[]>>;
}

const DEFEND = ["process", "network", "file", "registry", "library", "security"].map((name) => `endpoint.events.${name}`);
const windowsLog = (
  channel: readonly string[],
  provider: readonly string[],
  module: readonly string[],
  dataset: readonly string[],
): Origin["holds"] => ({
  "winlog.channel": channel,
  "event.provider": provider,
  "winlog.provider_name": provider,
  "event.module": module,
  "event.dataset": dataset,
  "data_stream.dataset": dataset,
  "host.os.type": ["windows"],
  "host.os.family": ["windows"],
});

/** The channels and providers are those of the events that the sources declare; datasets are those of Elastic's integrations. */
const ORIGINS: Readonly<Record<Telemetry, Origin>> = {
  sysmon: {
    title: "Sysmon",
    holds: windowsLog(
      ["Microsoft-Windows-Sysmon/Operational"],
      ["Microsoft-Windows-Sysmon"],
      ["sysmon", "windows"],
      ["windows.sysmon_operational"],
    ),
  },
  security: {
    title: "the Security log",
    holds: windowsLog(
      ["Security"],
      ["Microsoft-Windows-Security-Auditing", "Microsoft-Windows-Eventlog"],
      ["security", "system"],
      ["system.security"],
    ),
  },
  system: {
    title: "the System log",
    holds: windowsLog(["System"], ["Service Control Manager", "Microsoft-Windows-Eventlog"], ["system"], ["system.system"]),
  },
  powershell: {
    title: "the PowerShell logs",
    holds: windowsLog(
      ["Windows PowerShell", "Microsoft-Windows-PowerShell/Operational", "PowerShellCore/Operational"],
      ["PowerShell", "Microsoft-Windows-PowerShell", "PowerShellCore"],
      ["powershell", "windows"],
      ["windows.powershell", "windows.powershell_operational"],
    ),
  },
  defend: {
    title: "Elastic Defend",
    holds: {
      "winlog.channel": [],
      "event.provider": ["Microsoft-Windows-Security-Auditing"],
      "event.module": ["endpoint"],
      "event.dataset": DEFEND,
      "data_stream.dataset": DEFEND,
      "host.os.type": ["windows"],
      "host.os.family": ["windows"],
    },
  },
};
const TELEMETRY = Object.keys(ORIGINS) as Telemetry[];

/** Fields that say where an event comes from. */
export const ORIGIN_FIELDS: ReadonlySet<string> = new Set(["event.code", ...Object.keys(ORIGINS.sysmon.holds)]);
/** The same, and what kind of event it is. */
export const KIND: ReadonlySet<string> = new Set(["event.category", "event.type", "event.kind", ...ORIGIN_FIELDS]);

/**
 * The sources on which the kinds of event that the query asks for exist, each with the events of these kinds. Empty where the query says
 * nothing of the kind, or is about events that no source declares (other systems, the cloud): of these nothing can be said.
 */
export function sourcesOf(query: Query, strict: boolean): LintSource[] {
  const filters = filtersOf(query);
  if (filters.some((filter) => filter.category === null && kindOf(filter.condition).length === 0)) return [];
  // An event that is not declared is in a log as it is, and a rule about it can match.
  if (filters.some(({ condition }) => codesOf(condition).some((code) => !declaredCodes().has(code)))) return [];
  const families =
    query.kind === "event" ? TELEMETRY.map((name) => [name]) : [TELEMETRY.filter((name) => name !== "defend"), ["defend" as const]];
  return families.flatMap((family): LintSource[] => {
    const shapes = new Set<LintShape>();
    for (const filter of filters) {
      const fitting = family.flatMap((telemetry) => shapesOf(telemetry, strict).filter((shape) => fits(filter, shape, telemetry)));
      // A sequence of which one item has no event there is about another source.
      if (fitting.length === 0) return [];
      for (const shape of fitting) shapes.add(shape);
    }
    const id = family.length === 1 ? family[0]! : "windows";
    return [{ id, title: family.length === 1 ? ORIGINS[family[0]!].title : "Windows' logs", shapes: [...shapes], indexPatterns: [] }];
  });
}

function filtersOf(query: Query): EventFilter[] {
  return query.kind === "event" ? [query.filter] : query.items.filter(({ missing }) => !missing).map(({ filter }) => filter);
}

function fits(filter: EventFilter, shape: EventShape, telemetry: Telemetry): boolean {
  if (filter.category !== null && !shape.category.includes(filter.category.value)) return false;
  return kindOf(filter.condition).every((part) => possible(settled(part, ORIGINS[telemetry].holds), shape).canBeTrue);
}

let codes: ReadonlySet<string> | undefined;
function declaredCodes(): ReadonlySet<string> {
  codes ??= new Set(sources().flatMap(({ produces }) => produces.flatMap((shape) => shape.codes)));
  return codes;
}

/** The event ids that a condition asks for, wherever it does. */
function codesOf(expr: Expr): string[] {
  const isCode = (value: Expr): boolean => value.kind === "field" && value.name === "event.code";
  switch (expr.kind) {
    case "logical":
      return expr.operands.flatMap(codesOf);
    case "match":
      return isCode(expr.value) ? expr.patterns.flatMap((pattern) => (pattern.kind === "wildcard" ? literalText(pattern.parts) : [])) : [];
    case "in":
      return isCode(expr.value) && !expr.negated ? expr.list.flatMap((item) => (item.kind === "string" ? [item.value] : [])) : [];
    case "comparison":
      return isCode(expr.left) && expr.op === "==" && expr.right.kind === "string" ? [expr.right.value] : [];
    default:
      return [];
  }
}

function literalText(parts: readonly WildcardPart[]): string[] {
  return parts.every((part) => part.kind === "literal") ? [parts.map(({ text }) => text).join("")] : [];
}

const shapesByTelemetry = new Map<string, readonly LintShape[]>();
/** Every shipper sends the same events; Winlogbeat's stand for all. */
function shapesOf(telemetry: Telemetry, strict: boolean): readonly LintShape[] {
  const key = `${telemetry} ${strict}`;
  let shapes = shapesByTelemetry.get(key);
  if (shapes === undefined) {
    shapes = sources()
      .filter((source) => source.telemetry.includes(telemetry) && /^(?:winlogbeat|endpoint)\./.test(source.id))
      .flatMap(({ produces }) => produces.map((shape) => ({ ...(strict ? shape : withAdditions(shape)), telemetry })));
    shapesByTelemetry.set(key, shapes);
  }
  return shapes;
}

/** The conjuncts that are about the kind of event alone. */
export function kindOf(condition: Expr): Expr[] {
  if (condition.kind === "logical" && condition.op === "and") return condition.operands.flatMap(kindOf);
  const fields = fieldsOf(condition);
  return fields.length > 0 && fields.every(({ name }) => KIND.has(name)) ? [condition] : [];
}

export function fieldsOf(expr: Expr): FieldExpr[] {
  switch (expr.kind) {
    case "field":
      return [expr];
    case "logical":
      return expr.operands.flatMap(fieldsOf);
    case "not":
    case "match":
    case "in":
    case "negate":
      return fieldsOf(expr.value);
    case "comparison":
    case "arithmetic":
      return [...fieldsOf(expr.left), ...fieldsOf(expr.right)];
    case "call":
      return expr.args.flatMap(fieldsOf);
    default:
      return [];
  }
}

/** The condition with what is known of the origin worked out: `winlog.channel : "Security"` is true or false. */
function settled(expr: Expr, holds: Origin["holds"]): Expr {
  switch (expr.kind) {
    case "logical":
      return { ...expr, operands: expr.operands.map((operand) => settled(operand, holds)) };
    case "not":
      return { ...expr, value: settled(expr.value, holds) };
    case "match":
      if (expr.value.kind !== "field") return expr;
      return decided(expr, expr.value.name, holds, (value) =>
        expr.patterns.some(
          (pattern) => pattern.kind === "regex" || (pattern.kind === "wildcard" && wildcardMatches(pattern.parts, value, true)),
        ),
      );
    case "in":
      if (expr.value.kind !== "field") return expr;
      return decided(expr, expr.value.name, holds, (value) => expr.list.some((item) => isText(item, value)) !== expr.negated);
    case "comparison":
      if (expr.left.kind === "field" && expr.right.kind === "null" && Object.hasOwn(holds, expr.left.name))
        return { kind: "boolean", span: expr.span, value: (holds[expr.left.name]!.length === 0) === (expr.op === "==") };
      if (expr.left.kind !== "field" || expr.right.kind !== "string" || (expr.op !== "==" && expr.op !== "!=")) return expr;
      return decided(expr, expr.left.name, holds, (value) => isText(expr.right, value) === (expr.op === "=="));
    default:
      return expr;
  }
}

function decided(expr: Expr, field: string, holds: Origin["holds"], test: (value: string) => boolean): Expr {
  const values = Object.hasOwn(holds, field) ? holds[field] : undefined;
  return values === undefined ? expr : { kind: "boolean", span: expr.span, value: values.some(test) };
}

function isText(expr: Expr, value: string): boolean {
  return expr.kind === "string" && expr.value.toLowerCase() === value.toLowerCase();
}
