/** What an event contributes to a story, worked out once however many rules matched it. */
import { hostOf, whoOf, type EventDocument, type Observed } from "../../detect/index.ts";
import { artefactKeys, eventKey, sessionKey } from "./act-keys.ts";
import { deedOf, type Deed } from "./deed.ts";
import type { HostNames } from "./host-names.ts";

export interface EventFacts {
  readonly deed: Deed;
  readonly host: string;
  /** Of the account that acted, without its domain; empty where there is none. */
  readonly account: string;
  /** From which host to which; `to` is empty where the event names one host alone. */
  readonly from: string;
  readonly to: string;
  /** What ties it to other events of the same act. */
  readonly keys: readonly string[];
}

export class AllEventFacts {
  readonly #names: HostNames;
  readonly #known = new Map<EventDocument, EventFacts>();

  constructor(names: HostNames) {
    this.#names = names;
  }

  of(observed: Observed): EventFacts {
    const { event } = observed;
    const known = this.#known.get(event);
    if (known !== undefined) return known;
    const deed = deedOf(event);
    const host = hostOf(event);
    const { from, to } = this.#wayOf(host, deed);
    const session = sessionKey(event);
    const keys = [
      eventKey(observed),
      ...artefactKeys(event),
      ...(session === null ? [] : [session]),
      ...(to === "" ? [] : [`way:${from.toLowerCase()}>${to.toLowerCase()}`]),
    ];
    const facts = { deed, host, account: accountOf(whoOf(event)), from, to, keys };
    this.#known.set(event, facts);
    return facts;
  }

  #wayOf(host: string, { source, target }: Deed): { readonly from: string; readonly to: string } {
    const other = this.#names.resolve(source === "" ? target : source);
    if (other === "" || host === "" || other.toLowerCase() === host.toLowerCase()) return { from: host === "" ? other : host, to: "" };
    return source === "" ? { from: host, to: other } : { from: other, to: host };
  }
}

const MAX_ACCOUNT = 100;

function accountOf(who: string): string {
  const name = who.split("\\").at(-1)!;
  return name === "-" ? "" : name.length > MAX_ACCOUNT ? `${name.slice(0, MAX_ACCOUNT)}…` : name;
}
