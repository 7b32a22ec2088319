/** Which of Sigma's log sources a condition in ECS is about: its categories, types and codes become `logsource` and `EventID`. */
import {
  junction,
  literalText,
  normalise,
  type Condition,
  type EventFilter,
  type Loss,
  type Predicate,
  type Span,
} from "../../eql/index.ts";
import { BY_CATEGORY } from "./categories.ts";
import { logSourceKey, type LogSourceName } from "../taxonomy/log-source.ts";
import { CATEGORIES, SERVICES } from "../taxonomy/taxonomy.ts";

/** One log source's share of a condition. */
export interface LogSourceShare {
  readonly logsource: LogSourceName;
  /** Event codes that `logsource` does not say. */
  readonly codes: readonly string[];
  /** All codes the share is about, also those that `logsource` says; empty where it is about none in particular. */
  readonly about: readonly string[];
  /** What is left of the condition. */
  readonly condition: Condition;
  readonly span: Span;
}

export interface Shares {
  readonly shares: readonly LogSourceShare[];
  readonly losses: readonly Loss[];
}

/** Fields that say where an event comes from. */
const ROUTING: ReadonlySet<string> = new Set([
  "event.category",
  "event.type",
  "event.code",
  "event.provider",
  "winlog.channel",
  "winlog.provider_name",
  "winlog.event_id",
  "host.os.type",
  "host.os.family",
]);
const MAX_SHARES = 64;

/** Takes a filter apart by log source; what has none is missing, with the reason among the losses. */
export function sharesByLogSource(filter: EventFilter): Shares {
  const losses: Loss[] = [];
  const reportLoss = (effect: Loss["effect"], span: Span, reason: string, advice: string | null = null): void => {
    if (!losses.some((loss) => loss.effect === effect && loss.reason === reason)) losses.push({ effect, span, reason, advice });
  };
  const conjunctions = distribute(conjuncts(normalise(filter)));
  if (conjunctions === null) {
    reportLoss(
      "untranslatable",
      filter.span,
      `The condition is about more than ${MAX_SHARES} combinations of event kinds`,
      "Write a rule for each of them.",
    );
    return { shares: [], losses };
  }
  const shares = conjunctions.flatMap((operands) => placed(operands, filter.span, reportLoss));
  return { shares: merged(shares), losses };
}

function conjuncts(condition: Condition): readonly Condition[] {
  return condition.kind === "and" ? condition.operands : [condition];
}

/** `or` over conditions that say where events come from becomes several conjunctions. */
function distribute(operands: readonly Condition[]): readonly (readonly Condition[])[] | null {
  let conjunctions: (readonly Condition[])[] = [[]];
  for (const operand of operands) {
    if (operand.kind !== "or" || routed(operand) !== null || !mentionsRouting(operand)) {
      conjunctions = conjunctions.map((list) => [...list, operand]);
      continue;
    }
    const alternatives: (readonly Condition[])[] = [];
    for (const one of operand.operands) {
      const inner = distribute(conjuncts(one));
      if (inner === null) return null;
      alternatives.push(...inner);
    }
    if (conjunctions.length * alternatives.length > MAX_SHARES) return null;
    conjunctions = conjunctions.flatMap((list) => alternatives.map((alternative) => [...list, ...alternative]));
  }
  return conjunctions;
}

function mentionsRouting(condition: Condition): boolean {
  if (routed(condition) !== null) return true;
  return (condition.kind === "and" || condition.kind === "or") && condition.operands.some(mentionsRouting);
}

/** `event.category : "process"`, `event.code in ("1", "3")`: the field and the texts it may have. */
interface Routed {
  readonly field: string;
  readonly texts: readonly string[];
  readonly span: Span;
}

function routed(condition: Condition): Routed | null {
  if (condition.kind === "predicate") return routedBy(condition.predicate);
  if (condition.kind !== "or") return null;
  const parts = condition.operands.map(routed);
  const [first] = parts;
  if (first === null || first === undefined) return null;
  const texts = parts.flatMap((part) => (part?.field === first.field ? [part.texts] : []));
  return texts.length === parts.length ? { ...first, texts: texts.flat() } : null;
}

function routedBy(predicate: Predicate): Routed | null {
  if (predicate.kind !== "text" && (predicate.kind !== "value" || predicate.op !== "==")) return null;
  const { field, span } = predicate;
  if (!ROUTING.has(field)) return null;
  const texts =
    predicate.kind === "value" ? [String(predicate.value)] : predicate.patterns.flatMap(({ parts }) => literalText(parts) ?? []);
  return predicate.kind === "text" && texts.length < predicate.patterns.length ? null : { field, texts, span };
}

