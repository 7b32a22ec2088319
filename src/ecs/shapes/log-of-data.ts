/** Which Windows log a flat record is of that names neither channel nor provider, by its event id and the names of its data. */
import type { JsonObject } from "../../readers/index.ts";
import type { RecordedEvent } from "../windows/event.ts";
import { WINDOWS_LOGS, type WindowsLog } from "../windows/logs.ts";

export interface LogOfData {
  readonly channel: string;
  readonly provider: string;
}

interface KnownEvent extends LogOfData {
  readonly data: readonly string[];
}

const EVENTS = new Map<string, KnownEvent[]>();
for (const log of WINDOWS_LOGS) {
  for (const event of log.events) {
    const known: KnownEvent = { channel: log.channel, provider: providerOf(log, event), data: event.data };
    const others = EVENTS.get(event.code);
    if (others === undefined) EVENTS.set(event.code, [known]);
    else others.push(known);
  }
}

/** By a channel in lower case, the provider of its events where all have the same except for those that say so. */
const BY_CHANNEL = new Map(WINDOWS_LOGS.map((log) => [log.channel.toLowerCase(), log] as const));
const CHANNEL_OF_PROVIDER = new Map(WINDOWS_LOGS.map((log) => [log.provider.toLowerCase(), log.channel] as const));

/**
 * The log whose event of this id has most of the document's names. One name is enough where nothing else would be called that:
 * `Image`, or one of several words such as `ScriptBlockText`; `User` and `Type` are not.
 */
export function logOfData(document: JsonObject, code: string): LogOfData | undefined {
  let best: KnownEvent | undefined;
  let most = 0;
  for (const event of EVENTS.get(code) ?? []) {
    let count = 0;
    let telling = false;
    for (const name of event.data) {
      if (!Object.hasOwn(document, name)) continue;
      count++;
      telling ||= name === "Image" || /[a-z][A-Z]/.test(name);
    }
    if (telling && count > most) {
      best = event;
      most = count;
    }
  }
  return best;
}

/** The channel that a provider writes to, of those that write to one. */
export function channelOfProvider(provider: string): string | undefined {
  return CHANNEL_OF_PROVIDER.get(provider.toLowerCase());
}

/** Who writes the event of this id to the channel; undefined where the event is not known. */
export function providerOfEvent(channel: string, code: string): string | undefined {
  const log = BY_CHANNEL.get(channel.toLowerCase());
  const event = log?.events.find((one) => one.code === code);
  return log === undefined || event === undefined || log.key === "system" ? undefined : providerOf(log, event);
}

function providerOf(log: WindowsLog, event: RecordedEvent): string {
  return event.provider ?? log.provider;
}
