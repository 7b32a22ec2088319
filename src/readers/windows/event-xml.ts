/** `WindowsEvent` -> the XML that Windows renders of it (`EvtRender`, wevtutil, Event Viewer). */
import type { WindowsEvent, WindowsSystem, XmlElement } from "../record.ts";

const NAMESPACE = "http://schemas.microsoft.com/win/2004/08/events/event";

export function eventXml(event: WindowsEvent): string {
  const root = event.root ?? rootOf(event);
  const named = root.attributes.some(([name]) => name === "xmlns")
    ? root
    : { ...root, attributes: [["xmlns", NAMESPACE] as const, ...root.attributes] };
  return elementText(named);
}

function elementText(element: XmlElement): string {
  let text = `<${element.name}`;
  for (const [name, value] of element.attributes) text += ` ${name}='${escaped(value, IN_ATTRIBUTE)}'`;
  if (element.children.length === 0) return `${text}/>`;
  text += ">";
  for (const child of element.children) text += typeof child === "string" ? escaped(child, IN_TEXT) : elementText(child);
  return `${text}</${element.name}>`;
}

const REFERENCE: { readonly [char: string]: string | undefined } = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&apos;" };

/** Windows escapes quotes in attributes only, which it puts in single ones. */
function escaped(text: string, pattern: RegExp): string {
  return pattern.test(text) ? text.replaceAll(new RegExp(pattern, "g"), (char) => REFERENCE[char]!) : text;
}

const IN_TEXT = /[&<>]/;
const IN_ATTRIBUTE = /[&<>']/;

type Attributes = readonly (readonly [string, string])[];

/** The element of an event that came without one (from evtx_dump's JSON), in the order of the schema. */
function rootOf(event: WindowsEvent): XmlElement {
  const children: XmlElement[] = [systemOf(event.system)];
  if (event.eventData !== null) {
    const { name, data, binary } = event.eventData;
    const items: XmlElement[] = data.map((item) => ({
      name: item.complex === true ? "ComplexData" : "Data",
      attributes: item.name === undefined ? [] : [["Name", item.name]],
      children: [item.value],
    }));
    if (binary !== undefined) items.push({ name: "Binary", attributes: [], children: [binary] });
    children.push({ name: "EventData", attributes: name === undefined ? [] : [["Name", name]], children: items });
  }
  if (event.userData !== null) children.push({ name: "UserData", attributes: [], children: [event.userData] });
  return { name: "Event", attributes: [], children: [...children, ...event.other] };
}

function systemOf(system: WindowsSystem): XmlElement {
  const children: XmlElement[] = [];
  const add = (
    name: string,
    attributes: readonly (readonly [string, string | number | undefined])[],
    text?: string | number | bigint,
  ): void => {
    const given: Attributes = attributes.flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)] as const]));
    children.push({ name, attributes: given, children: text === undefined ? [] : [String(text)] });
  };
  const { provider } = system;
  add("Provider", [
    ["Name", provider.name],
    ["Guid", provider.guid],
    ["EventSourceName", provider.eventSourceName],
  ]);
  add("EventID", [["Qualifiers", system.qualifiers]], system.eventId);
  if (system.version !== undefined) add("Version", [], system.version);
  if (system.level !== undefined) add("Level", [], system.level);
  if (system.task !== undefined) add("Task", [], system.task);
  if (system.opcode !== undefined) add("Opcode", [], system.opcode);
  if (system.keywords !== undefined) add("Keywords", [], system.keywords);
  if (system.timeCreated !== undefined) add("TimeCreated", [["SystemTime", system.timeCreated]]);
  if (system.eventRecordId !== undefined) add("EventRecordID", [], system.eventRecordId);
  add("Correlation", [
    ["ActivityID", system.activityId],
    ["RelatedActivityID", system.relatedActivityId],
  ]);
  if (system.processId !== undefined || system.threadId !== undefined) {
    add("Execution", [
      ["ProcessID", system.processId],
      ["ThreadID", system.threadId],
      ["ProcessorID", system.processorId],
      ["SessionID", system.sessionId],
      ["KernelTime", system.kernelTime],
      ["UserTime", system.userTime],
      ["ProcessorTime", system.processorTime],
    ]);
  }
  if (system.channel !== undefined) add("Channel", [], system.channel);
  if (system.computer !== undefined) add("Computer", [], system.computer);
  add("Security", [["UserID", system.userId]]);
  return { name: "System", attributes: [], children };
}
