/** The `<Event>` element -> `WindowsEvent`, whether it came from binary XML or from text (Windows event schema, "EventType"). */
import type { EventData, RenderingInfo, WindowsEvent, WindowsSystem, XmlElement } from "../record.ts";

/** Null when the element is no event: it has no `<System>`. */
export function windowsEventOf(root: XmlElement): WindowsEvent | null {
  let system: WindowsSystem | null = null;
  let eventData: EventData | null = null;
  let userData: XmlElement | null = null;
  let rendering: RenderingInfo | null = null;
  const other: XmlElement[] = [];
  for (const child of root.children) {
    if (typeof child === "string") continue;
    switch (child.name) {
      case "System":
        system = systemOf(child);
        break;
      case "EventData":
        eventData = eventDataOf(child);
        break;
      case "UserData":
        userData = child.children.find((c) => typeof c !== "string") ?? null;
        break;
      case "RenderingInfo":
        rendering = renderingOf(child);
        break;
      default:
        other.push(child);
    }
  }
  return system === null ? null : { system, eventData, userData, rendering, other, root };
}

function attribute(element: XmlElement, name: string): string | undefined {
  return element.attributes.find(([n]) => n === name)?.[1];
}

export function textOf(element: XmlElement): string {
  let text = "";
  for (const child of element.children) text += typeof child === "string" ? child : textOf(child);
  return text;
}

function integer(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*\d{1,15}\s*$/.test(text)) return undefined;
  return Number(text);
}

function systemOf(element: XmlElement): WindowsSystem {
  const system: { -readonly [K in keyof WindowsSystem]: WindowsSystem[K] } = { provider: { name: "" }, eventId: 0 };
  const set = <K extends keyof WindowsSystem>(key: K, value: WindowsSystem[K] | undefined): void => {
    if (value !== undefined && value !== "") system[key] = value;
  };
  for (const child of element.children) {
    if (typeof child === "string") continue;
    const text = textOf(child).trim();
    switch (child.name) {
      case "Provider": {
        const guid = attribute(child, "Guid");
        const source = attribute(child, "EventSourceName");
        system.provider = {
          name: attribute(child, "Name") ?? "",
          ...(guid === undefined || guid === "" ? {} : { guid }),
          ...(source === undefined || source === "" ? {} : { eventSourceName: source }),
        };
        break;
      }
      case "EventID":
        system.eventId = integer(text) ?? 0;
        set("qualifiers", integer(attribute(child, "Qualifiers")));
        break;
      case "Version":
        set("version", integer(text));
        break;
      case "Level":
        set("level", integer(text));
        break;
      case "Task":
        set("task", integer(text));
        break;
      case "Opcode":
        set("opcode", integer(text));
        break;
      case "Keywords":
        set("keywords", text);
        break;
      case "TimeCreated":
        set("timeCreated", attribute(child, "SystemTime"));
        break;
      case "EventRecordID":
        if (/^\d{1,20}$/.test(text)) system.eventRecordId = text.length < 16 ? Number(text) : BigInt(text);
        break;
      case "Correlation":
        set("activityId", attribute(child, "ActivityID"));
        set("relatedActivityId", attribute(child, "RelatedActivityID"));
        break;
      case "Execution":
        set("processId", integer(attribute(child, "ProcessID")));
        set("threadId", integer(attribute(child, "ThreadID")));
        set("processorId", integer(attribute(child, "ProcessorID")));
        set("sessionId", integer(attribute(child, "SessionID")));
        set("kernelTime", integer(attribute(child, "KernelTime")));
        set("userTime", integer(attribute(child, "UserTime")));
        set("processorTime", integer(attribute(child, "ProcessorTime")));
        break;
      case "Channel":
        set("channel", text);
        break;
      case "Computer":
        set("computer", text);
        break;
      case "Security":
        set("userId", attribute(child, "UserID"));
        break;
      default:
    }
  }
  return system;
}

export function eventDataOf(element: XmlElement): EventData {
  const data: { name?: string; value: string; complex?: boolean }[] = [];
  let binary: string | undefined;
  for (const child of element.children) {
    if (typeof child === "string") continue;
    if (child.name === "Binary") binary = textOf(child).trim();
    else {
      const name = attribute(child, "Name");
      data.push({
        ...(name === undefined ? {} : { name }),
        value: textOf(child),
        ...(child.name === "ComplexData" ? { complex: true } : {}),
      });
    }
  }
  const name = attribute(element, "Name");
  return { ...(name === undefined ? {} : { name }), data, ...(binary === undefined ? {} : { binary }) };
}

export function renderingOf(element: XmlElement): RenderingInfo {
  const rendering: { -readonly [K in keyof RenderingInfo]: RenderingInfo[K] } = { keywords: [] };
  const culture = attribute(element, "Culture");
  if (culture !== undefined) rendering.culture = culture;
  for (const child of element.children) {
    if (typeof child === "string") continue;
    const text = textOf(child);
    switch (child.name) {
      case "Message":
        rendering.message = text;
        break;
      case "Level":
        rendering.level = text.trim();
        break;
      case "Task":
        rendering.task = text.trim();
        break;
      case "Opcode":
        rendering.opcode = text.trim();
        break;
      case "Channel":
        rendering.channel = text.trim();
        break;
      case "Provider":
        rendering.provider = text.trim();
        break;
      case "Keywords":
        rendering.keywords = child.children.flatMap((c) => (typeof c === "string" ? [] : [textOf(c).trim()]));
        break;
      default:
    }
  }
  return rendering;
}
