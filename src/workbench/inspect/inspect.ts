import { hostOf, textAt, valueAt } from "../../detect/index.ts";
import { createNormaliser, eventName, type Normalised } from "../../ecs/index.ts";
import { TimeGaps, type TimeGap } from "./time-gaps.ts";
import { readInstant, type Instant } from "../../eql/index.ts";
import type { LogLocation, Problem, LogRecord, Sink } from "../../readers/index.ts";

/** One channel of one host: the unit in which Windows numbers and orders records. */
export interface ChannelReport {
  readonly host: string;
  readonly channel: string;
  readonly events: number;
  readonly first: string | null;
  readonly last: string | null;
  /** Record numbers, where the records have them. */
  readonly records: { readonly first: number; readonly last: number; readonly missing: number } | null;
  /** Records whose time lies before that of the one read before, in the same file. */
  readonly backwards: number;
  /** Records whose number is not above that of the one read before, in the same file. A log that has wrapped round has one. */
  readonly outOfOrder: number;
  /** The longest times without an event in one file, longest first. */
  readonly gaps: readonly TimeGap[];
}

export interface CodeCount {
  /** As Windows words it; empty where the event is in none of our tables. */
  readonly name: string;
  /** On which computers, most events first; at most 50 are listed. */
  readonly hosts: readonly { readonly host: string; readonly events: number }[];
  readonly channel: string;
  readonly provider: string;
  readonly code: string;
  readonly events: number;
  readonly unmapped: boolean;
}

export interface Inspection {
  readonly events: number;
  readonly withoutTime: number;
  readonly files: readonly { readonly file: string; readonly format: string; readonly events: number }[];
  readonly sources: readonly { readonly source: string; readonly events: number }[];
  readonly channels: readonly ChannelReport[];
  /** Most events first. */
  readonly codes: readonly CodeCount[];
  /** Logs that somebody cleared: Security 1102, Eventlog 104. */
  readonly cleared: readonly { readonly time: string; readonly host: string; readonly channel: string; readonly who: string }[];
  /** What must be switched off, or did not happen, by the events that are there and those that are not. */
  readonly audit: readonly string[];
  /** Kinds counted together because there were too many. */
  readonly notListed: number;
}

interface Code extends Omit<CodeCount, "events" | "hosts"> {
  events: number;
  readonly hosts: Map<string, number>;
}

interface Channel {
  readonly host: string;
  readonly channel: string;
  events: number;
  firstMs: number;
  lastMs: number;
  first: string | null;
  last: string | null;
  minRecord: number;
  maxRecord: number;
  numbered: number;
  backwards: number;
  outOfOrder: number;
  previousRecord: number;
  previousFile: string;
  readonly gaps: TimeGaps;
}

/** Hostile input could name a new channel or provider in every record. */
const MAX_KINDS = 20_000;
/** Computers that are listed of an event id. */
const MAX_HOSTS = 50;

/** What is in a heap of evidence. A sink for the readers; memory grows with kinds of events, not with events. */
export class Inspector implements Sink {
  readonly #normaliser;
  readonly #files = new Map<string, { file: string; format: string; events: number }>();
  readonly #sources = new Map<string, number>();
  readonly #channels = new Map<string, Channel>();
  readonly #codes = new Map<string, Code>();
  readonly #cleared: Inspection["cleared"][number][] = [];
  readonly #commandLines = { with: 0, without: 0 };
  readonly #at: Instant = { millis: 0, nanos: 0 };
  #events = 0;
  #withoutTime = 0;
  #notListed = 0;

  /** @param timestampFields paths of the time in events that have no `@timestamp`, looked at before those that vendors have */
  constructor(timestampFields: readonly string[] = []) {
    this.#normaliser = createNormaliser({ timestampFields });
  }

