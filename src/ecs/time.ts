/** Times as the shapes write them, to ISO 8601 in UTC. */

/** `2020-10-19 03:30:46.251` and `2020-10-19T03:30:46.251Z` as milliseconds since 1970, a missing zone read as UTC; NaN where it is no time. */
export function milliseconds(time: string): number {
  if (time.length < 19 || time.length > 40) return Number.NaN;
  return Date.parse(hasZone(time) ? time.replace(" ", "T") : `${time.slice(0, 10)}T${time.slice(11)}Z`);
}

/** Whether the time has a zone. */
export function hasZone(time: string): boolean {
  const last = time.charCodeAt(time.length - 1);
  if (last === 90 || last === 122) return true;
  const at = Math.max(time.lastIndexOf("+"), time.lastIndexOf("-"));
  return at > 10;
}

/** To the millisecond, as Elasticsearch's `date` processor writes; undefined where it is no time. */
export function isoMilliseconds(time: string): string | undefined {
  const at = milliseconds(time);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

const QUARTER = 15 * 60_000;

/**
 * The zone of flat exports. They write local times without a zone, but hold two clocks of one moment: Sysmon's `UtcTime` beside
 * the record's own time, or Logstash's `@timestamp` beside the collector's time of receipt. The difference, to the quarter of
 * an hour, is the offset; it is remembered for records of the file that have one clock
 * only. Files come one after the other, and one says nothing of the next.
 */
export class LocalZone {
  #file: string | null = null;
  /** Milliseconds; null where it is not known. */
  #offset: number | null = null;
  #asked = 0;

  /** Whether records of this file so far say how those to come are read. */
  knows(file: string): boolean {
    return file === this.#file;
  }

  /** Whether to compare clocks now: until the zone of the file is known, and from time to time for a change to summer time. */
  wantsMore(file: string): boolean {
    this.#begin(file);
    return (this.#asked++ & 63) === 0 || this.#offset === null;
  }

  /** Learns from two readings of one moment. */
  learn(file: string, local: string, utc: string): void {
    this.#begin(file);
    const difference = milliseconds(utc) - milliseconds(local);
    if (Number.isNaN(difference)) return;
    const offset = Math.round(difference / QUARTER) * QUARTER;
    // Zones reach from -12 to +14 hours; the rest of the difference is delay; with more than minutes of it the zone stays unknown.
    if (Math.abs(offset) > 14 * 3_600_000 || Math.abs(difference - offset) > QUARTER / 2 - 1000) return;
    this.#offset = offset;
  }

  /** The time in UTC; unchanged where the zone of the file is not known yet. Fractions of a second are kept. */
  toUtc(file: string, local: string): string | undefined {
    const at = milliseconds(local);
    if (Number.isNaN(at)) return undefined;
    if (hasZone(local)) return new Date(at).toISOString();
    this.#begin(file);
    return new Date(at + (this.#offset ?? 0)).toISOString();
  }

  #begin(file: string): void {
    if (file === this.#file) return;
    this.#file = file;
    this.#offset = null;
    this.#asked = 0;
  }
}
