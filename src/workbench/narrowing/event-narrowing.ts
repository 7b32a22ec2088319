/** What of the logs is asked for: a span of time, hosts, users, channels. */
import { textsAt, VENDOR_ACCOUNTS, type EventDocument, type Observed } from "../../detect/index.ts";
import { readInstant, type Instant } from "../../eql/index.ts";
import { namePatterns } from "./name-pattern.ts";

export interface EventNarrowing {
  /** Milliseconds since 1970: from `since` up to but not including `until`; null for no bound. */
  readonly since: number | null;
  readonly until: number | null;
  /** Patterns of names, of which one must fit; none ask for nothing. */
  readonly hosts: readonly string[];
  readonly users: readonly string[];
  readonly channels: readonly string[];
}

export const NOT_NARROWED: EventNarrowing = { since: null, until: null, hosts: [], users: [], channels: [] };

/** Events that a narrowing left out of what was read. */
export interface EventsLeftOut {
  readonly events: number;
  /** Of these, how many have no time that could be held against the span. */
  readonly withoutTime: number;
}

/** Whether an event is asked for; `without-time`: it is not, as it has no time that could be held against the span. */
export type ScopeVerdict = "fits" | "outside" | "without-time";

const HOST_FIELDS = ["host.name", "host.hostname", "winlog.computer_name"] as const;

/** Names of accounts, each with the field of its domain. */
const USER_FIELDS: readonly (readonly [name: string, domain: string | null])[] = [
  ["user.name", "user.domain"],
  ["user.target.name", "user.target.domain"],
  ["user.effective.name", "user.effective.domain"],
  ["user.changes.name", "user.changes.domain"],
  ["winlog.event_data.SubjectUserName", "winlog.event_data.SubjectDomainName"],
  ["winlog.event_data.TargetUserName", "winlog.event_data.TargetDomainName"],
  ["winlog.user.name", "winlog.user.domain"],
  ["related.user", null],
  ...VENDOR_ACCOUNTS.map((field) => [field, null] as const),
];

/** Events of no Windows log have the data set that they belong to. */
const CHANNEL_FIELDS = ["winlog.channel", "event.dataset", "data_stream.dataset"] as const;

type Fits = (event: EventDocument) => boolean;
const always: Fits = () => true;

/** Holds events and alerts against a narrowing. */
export class EventScope {
  readonly #narrowing: EventNarrowing;
  readonly #timestampField: string;
  readonly #host: Fits;
  readonly #user: Fits;
  readonly #channel: Fits;
  readonly #at: Instant = { millis: 0, nanos: 0 };
  #events = 0;
  #withoutTime = 0;

  constructor(narrowing: EventNarrowing, timestampField = "@timestamp") {
    this.#narrowing = narrowing;
    this.#timestampField = timestampField;
    this.#host = narrowing.hosts.length === 0 ? always : hostTest(narrowing.hosts);
    this.#user = narrowing.users.length === 0 ? always : userTest(narrowing.users);
    this.#channel = narrowing.channels.length === 0 ? always : channelTest(narrowing.channels);
  }

  /** The fields that a verdict depends on. */
  get fields(): readonly string[] {
    const { since, until, hosts, users, channels } = this.#narrowing;
    return [
      ...(since === null && until === null ? [] : [this.#timestampField]),
      ...(hosts.length === 0 ? [] : HOST_FIELDS),
      ...(users.length === 0 ? [] : USER_FIELDS.flatMap(([name, domain]) => (domain === null ? [name] : [name, domain]))),
      ...(channels.length === 0 ? [] : CHANNEL_FIELDS),
    ];
  }

  /** Whether the event fits; where not, it is counted. */
  takesEvent(event: EventDocument): boolean {
    const verdict = this.judge(event);
    this.count(verdict);
    return verdict === "fits";
  }

  judge(event: EventDocument): ScopeVerdict {
    const { since, until } = this.#narrowing;
    if (since !== null || until !== null) {
      const raw = event[this.#timestampField] ?? textsAt(event, this.#timestampField)[0];
      if (!readInstant(raw, this.#at)) return "without-time";
      if (!this.#isWithin(this.#at.millis)) return "outside";
    }
    return this.#host(event) && this.#user(event) && this.#channel(event) ? "fits" : "outside";
  }

  /** Counts events that were judged, here or elsewhere. */
  count(verdict: ScopeVerdict, events = 1): void {
    if (verdict === "fits") return;
    this.#events += events;
    if (verdict === "without-time") this.#withoutTime += events;
  }

  /**
   * Whether an alert fits: its time, which is that of its last event, lies within the span, and of hosts, users and channels each is met by
   * some event of it.
   */
  fitsAlert({ ms, events }: { readonly ms: number; readonly events: readonly (Observed | null)[] }): boolean {
    const some = (fits: Fits): boolean => fits === always || events.some((observed) => observed !== null && fits(observed.event));
    return this.#isWithin(ms) && some(this.#host) && some(this.#user) && some(this.#channel);
  }

  /** NaN is no time, and within no span. */
  #isWithin(ms: number): boolean {
    const { since, until } = this.#narrowing;
    return (since === null || ms >= since) && (until === null || ms < until);
  }

  get leftOut(): EventsLeftOut {
    return { events: this.#events, withoutTime: this.#withoutTime };
  }
}

/** A name, or its first label: `srv01` is `SRV01.corp.example` too. */
function hostTest(patterns: readonly string[]): Fits {
  const fits = namePatterns(patterns);
  return (event) => HOST_FIELDS.some((field) => textsAt(event, field).some((name) => fits(name) || fits(name.split(".", 1)[0]!)));
}

/** `j.doe` in any domain; a pattern with a domain, `CORP\j.doe`, is held against both. */
function userTest(patterns: readonly string[]): Fits {
  const withDomain = namePatterns(patterns.filter((pattern) => pattern.includes("\\")));
  const byName = namePatterns(patterns.filter((pattern) => !pattern.includes("\\")));
  const fits = (name: string, domain: string | undefined): boolean => {
    const slash = name.lastIndexOf("\\");
    if (byName(name) || byName(name.slice(slash + 1))) return true;
    return withDomain(slash >= 0 || domain === undefined ? name : `${domain}\\${name}`);
  };
  return (event) =>
    USER_FIELDS.some(([field, domainField]) => {
      const domain = domainField === null ? undefined : textsAt(event, domainField)[0];
      return textsAt(event, field).some((name) => fits(name, domain));
    });
}

function channelTest(patterns: readonly string[]): Fits {
  const fits = namePatterns(patterns);
  return (event) => CHANNEL_FIELDS.some((field) => textsAt(event, field).some(fits));
}
