/** What speaks for an act being ordinary work. It is set apart by that, never hidden: each of these signs can be forged or be chance. */
import { SEVERITIES, textAt, type Alert } from "../../detect/index.ts";
import type { Exception } from "../../catalog/index.ts";
import type { Act } from "./act.ts";
import { artefactKeys } from "./act-keys.ts";

/** Alerts that an exception took away, by what they named. */
export class SuppressedWork {
  readonly #byKey = new Map<string, { readonly ms: number; readonly title: string }[]>();

  constructor(excepted: readonly { readonly alert: Alert; readonly exception: Exception }[]) {
    for (const { alert, exception } of excepted)
      for (const key of keysOf(alert)) {
        const all = this.#byKey.get(key);
        if (all === undefined) this.#byKey.set(key, [{ ms: alert.ms, title: exception.title }]);
        else if (all.length < MAX_KEPT) all.push({ ms: alert.ms, title: exception.title });
      }
  }

  /** The exception that covered alerts on the same artefact at the same time; null where there is none. */
  near(alert: Alert): string | null {
    if (this.#byKey.size === 0) return null;
    for (const key of keysOf(alert))
      for (const { ms, title } of this.#byKey.get(key) ?? []) if (Math.abs(ms - alert.ms) <= NEAR_MS) return title;
    return null;
  }
}

const NEAR_MS = 120_000;
const MAX_KEPT = 100;

function keysOf(alert: Alert): Set<string> {
  return new Set(alert.events.flatMap((observed) => (observed === null ? [] : artefactKeys(observed.event))));
}

/** Products that distribute software and copy files for administrators, as their programs call themselves in their version resource. */
const PRODUCTS = new Set([
  "microsoft configuration manager",
  "system center configuration manager",
  "veritas backup exec",
  "symantec backup exec",
  "veeam backup & replication",
  "pdq deploy",
  "pdq inventory",
]);

function isBelow(act: Act, severity: Act["severity"]): boolean {
  return SEVERITIES.indexOf(act.severity) < SEVERITIES.indexOf(severity);
}

/** The acts of an incident that are no small matter, as far as others may be tied to them. */
export class GraveActs {
  readonly #ways = new Set<string>();
  /** Accounts with a host that they acted on or from. */
  readonly #accounts = new Set<string>();

  constructor(acts: readonly Act[]) {
    for (const act of acts) {
      if (isBelow(act, "medium")) continue;
      this.#ways.add(wayOf(act));
      for (const key of accountsOf(act)) this.#accounts.add(key);
    }
  }

  get isEmpty(): boolean {
    return this.#ways.size === 0;
  }

  /** On the same way between hosts, or by the same account on a host that both name. */
  isTiedTo(act: Act): boolean {
    return (act.to !== "" && this.#ways.has(wayOf(act))) || accountsOf(act).some((key) => this.#accounts.has(key));
  }
}

function wayOf({ from, to }: Act): string {
  return `${from}\n${to}`;
}

function accountsOf({ from, to, accounts }: Act): string[] {
  return [from, to].filter((host) => host !== "").flatMap((host) => accounts.map((name) => `${host}\n${name}`));
}

/** Why an act may be ordinary work, in a sentence; null where nothing says so. `grave`: of its incident. */
export function ordinaryWork(act: Act, grave: GraveActs, suppressed: SuppressedWork): string | null {
  const exceptions = act.alerts.map((alert) => suppressed.near(alert));
  if (exceptions.every((title) => title !== null))
    return `What it names was suppressed at the same time by the exception “${exceptions[0]!}”.`;
  if (isBelow(act, "high")) {
    const products = act.alerts.map(productOf);
    if (products.every((name) => PRODUCTS.has(name.toLowerCase()))) return `Its program calls itself ${products[0]!}.`;
  }
  if (!isBelow(act, "medium") || grave.isEmpty || grave.isTiedTo(act)) return null;
  return "Only rules of low severity saw it, and nothing ties it to a graver act.";
}

function productOf({ events }: Alert): string {
  for (const observed of events) {
    const product =
      observed === null ? undefined : (textAt(observed.event, "process.pe.product") ?? textAt(observed.event, "winlog.event_data.Product"));
    if (product !== undefined) return product;
  }
  return "";
}