type ReportLoss = (effect: Loss["effect"], span: Span, reason: string, advice?: string | null) => void;

function placed(operands: readonly Condition[], span: Span, reportLoss: ReportLoss): LogSourceShare[] {
  const asked = new Map<string, readonly string[]>();
  const rest: Condition[] = [];
  for (const operand of operands) {
    const found = routed(operand);
    if (found === null) {
      rest.push(operand);
      continue;
    }
    const field =
      found.field === "winlog.provider_name"
        ? "event.provider"
        : found.field === "winlog.event_id"
          ? "event.code"
          : found.field === "host.os.family"
            ? "host.os.type"
            : found.field;
    const texts = found.texts.map((text) => (field === "event.provider" || field === "winlog.channel" ? text : text.toLowerCase()));
    const known = asked.get(field);
    // `event.type` holds several values: two conditions on it are two values of one event.
    if (known === undefined) asked.set(field, texts);
    else if (field === "event.type") reportLoss("wider", found.span, "Sigma's log source stands for one type of event");
    else
      asked.set(
        field,
        known.filter((text) => texts.some((other) => other.toLowerCase() === text.toLowerCase())),
      );
  }
  const os = asked.get("host.os.type");
  if (os !== undefined && !os.includes("windows")) {
    reportLoss("untranslatable", span, `Only log sources of Windows can be named here, and the condition asks for ${os.join(", ")}`);
    return [];
  }
  const condition = junction("and", rest);
  const codes = asked.get("event.code");
  const channels = asked.get("winlog.channel");
  const providers = asked.get("event.provider");
  if (channels !== undefined || providers !== undefined) return byOrigin(channels, providers, codes ?? [], condition, span, reportLoss);
  if (codes !== undefined) return byCode(codes, condition, span, reportLoss);
  const categories = asked.get("event.category");
  if (categories !== undefined) return byCategory(categories, asked.get("event.type"), os !== undefined, condition, span, reportLoss);
  if (asked.has("event.type")) {
    reportLoss(
      "untranslatable",
      span,
      "The condition says the type of an event and not its category: Sigma has no log source for that",
      "Add `event.category`.",
    );
    return [];
  }
  reportLoss(
    "narrower",
    span,
    "The rule looks at events of every kind; Sigma's runs on events of Windows event logs",
    "Add `event.category` or `event.code`.",
  );
  return [{ logsource: { product: "windows", category: null, service: null }, codes: [], about: [], condition, span }];
}

function byOrigin(
  channels: readonly string[] | undefined,
  providers: readonly string[] | undefined,
  codes: readonly string[],
  condition: Condition,
  span: Span,
  reportLoss: ReportLoss,
): LogSourceShare[] {
  const services = new Set<string>();
  for (const [name, { select }] of Object.entries(SERVICES)) {
    const [only] = select;
    const ofChannel = channels?.some((channel) => only!.channels?.some((own) => own.toLowerCase() === channel.toLowerCase())) ?? false;
    const ofProvider =
      channels === undefined && (providers?.some((provider) => only!.provider?.toLowerCase() === provider.toLowerCase()) ?? false);
    if (ofChannel || ofProvider) services.add(name);
  }
  // Two names of one service.
  services.delete("ldap_debug");
  const withProvider = providers === undefined ? condition : junction("and", [textIn("event.provider", providers, span), condition]);
  if (services.size === 0) {
    const withChannel = channels === undefined ? withProvider : junction("and", [textIn("winlog.channel", channels, span), withProvider]);
    return [{ logsource: { product: "windows", category: null, service: null }, codes, about: codes, condition: withChannel, span }];
  }
  const [first] = services;
  if (channels !== undefined && (channels.length > services.size || SERVICES[first!]!.select[0]!.channels!.length > 1)) {
    reportLoss("wider", span, "Sigma's service stands for all channels of its kind");
  }
  return [...services].map((service) => ({
    logsource: { product: "windows", category: null, service },
    codes,
    about: codes,
    condition: withProvider,
    span,
  }));
}

