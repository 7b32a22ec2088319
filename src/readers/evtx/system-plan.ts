/** `<System>` straight from the values of a record. */
import type { WindowsSystem } from "../record.ts";
import { NOWHERE, sourceOf, sourceValue } from "./data-plan.ts";
import type { Values } from "./instance.ts";
import type { Source, SystemPlan } from "./plan.ts";
import type { Slot, TemplateElement } from "./tree.ts";
import { lastFileTime } from "./values.ts";

/** Null when it is more than flat elements. */
export function compileSystem(element: TemplateElement): SystemPlan | null {
  const texts: { [name: string]: Source } = Object.create(null);
  const attributes: { [name: string]: Source } = Object.create(null);
  for (const child of element.children) {
    if (typeof child === "string") continue;
    if (!("name" in child)) return null;
    for (const part of child.children) if (typeof part === "object" && !("slot" in part)) return null;
    texts[child.name] = sourceOf(child.children as readonly (string | Slot)[]);
    for (const attribute of child.attributes) attributes[`${child.name} ${attribute.name}`] = sourceOf(attribute.parts);
  }
  const text = (name: string): Source => texts[name] ?? NOWHERE;
  const attribute = (name: string): Source => attributes[name] ?? NOWHERE;
  return {
    providerName: attribute("Provider Name"),
    providerGuid: attribute("Provider Guid"),
    eventSourceName: attribute("Provider EventSourceName"),
    eventId: text("EventID"),
    qualifiers: attribute("EventID Qualifiers"),
    version: text("Version"),
    level: text("Level"),
    task: text("Task"),
    opcode: text("Opcode"),
    keywords: text("Keywords"),
    timeCreated: attribute("TimeCreated SystemTime"),
    eventRecordId: text("EventRecordID"),
    activityId: attribute("Correlation ActivityID"),
    relatedActivityId: attribute("Correlation RelatedActivityID"),
    processId: attribute("Execution ProcessID"),
    threadId: attribute("Execution ThreadID"),
    processorId: attribute("Execution ProcessorID"),
    sessionId: attribute("Execution SessionID"),
    kernelTime: attribute("Execution KernelTime"),
    userTime: attribute("Execution UserTime"),
    processorTime: attribute("Execution ProcessorTime"),
    channel: text("Channel"),
    computer: text("Computer"),
    userId: attribute("Security UserID"),
  };
}

type Provider = WindowsSystem["provider"];
type Draft = { -readonly [K in keyof WindowsSystem]: WindowsSystem[K] };

/** Providers repeat from record to record: one object each. */
let lastProvider: Provider = { name: "" };