  file(place: LogLocation, format: string): void {
    if (this.#files.size < MAX_KINDS && !this.#files.has(place.file)) this.#files.set(place.file, { file: place.file, format, events: 0 });
  }

  problem(_problem: Problem): void {}

  record(record: LogRecord): void {
    const normalised = this.#normaliser.normalise(record);
    this.#events++;
    const file = this.#files.get(record.place.file);
    if (file !== undefined) file.events++;
    this.#sources.set(normalised.source, (this.#sources.get(normalised.source) ?? 0) + 1);
    const host = hostOf(normalised.event) || "(no host)";
    const channel = textAt(normalised.event, "winlog.channel") ?? textAt(normalised.event, "event.dataset") ?? normalised.source;
    this.#channel(host, channel, normalised);
    this.#code(channel, host, normalised);
  }

  get events(): number {
    return this.#events;
  }

  #channel(host: string, channel: string, { event, place }: Normalised): void {
    const key = `${host.toLowerCase()}\n${channel.toLowerCase()}`;
    let known = this.#channels.get(key);
    if (known === undefined) {
      if (this.#channels.size >= MAX_KINDS) {
        this.#notListed++;
        return;
      }
      known = {
        host,
        channel,
        events: 0,
        firstMs: Infinity,
        lastMs: -Infinity,
        first: null,
        last: null,
        minRecord: Infinity,
        maxRecord: -Infinity,
        numbered: 0,
        backwards: 0,
        outOfOrder: 0,
        previousRecord: 0,
        previousFile: "",
        gaps: new TimeGaps(),
      };
      this.#channels.set(key, known);
    }
    known.events++;
    const sameFile = known.previousFile === place.file;
    known.previousFile = place.file;
    if (!sameFile) known.gaps.restart();
    const record = Number(textAt(event, "winlog.record_id"));
    if (Number.isSafeInteger(record) && record > 0) {
      if (sameFile && record <= known.previousRecord) known.outOfOrder++;
      known.previousRecord = record;
      known.numbered++;
      known.minRecord = Math.min(known.minRecord, record);
      known.maxRecord = Math.max(known.maxRecord, record);
    }
    const time = textAt(event, "@timestamp");
    if (time === undefined || !readInstant(time, this.#at)) {
      this.#withoutTime++;
      return;
    }
    const ms = this.#at.millis;
    if (ms < known.firstMs) {
      known.firstMs = ms;
      known.first = time;
    }
    if (!known.gaps.add(ms, time)) known.backwards++;
    if (ms > known.lastMs) {
      known.lastMs = ms;
      known.last = time;
    }
  }

  #code(channel: string, host: string, { event, unmapped }: Normalised): void {
    const provider = textAt(event, "event.provider") ?? textAt(event, "winlog.provider_name") ?? "";
    const code = textAt(event, "event.code") ?? textAt(event, "event.action") ?? "";
    const key = `${channel.toLowerCase()}\n${provider}\n${code}`;
    let known = this.#codes.get(key);
    if (known === undefined && this.#codes.size < MAX_KINDS) {
      known = {
        channel,
        provider,
        code,
        name: eventName(provider, code) ?? eventName(channel, code) ?? "",
        events: 0,
        hosts: new Map(),
        unmapped,
      };
      this.#codes.set(key, known);
    }
    if (known === undefined) this.#notListed++;
    else {
      known.events++;
      const ofHost = known.hosts.get(host);
      if (ofHost !== undefined || known.hosts.size < MAX_HOSTS) known.hosts.set(host, (ofHost ?? 0) + 1);
    }
    const lower = channel.toLowerCase();
    if (code === "4688" && lower === "security")
      this.#commandLines[valueAt(event, "process.command_line") === undefined ? "without" : "with"]++;
    if ((code === "1102" && lower === "security") || (code === "104" && lower === "system")) {
      if (this.#cleared.length < 1000) {
        this.#cleared.push({
          time: textAt(event, "@timestamp") ?? "",
          host: hostOf(event),
          channel,
          who: textAt(event, "user.name") ?? textAt(event, "winlog.user_data.SubjectUserName") ?? "",
        });
      }
    }
  }

  finish(): Inspection {
    return {
      events: this.#events,
      withoutTime: this.#withoutTime,
      files: [...this.#files.values()],
      sources: [...this.#sources].map(([source, events]) => ({ source, events })).sort((a, b) => b.events - a.events),
      channels: [...this.#channels.values()]
        .map(reportOf)
        .sort((a, b) => (a.host === b.host ? b.events - a.events : a.host < b.host ? -1 : 1)),
      codes: [...this.#codes.values()]
        .map((code) => ({
          ...code,
          hosts: [...code.hosts].map(([host, events]) => ({ host, events })).sort((a, b) => b.events - a.events),
        }))
        .sort((a, b) => b.events - a.events),
      cleared: this.#cleared,
      audit: this.#audit(),
      notListed: this.#notListed,
    };
  }

  #audit(): string[] {
    const has = (channel: string): boolean => [...this.#channels.values()].some((c) => c.channel.toLowerCase() === channel);
    const seen = (channel: string, code: string): boolean =>
      [...this.#codes.values()].some((c) => c.code === code && c.channel.toLowerCase() === channel);
    const remarks: string[] = [];
    const { with: withLine, without } = this.#commandLines;
    if (without > 0 && withLine === 0)
      remarks.push('Process creation (4688) carries no command line: the policy "Include command line in process creation events" is off.');
    for (const { channel, codes, setting } of AUDIT) {
      if (has(channel) && !codes.some((code) => seen(channel, code)))
        remarks.push(
          `No ${codes.join(", ")} in ${channel === "security" ? "Security" : channel === "system" ? "System" : "Sysmon"}: ${setting} is off, or nothing of the kind happened.`,
        );
    }
    if (has("security") && !has(SYSMON))
      remarks.push("No Sysmon log: process hashes, original file names, pipes and file writes are not seen.");
    if (has(SYSMON) && !has("security"))
      remarks.push("No Security log: logons (4624), share access (5140, 5145) and service installs (4697) are not seen.");
    return remarks;
  }
}

const SYSMON = "microsoft-windows-sysmon/operational";

/** What has to be on for the events that lateral movement leaves (Microsoft, Advanced security audit policy settings; Sysmon's configuration). */
const AUDIT: readonly { readonly channel: string; readonly codes: readonly string[]; readonly setting: string }[] = [
  { channel: "security", codes: ["4624"], setting: "Logon/Logoff > Audit Logon (success)" },
  { channel: "security", codes: ["4625"], setting: "Logon/Logoff > Audit Logon (failure)" },
  { channel: "security", codes: ["4688"], setting: "Detailed Tracking > Audit Process Creation" },
  { channel: "security", codes: ["5140"], setting: "Object Access > Audit File Share" },
  { channel: "security", codes: ["5145"], setting: "Object Access > Audit Detailed File Share" },
  { channel: "security", codes: ["4697"], setting: "System > Audit Security System Extension" },
  { channel: "security", codes: ["4698", "4702"], setting: "Object Access > Audit Other Object Access Events" },
  { channel: SYSMON, codes: ["1"], setting: "ProcessCreate" },
  { channel: SYSMON, codes: ["3"], setting: "NetworkConnect" },
  { channel: SYSMON, codes: ["11"], setting: "FileCreate" },
  { channel: SYSMON, codes: ["12", "13"], setting: "RegistryEvent" },
  { channel: SYSMON, codes: ["17", "18"], setting: "PipeEvent" },
];

function reportOf(channel: Channel): ChannelReport {
  const { host, events, first, last, backwards, outOfOrder, gaps, numbered, minRecord, maxRecord } = channel;
  return {
    host,
    channel: channel.channel,
    events,
    first,
    last,
    backwards,
    outOfOrder,
    records: numbered === 0 ? null : { first: minRecord, last: maxRecord, missing: Math.max(0, maxRecord - minRecord + 1 - numbered) },
    gaps: gaps.longest,
  };
}
