import type { Expr, Span } from "../../eql/index.ts";
import { all, any, exists, isMissing, not, textIn } from "../expr.ts";
import { placesOf, recognition } from "./products/product.ts";
import { productsOf } from "./products/products.ts";
import { ANY_PRODUCT, ANY_WINDOWS, CATEGORIES, HEADER, SERVICES, type LogSource, type Selector, type FieldMapping } from "./taxonomy.ts";

/** `logsource` of a rule, as written. */
export interface LogSourceName {
  readonly product: string | null;
  readonly category: string | null;
  readonly service: string | null;
}

/** A log source that is served: how its events are recognised, and where its fields are. */
export interface ServedLogSource {
  readonly name: LogSourceName;
  readonly condition: (span: Span) => Expr;
  readonly targets: (sigmaField: string) => readonly FieldMapping[];
}

/** `windows/process_creation`, for counts and messages. */
export function logSourceKey(name: LogSourceName): string {
  return [name.product, name.category, name.service].filter((part) => part !== null).join("/") || "(none)";
}

/** What a part of a rule's log source stands for: how its events are recognised, and where its fields are. */
interface Share {
  readonly condition: (span: Span) => Expr;
  readonly places: (sigmaField: string) => readonly FieldMapping[];
}

/** null where nothing produces such events. A name of few parts stands for every log source that has them. */
export function serve(name: LogSourceName): ServedLogSource | null {
  const product = name.product?.toLowerCase() ?? null;
  const category = name.category?.toLowerCase() ?? null;
  const service = name.service?.toLowerCase() ?? null;
  const windows = windowsShare(product, category, service);
  const shares: Share[] = windows === null ? [] : [windows];
  for (const source of productsOf(product, category, service))
    shares.push({ condition: (span) => recognition(source, span), places: (field) => placesOf(source, field) });
  if (shares.length === 0) return null;
  const known = new Map<string, readonly FieldMapping[]>();
  return {
    name,
    condition: (span) =>
      any(
        shares.map(({ condition }) => condition(span)),
        span,
      ),
    targets: (sigmaField) => {
      let targets = known.get(sigmaField);
      if (targets === undefined) {
        targets = withoutRepeats(shares.flatMap(({ places }) => places(sigmaField)));
        known.set(sigmaField, targets);
      }
      return targets;
    },
  };
}

function withoutRepeats(targets: readonly FieldMapping[]): readonly FieldMapping[] {
  return [...new Map(targets.map((target) => [JSON.stringify(target), target])).values()];
}

/** The event logs and sensors of Windows. */
function windowsShare(product: string | null, category: string | null, service: string | null): Share | null {
  if (product !== null && product !== "windows") return null;
  const sources: LogSource[] = [];
  if (category !== null) {
    const found = own(CATEGORIES, category);
    if (found === undefined || (product === null && service === null && !ANY_PRODUCT.has(category))) return null;
    sources.push(found);
  }
  if (service !== null) {
    const found = own(SERVICES, service);
    if (found === undefined) return null;
    sources.push(found);
  }
  if (sources.length === 0) {
    if (product === null) return null;
    sources.push(ANY_WINDOWS);
  }
  const userData = service !== null || category === null;
  const tables = sources.map((source) => source.fields);
  const blanks = sources.some((source) => source.blanks === true);
  return {
    condition: (span) =>
      all(
        sources.map((source) =>
          any(
            source.select.map((selector) => selectorExpr(selector, span)),
            span,
          ),
        ),
        span,
      ),
    places: (sigmaField) => placesOnWindows(sigmaField, tables, { userData, blanks }),
  };
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function placesOnWindows(
  name: string,
  tables: readonly LogSource["fields"][],
  { userData, blanks }: { readonly userData: boolean; readonly blanks: boolean },
): readonly FieldMapping[] {
  const out: FieldMapping[] = [];
  for (const table of tables) out.push(...(own(table, name) ?? []));
  // A name of ECS in a Sigma rule is what it says.
  if (name.includes(".")) out.push(name);
  const header = own(HEADER, name);
  // What the header holds is never in the event data as well, except where a category gives the name a meaning of its own.
  if (header !== undefined) out.push(...header);
  if (header === undefined || out.length > header.length) {
    out.push(`winlog.event_data.${name}`);
    if (name.includes("_")) out.push(`winlog.event_data.${name.replaceAll("_", " ")}`);
    // `NewValue` is `New Value` there.
    if (blanks) out.push(`winlog.event_data.${name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")}`);
    if (userData) out.push(`winlog.user_data.${name}`);
  }
  return out;
}

function selectorExpr(selector: Selector, span: Span): Expr {
  const parts: Expr[] = [];
  if (selector.codes !== undefined) parts.push(textIn("event.code", selector.codes, span));
  const origin: Expr[] = [];
  if (selector.provider !== undefined) origin.push(textIn("event.provider", [selector.provider], span));
  if (selector.channels !== undefined) origin.push(textIn("winlog.channel", selector.channels, span));
  if (origin.length > 0) parts.push(any(origin, span));
  if (selector.eventTypes !== undefined) {
    const type = "winlog.event_data.EventType";
    parts.push(any([textIn(type, selector.eventTypes, span), isMissing(type, span)], span));
  }
  if (selector.operations !== undefined) parts.push(textIn("winlog.event_data.OperationType", selector.operations, span));
  const { native } = selector;
  if (native !== undefined) {
    parts.push(textIn("event.category", [native.category], span));
    if (native.types !== undefined) parts.push(textIn("event.type", native.types, span));
    if (native.actions !== undefined) parts.push(textIn("event.action", native.actions, span));
    if (native.not !== undefined) parts.push(not(textIn("event.action", native.not, span), span));
    parts.push(isMissing("winlog.channel", span), any([textIn("host.os.type", ["windows"], span), isMissing("host.os.type", span)], span));
  }
  return parts.length === 0 ? exists("winlog.channel", span) : all(parts, span);
}

/** The fields of ECS that a target reads. */
export function fieldsOf(target: FieldMapping): readonly string[] {
  if (typeof target === "string") return [target];
  switch (target.kind) {
    case "account":
      return [target.domain, target.name];
    case "joined":
      return [target.left];
    case "hashes":
      return [`${target.owner}.hash.md5`, `${target.owner}.hash.sha1`, `${target.owner}.hash.sha256`, `${target.owner}.pe.imphash`];
    case "words":
    case "hive":
    case "number":
      return [target.field];
    case "registry-data":
      return [target.value];
    case "object":
      return [`${target.field}.*`];
    default:
      return [...new Set(Object.values(target.keys))];
  }
}