export function systemOf(plan: SystemPlan, values: Values): WindowsSystem {
  const provider = providerOf(
    text(plan.providerName, values),
    text(plan.providerGuid, values),
    plan.eventSourceName === NOWHERE ? undefined : text(plan.eventSourceName, values),
  );
  const eventId = integer(plan.eventId, values) ?? 0;
  const version = integer(plan.version, values);
  const level = integer(plan.level, values);
  const task = integer(plan.task, values);
  const opcode = integer(plan.opcode, values);
  const keywords = text(plan.keywords, values);
  const timeCreated = time(plan.timeCreated, values);
  const eventRecordId = recordId(plan.eventRecordId, values);
  const processId = integer(plan.processId, values);
  const threadId = integer(plan.threadId, values);
  const qualifiers = integer(plan.qualifiers, values);
  const activityId = text(plan.activityId, values);
  const relatedActivityId = text(plan.relatedActivityId, values);
  let system: Draft;
  if (
    qualifiers === undefined &&
    version !== undefined &&
    level !== undefined &&
    task !== undefined &&
    opcode !== undefined &&
    keywords !== undefined &&
    timeCreated !== undefined &&
    eventRecordId !== undefined &&
    activityId === undefined &&
    relatedActivityId === undefined &&
    processId !== undefined &&
    threadId !== undefined
  ) {
    // Most events have just these: objects of one shape, made at once.
    system = { provider, eventId, version, level, task, opcode, keywords, timeCreated, eventRecordId, processId, threadId };
  } else {
    system = { provider, eventId };
    if (qualifiers !== undefined) system.qualifiers = qualifiers;
    if (version !== undefined) system.version = version;
    if (level !== undefined) system.level = level;
    if (task !== undefined) system.task = task;
    if (opcode !== undefined) system.opcode = opcode;
    if (keywords !== undefined) system.keywords = keywords;
    if (timeCreated !== undefined) system.timeCreated = timeCreated;
    if (eventRecordId !== undefined) system.eventRecordId = eventRecordId;
    if (activityId !== undefined) system.activityId = activityId;
    if (relatedActivityId !== undefined) system.relatedActivityId = relatedActivityId;
    if (processId !== undefined) system.processId = processId;
    if (threadId !== undefined) system.threadId = threadId;
  }
  const processorId = integer(plan.processorId, values);
  if (processorId !== undefined) system.processorId = processorId;
  const sessionId = integer(plan.sessionId, values);
  if (sessionId !== undefined) system.sessionId = sessionId;
  const kernelTime = integer(plan.kernelTime, values);
  if (kernelTime !== undefined) system.kernelTime = kernelTime;
  const userTime = integer(plan.userTime, values);
  if (userTime !== undefined) system.userTime = userTime;
  const processorTime = integer(plan.processorTime, values);
  if (processorTime !== undefined) system.processorTime = processorTime;
  const channel = text(plan.channel, values);
  if (channel !== undefined) system.channel = channel;
  const computer = text(plan.computer, values);
  if (computer !== undefined) system.computer = computer;
  const userId = text(plan.userId, values);
  if (userId !== undefined) system.userId = userId;
  return system;
}

function providerOf(name = "", guid: string | undefined, eventSourceName: string | undefined): Provider {
  const last = lastProvider;
  if (last.name === name && last.guid === guid && last.eventSourceName === eventSourceName) return last;
  lastProvider = {
    name,
    ...(guid === undefined ? {} : { guid }),
    ...(eventSourceName === undefined ? {} : { eventSourceName }),
  };
  return lastProvider;
}

/** Text without what is blank around it; undefined where there is none. */
function text(source: Source, values: Values): string | undefined {
  if (source === NOWHERE) return undefined;
  const value = sourceValue(source, values);
  if (value === null) return undefined;
  const found = typeof value === "string" ? trimmed(value) : String(value);
  return found === "" ? undefined : found;
}

/** Almost none has blanks around it: two looks are less than a call. */
function trimmed(value: string): string {
  const { length } = value;
  return length > 0 && isPlain(value.charCodeAt(0)) && isPlain(value.charCodeAt(length - 1)) ? value : value.trim();
}

function isPlain(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}

const LARGEST = 999_999_999_999_999;

function integer(source: Source, values: Values): number | undefined {
  const { slot } = source;
  if (slot >= 0) {
    const value = values.value(slot);
    if (typeof value === "number") return value >= 0 && value <= LARGEST ? value : undefined;
    if (value === null || value === undefined) return undefined;
  } else if (source === NOWHERE) return undefined;
  const value = sourceValue(source, values);
  return typeof value === "string" && /^\s*\d{1,15}\s*$/.test(value) ? Number(value) : undefined;
}

function recordId(source: Source, values: Values): number | bigint | undefined {
  const value = sourceValue(source, values);
  if (typeof value === "number") return value >= 0 ? value : undefined;
  if (value === null || !/^\s*\d{1,20}\s*$/.test(value)) return undefined;
  const digits = value.trim();
  return digits.length < 16 ? Number(digits) : BigInt(digits);
}

/** A time beyond the calendar came as a number in hex, which is no time. */
function time(source: Source, values: Values): string | undefined {
  if (source.slot >= 0) {
    // Made of parts that are joined when somebody reads it: looking at its ends would join them.
    const value = values.value(source.slot);
    if (typeof value === "string" && value === lastFileTime()) return value;
  }
  const found = text(source, values);
  return found !== undefined && found.startsWith("0x") ? undefined : found;
}
