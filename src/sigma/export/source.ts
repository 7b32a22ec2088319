/** Which log source of Sigma a condition in ECS speaks of: its categories, types and codes become `logsource` and `EventID`. */
import type { EventFilter, Expr, Loss, Span } from "../../eql/index.ts";
import { all, any, textIn } from "../expr.ts";
import { logSourceKey, type LogSourceName } from "../taxonomy/log-source.ts";
import { CATEGORIES, SERVICES } from "../taxonomy/taxonomy.ts";

/** One log source's share of a condition. */
export interface Branch {
  readonly logsource: LogSourceName;
  /** Event codes that `logsource` does not say. */
  readonly codes: readonly string[];
  /** All codes the branch is about, also those that `logsource` says; empty where it is about none in particular. */
  readonly about: readonly string[];
  /** What is left of the condition. */
  readonly condition: Expr;
  readonly span: Span;
}

export interface Split {
  readonly branches: readonly Branch[];
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
const MAX_BRANCHES = 64;

interface Known {
  readonly sources: readonly string[];
  /** How Sigma's log source differs from the category and type of ECS. */
  readonly losses: readonly { readonly effect: "wider" | "narrower"; readonly reason: string }[];
}

const narrower = (reason: string): Known["losses"][number] => ({ effect: "narrower", reason });
const wider = (reason: string): Known["losses"][number] => ({ effect: "wider", reason });

/** `event.category`, `event.type` (`*`: any or none): the categories of Sigma. */
const BY_CATEGORY: Readonly<Record<string, Readonly<Record<string, Known>>>> = {
  process: {
    start: {
      sources: ["process_creation"],
      losses: [narrower("Starts of PowerShell's engine are process starts in ECS; Sigma's process_creation leaves them out")],
    },
    end: {
      sources: ["process_termination"],
      losses: [narrower("Ends of PowerShell's engine are process ends in ECS; Sigma's process_termination leaves them out")],
    },
    "*": {
      sources: ["process_creation", "process_termination"],
      losses: [
        narrower(
          "Process events of ECS that neither start nor end one (loaded images, threads, accesses) have log sources of their own in Sigma",
        ),
      ],
    },
  },
  network: {
    start: {
      sources: ["network_connection"],
      losses: [narrower("Sigma's network_connection leaves out connections of the Windows firewall (Security 5156)")],
    },
    connection: {
      sources: ["network_connection"],
      losses: [
        narrower("Sigma's network_connection leaves out DNS queries and connections of the Windows firewall (Security 5156, 5157)"),
        wider("Sensors that do not give connections the type `connection` (Elastic Defend) are of Sigma's network_connection as well"),
      ],
    },
    "*": {
      sources: ["network_connection", "dns_query"],
      losses: [narrower("Other network events of ECS (shares, firewall) have log sources of their own in Sigma")],
    },
  },
  file: {
    creation: {
      sources: ["file_event"],
      losses: [narrower("Created pipes and detected executables are file creations in ECS; Sigma has log sources of their own for them")],
    },
    change: {
      sources: ["file_change"],
      losses: [narrower("Sigma's file_change is Sysmon 2 and file changes of endpoint sensors, renames left out")],
    },
    deletion: {
      sources: ["file_delete"],
      losses: [narrower("Blocked shreddings are file deletions in ECS; Sigma has a log source of its own for them")],
    },
    access: {
      sources: ["file_access"],
      losses: [narrower("Connected pipes and streams are file accesses in ECS; Sigma has log sources of their own for them")],
    },
    "*": {
      sources: ["file_event", "file_change", "file_delete", "file_rename", "file_access"],
      losses: [narrower("Pipes, streams and blocked files have log sources of their own in Sigma")],
    },
  },
  registry: {
    change: {
      sources: ["registry_event"],
      losses: [
        wider("Sigma's registry_event also takes in keys that endpoint sensors report as created or deleted"),
        narrower("Audited registry events other than 4657 are left out"),
      ],
    },
    creation: { sources: ["registry_add"], losses: [wider("Sigma's registry_add also takes in keys that Sysmon reports as created")] },
    deletion: { sources: ["registry_delete"], losses: [wider("Sigma's registry_delete also takes in what Sysmon reports as deleted")] },
    "*": {
      sources: ["registry_event"],
      losses: [narrower("Sigma's registry_event leaves out queries and audited events other than 4657")],
    },
  },
  library: {
    start: { sources: ["image_load"], losses: [wider("Sigma's image_load also takes in Sysmon 7, which ECS counts as a process change")] },
    "*": { sources: ["image_load"], losses: [wider("Sigma's image_load also takes in Sysmon 7, which ECS counts as a process change")] },
  },
  driver: {
    start: { sources: ["driver_load"], losses: [] },
    "*": { sources: ["driver_load"], losses: [narrower("Driver events that are no loads are left out")] },
  },
};

/** Takes a filter apart by log source; null where a part of it has none, with the reason among the losses. */
export function splitByLogSource(filter: EventFilter): Split {
  const losses: Loss[] = [];
  const reportLoss = (effect: Loss["effect"], span: Span, reason: string, advice: string | null = null): void => {
    if (!losses.some((loss) => loss.effect === effect && loss.reason === reason)) losses.push({ effect, span, reason, advice });
  };
  const start = filter.category === null ? [] : [textIn("event.category", [filter.category.value], filter.category.span)];
  const conjunctions = distribute([...start, ...conjuncts(filter.condition)]);
  if (conjunctions === null) {
    reportLoss(
      "untranslatable",
      filter.span,
      `The condition is about more than ${MAX_BRANCHES} combinations of event kinds`,
      "Write a rule for each of them.",
    );
    return { branches: [], losses };
  }
  const branches = conjunctions.flatMap((operands) => placed(operands, filter.span, reportLoss));
  return { branches: mergeBranches(branches), losses };
}

function conjuncts(expr: Expr): readonly Expr[] {
  return expr.kind === "logical" && expr.op === "and" ? expr.operands.flatMap(conjuncts) : [expr];
}

/** `or` over conditions that say where events come from becomes several conjunctions. */
function distribute(operands: readonly Expr[]): readonly (readonly Expr[])[] | null {
  let out: (readonly Expr[])[] = [[]];
  for (const operand of operands) {
    if (operand.kind !== "logical" || operand.op !== "or" || routed(operand) !== null || !mentionsRouting(operand)) {
      out = out.map((list) => [...list, operand]);
      continue;
    }
    const ways: (readonly Expr[])[] = [];
    for (const one of operand.operands) {
      const inner = distribute(conjuncts(one));
      if (inner === null) return null;
      ways.push(...inner);
    }
    if (out.length * ways.length > MAX_BRANCHES) return null;
    out = out.flatMap((list) => ways.map((way) => [...list, ...way]));
  }
  return out;
}

function mentionsRouting(expr: Expr): boolean {
  if (routed(expr) !== null) return true;
  return expr.kind === "logical" && expr.operands.some(mentionsRouting);
}

/** `event.category : "process"`, `event.code in ("1", "3")`: the field and the texts it may have. */
function routed(expr: Expr): { readonly field: string; readonly texts: readonly string[] } | null {
  if (expr.kind === "logical" && expr.op === "or") {
    const parts = expr.operands.map(routed);
    const first = parts[0];
    if (first === null || first === undefined || !parts.every((part) => part?.field === first.field)) return null;
    return { field: first.field, texts: parts.flatMap((part) => part!.texts) };
  }
  const found = textsOf(expr);
  return found !== null && ROUTING.has(found.field) ? found : null;
}

function textsOf(expr: Expr): { readonly field: string; readonly texts: readonly string[] } | null {
  if (
    expr.kind === "comparison" &&
    expr.op === "==" &&
    expr.left.kind === "field" &&
    (expr.right.kind === "string" || expr.right.kind === "number")
  ) {
    return { field: expr.left.name, texts: [String(expr.right.value)] };
  }
  if (expr.kind === "in" && !expr.negated && expr.value.kind === "field") {
    const texts = expr.list.map((member) => (member.kind === "string" || member.kind === "number" ? String(member.value) : null));
    return texts.every((text) => text !== null) ? { field: expr.value.name, texts } : null;
  }
  if (expr.kind === "match" && expr.value.kind === "field" && expr.op !== "regex") {
    const texts = expr.patterns.map((pattern) => {
      if (pattern.kind === "value" && pattern.value.kind === "number") return String(pattern.value.value);
      if (pattern.kind !== "wildcard") return null;
      return pattern.parts.length === 1 && pattern.parts[0]!.kind === "literal" ? pattern.parts[0]!.text : null;
    });
    return texts.every((text) => text !== null) ? { field: expr.value.name, texts } : null;
  }
  return null;
}

type Lose = (effect: Loss["effect"], span: Span, reason: string, advice?: string | null) => void;

function placed(operands: readonly Expr[], span: Span, reportLoss: Lose): Branch[] {
  const said = new Map<string, readonly string[]>();
  const rest: Expr[] = [];
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
    const known = said.get(field);
    // `event.type` holds several values: two conditions on it are two values of one event.
    if (known === undefined) said.set(field, texts);
    else if (field === "event.type") reportLoss("wider", operand.span, "Sigma's log source stands for one type of event");
    else
      said.set(
        field,
        known.filter((text) => texts.some((other) => other.toLowerCase() === text.toLowerCase())),
      );
  }
  const os = said.get("host.os.type");
  if (os !== undefined && !os.includes("windows")) {
    reportLoss("untranslatable", span, `Only log sources of Windows can be named here, and the condition asks for ${os.join(", ")}`);
    return [];
  }
  const condition = all(rest, span);
  const codes = said.get("event.code");
  const channels = said.get("winlog.channel");
  const providers = said.get("event.provider");
  if (channels !== undefined || providers !== undefined) return byOrigin(channels, providers, codes ?? [], condition, span, reportLoss);
  if (codes !== undefined) return byCode(codes, condition, span, reportLoss);
  const categories = said.get("event.category");
  if (categories !== undefined) return byCategory(categories, said.get("event.type"), os !== undefined, condition, span, reportLoss);
  if (said.has("event.type")) {
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
  condition: Expr,
  span: Span,
  reportLoss: Lose,
): Branch[] {
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
  const withProvider = providers === undefined ? condition : all([textIn("event.provider", providers, span), condition], span);
  if (services.size === 0) {
    const withChannel = channels === undefined ? withProvider : all([textIn("winlog.channel", channels, span), withProvider], span);
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

function byCode(codes: readonly string[], condition: Expr, span: Span, reportLoss: Lose): Branch[] {
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
  condition: Expr,
  span: Span,
  reportLoss: Lose,
): Branch[] {
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

/** Branches of one log source are one rule. */
function mergeBranches(branches: readonly Branch[]): Branch[] {
  const out = new Map<string, Branch>();
  for (const branch of branches) {
    const key = `${logSourceKey(branch.logsource)} ${[...branch.codes].sort().join()}`;
    const known = out.get(key);
    out.set(
      key,
      known === undefined
        ? branch
        : {
            ...known,
            condition: any([known.condition, branch.condition], branch.span),
            about: [...new Set([...known.about, ...branch.about])],
          },
    );
  }
  return [...out.values()];
}