const SYSTEM_CODES: ReadonlySet<string> = new Set([
  "104",
  "6005",
  "6006",
  "6008",
  "7009",
  "7022",
  "7023",
  "7024",
  "7026",
  "7030",
  "7031",
  "7034",
  "7035",
  "7036",
  "7038",
  "7040",
  "7045",
]);

function serviceOfCode(code: string): string | null {
  const number = Number(code);
  if (!Number.isInteger(number)) return null;
  if ((number >= 1 && number <= 29) || number === 255) return "sysmon";
  if (number >= 4103 && number <= 4106) return "powershell";
  if ([400, 403, 600, 800].includes(number)) return "powershell-classic";
  if (SYSTEM_CODES.has(code)) return "system";
  if ([1100, 1102, 1104, 1105].includes(number) || (number >= 4608 && number <= 6423)) return "security";
  return null;
}

function byCode(codes: readonly string[], condition: Condition, span: Span, reportLoss: ReportLoss): LogSourceShare[] {
  const groups = new Map<string | null, string[]>();
  for (const code of codes) {
    const service = serviceOfCode(code);
    groups.set(service, [...(groups.get(service) ?? []), code]);
  }
  return [...groups].map(([service, own]) => {
    if (service !== null)
      reportLoss(
        "narrower",
        span,
        `Event code ${own.join(", ")} may come from any log in ECS; Sigma's rule takes those of the service ${service}`,
        "Add `winlog.channel` to say the same in both.",
      );
    const category = service === "sysmon" ? categoryOfCodes(own) : null;
    if (category !== null) return { logsource: { product: "windows", category, service: null }, codes: [], about: own, condition, span };
    return { logsource: { product: "windows", category: null, service }, codes: own, about: own, condition, span };
  });
}

/** The category that is these codes of Sysmon and nothing else. */
function categoryOfCodes(codes: readonly string[]): string | null {
  for (const [name, { select }] of Object.entries(CATEGORIES)) {
    const [only] = select;
    if (select.length !== 1 || only!.provider !== "Microsoft-Windows-Sysmon" || only!.eventTypes !== undefined) continue;
    if (only!.codes!.length === codes.length && codes.every((code) => only!.codes!.includes(code))) return name;
  }
  return null;
}

function byCategory(
  categories: readonly string[],
  types: readonly string[] | undefined,
  windows: boolean,
  condition: Condition,
  span: Span,
  reportLoss: ReportLoss,
): LogSourceShare[] {
  if (!windows)
    reportLoss(
      "narrower",
      span,
      "The rule runs on events of every system; Sigma's on those of Windows",
      'Add `host.os.type == "windows"`.',
    );
  const sources = new Set<string>();
  for (const category of categories) {
    for (const type of types ?? ["*"]) {
      const known = Object.hasOwn(BY_CATEGORY, category) ? BY_CATEGORY[category]! : {};
      const found = Object.hasOwn(known, type) ? known[type] : undefined;
      if (found === undefined) {
        reportLoss(
          categories.length * (types?.length ?? 1) > 1 ? "narrower" : "untranslatable",
          span,
          `Sigma has no log source for \`${category}\` events${type === "*" ? "" : ` of the type \`${type}\``} of Windows`,
          "Name the events by `event.code`.",
        );
        continue;
      }
      for (const loss of found.losses) reportLoss(loss.effect, span, loss.reason);
      for (const source of found.sources) sources.add(source);
    }
  }
  return [...sources].map((category) => ({
    logsource: { product: "windows", category, service: null },
    codes: [],
    about: [],
    condition,
    span,
  }));
}

/** The field's text is one of some, in any case of letters. */
export function textIn(field: string, texts: readonly string[], span: Span): Condition {
  const patterns = texts.map((text) => ({ parts: text === "" ? [] : [{ kind: "literal" as const, text }], span }));
  return { kind: "predicate", predicate: { kind: "text", field, span, insensitive: true, compares: "text", patterns } };
}

/** Shares of one log source are one rule. */
function merged(shares: readonly LogSourceShare[]): LogSourceShare[] {
  const bySource = new Map<string, LogSourceShare>();
  for (const share of shares) {
    const key = `${logSourceKey(share.logsource)} ${[...share.codes].sort().join()}`;
    const known = bySource.get(key);
    const both = (other: LogSourceShare): LogSourceShare => ({
      ...other,
      condition: junction("or", [other.condition, share.condition]),
      about: [...new Set([...other.about, ...share.about])],
    });
    bySource.set(key, known === undefined ? share : both(known));
  }
  return [...bySource.values()];
}
