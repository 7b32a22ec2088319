/**
 * The raw documents that mutations work on: plain JSON in the raw shape of Winlogbeat, or as Elastic Defend writes it. What is changed
 * in one event is changed in every other event about the same thing.
 */
export interface RawDocument {
  readonly [key: string]: unknown;
}

/** A process start as any of the three sources tells it. */
export interface ProcessStart {
  /** Full path of the image. */
  readonly image: string;
  readonly commandLine: string;
  /** The name the file was built with; Security 4688 does not have it. */
  readonly originalName: string | undefined;
  readonly parentImage: string | undefined;
}

type Fields = { readonly [key: string]: unknown };

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const part = (value: Fields | undefined, key: string): Fields | undefined => {
  const found = value?.[key];
  return isFields(found) ? found : undefined;
};

function eventData(document: RawDocument): Fields | undefined {
  return part(part(document, "winlog"), "event_data");
}

function eventId(document: RawDocument): string {
  const id = part(document, "winlog")?.["event_id"];
  return typeof id === "string" || typeof id === "number" ? String(id) : "";
}

function isSysmon(document: RawDocument): boolean {
  return part(document, "winlog")?.["provider_name"] === "Microsoft-Windows-Sysmon";
}

/** The process start that the document records; null for any other event, or when the command line was not recorded. */
export function processStart(document: RawDocument): ProcessStart | null {
  const data = eventData(document);
  if (data !== undefined) {
    const sysmon = eventId(document) === "1" && isSysmon(document);
    if (!sysmon && eventId(document) !== "4688") return null;
    const image = text(data[sysmon ? "Image" : "NewProcessName"]);
    const commandLine = text(data["CommandLine"]);
    if (image === undefined || commandLine === undefined) return null;
    const originalName = sysmon ? text(data["OriginalFileName"]) : undefined;
    return { image, commandLine, originalName, parentImage: text(data[sysmon ? "ParentImage" : "ParentProcessName"]) };
  }
  const process = part(document, "process");
  const image = text(process?.["executable"]);
  const commandLine = text(process?.["command_line"]);
  if (image === undefined || commandLine === undefined || !isStart(document)) return null;
  const originalName = text(part(process, "pe")?.["original_file_name"]);
  return { image, commandLine, originalName, parentImage: text(part(process, "parent")?.["executable"]) };
}

function isStart(document: RawDocument): boolean {
  const event = part(document, "event");
  const has = (value: unknown, wanted: string): boolean => (Array.isArray(value) ? value.includes(wanted) : value === wanted);
  return has(event?.["category"], "process") && has(event?.["type"], "start");
}

/** Process starts through `change` (null leaves one as it is), and all other events of those processes with them. */
export function mapProcesses(events: readonly RawDocument[], change: (start: ProcessStart) => ProcessStart | null): readonly RawDocument[] {
  const changed = new Map<string, ProcessStart>();
  const mutated = events.map((event) => {
    const start = processStart(event);
    const next = start === null ? null : change(start);
    if (next === null) return event;
    const id = ownId(event);
    if (id !== undefined) changed.set(id, next);
    return withProcessStart(event, next);
  });
  return changed.size === 0 ? mutated : mutated.map((event) => followed(event, changed));
}

/** What identifies the process an event is about, or that caused it. */
function ownId(document: RawDocument): string | undefined {
  const data = eventData(document);
  if (data === undefined) return text(part(document, "process")?.["entity_id"]);
  if (isSysmon(document)) return text(data["ProcessGuid"]);
  return processId(document, data, eventId(document) === "4688" ? "NewProcessId" : "ProcessId");
}

function parentId(document: RawDocument): string | undefined {
  const data = eventData(document);
  if (data === undefined) return text(part(part(document, "process"), "parent")?.["entity_id"]);
  if (isSysmon(document)) return text(data["ParentProcessGuid"]);
  return eventId(document) === "4688" ? processId(document, data, "ProcessId") : undefined;
}

/** Windows' own log has no better identity; within a case's minutes an id is one process. */
function processId(document: RawDocument, data: Fields, name: string): string | undefined {
  const id = text(data[name]);
  const computer = text(part(document, "winlog")?.["computer_name"]) ?? "";
  return id === undefined || id === "0x0" ? undefined : `${computer} ${id.toLowerCase()}`;
}

function followed(document: RawDocument, changed: ReadonlyMap<string, ProcessStart>): RawDocument {
  const own = changed.get(ownId(document) ?? "");
  const parent = changed.get(parentId(document) ?? "");
  if (own === undefined && parent === undefined) return document;
  const data = eventData(document);
  if (data === undefined) {
    const process = part(document, "process") ?? {};
    const above = part(process, "parent");
    return {
      ...document,
      process: {
        ...process,
        ...(own === undefined ? {} : { executable: own.image, name: baseName(own.image) }),
        ...(parent === undefined || above === undefined ? {} : { parent: { ...above, ...defendProcess(parent, "command_line" in above) } }),
      },
    };
  }
  const next: { [key: string]: unknown } = { ...data };
  const set = (name: string, value: string): void => {
    if (typeof next[name] === "string" && next[name] !== "-") next[name] = value;
  };
  if (own !== undefined) {
    set(isSysmon(document) ? "Image" : eventId(document) === "4688" ? "NewProcessName" : "ProcessName", own.image);
  }
  if (parent !== undefined) {
    set("ParentImage", parent.image);
    set("ParentCommandLine", parent.commandLine);
    set("ParentProcessName", parent.image);
  }
  return withEventData(document, next);
}

function defendProcess(start: ProcessStart, withLine: boolean): Fields {
  const args = splitArguments(start.commandLine);
  return {
    executable: start.image,
    name: baseName(start.image),
    ...(withLine ? { command_line: start.commandLine, args, args_count: args.length } : {}),
  };
}

function withProcessStart(document: RawDocument, start: ProcessStart): RawDocument {
  const data = eventData(document);
  if (data !== undefined) {
    const changed: { [key: string]: unknown } = { ...data, CommandLine: start.commandLine };
    if (isSysmon(document)) {
      changed["Image"] = start.image;
      if (start.originalName !== undefined) changed["OriginalFileName"] = start.originalName;
    } else changed["NewProcessName"] = start.image;
    return withEventData(document, changed);
  }
  const process = part(document, "process") ?? {};
  const pe = start.originalName === undefined ? {} : { pe: { ...part(process, "pe"), original_file_name: start.originalName } };
  return { ...document, process: { ...process, ...defendProcess(start, true), ...pe } };
}

function withEventData(document: RawDocument, data: Fields): RawDocument {
  return { ...document, winlog: { ...part(document, "winlog"), event_data: data } };
}

/** Names built into a file. No other name of the file changes them. */
const BUILT_IN = new Set(["OriginalFileName", "original_file_name", "Product", "Description", "Company"]);

/** Every text at any depth through `change`, which also gets the key that holds it; names built into a file stay. */
export function mapTexts(document: RawDocument, change: (value: string, key: string) => string): RawDocument {
  return mapValue(document, "", change) as RawDocument;
}

function mapValue(value: unknown, key: string, change: (value: string, key: string) => string): unknown {
  if (typeof value === "string") return BUILT_IN.has(key) ? value : change(value, key);
  if (Array.isArray(value)) return value.map((item) => mapValue(item, key, change));
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapValue(item, name, change)]));
}

/** The addresses of the two ends of a connection or logon through `change`; not those in names and command lines. */
export function mapAddresses(
  document: RawDocument,
  ends: readonly ("source" | "destination")[],
  change: (ip: string) => string,
): RawDocument {
  const names = new Set(
    ends.flatMap((end) => (end === "source" ? ["IpAddress", "SourceIp", "SourceAddress"] : ["DestinationIp", "DestAddress"])),
  );
  const data = eventData(document);
  if (data !== undefined) {
    const mapped = Object.fromEntries(
      Object.entries(data).map(([name, value]) => [name, names.has(name) && typeof value === "string" ? change(value) : value]),
    );
    for (const end of ["Source", "Destination"]) {
      const ip = text(mapped[`${end}Ip`]);
      if (ip !== undefined && `${end}IsIpv6` in mapped) mapped[`${end}IsIpv6`] = ip.includes(":") ? "true" : "false";
    }
    return withEventData(document, mapped);
  }
  const next: { [key: string]: unknown } = { ...document };
  for (const end of ends) {
    const found = part(document, end);
    const ip = text(found?.["ip"]);
    if (found === undefined || ip === undefined) continue;
    const after = change(ip);
    next[end] = { ...found, ip: after, ...("address" in found ? { address: after } : {}) };
    const network = part(document, "network");
    if (network !== undefined) next["network"] = { ...network, type: after.includes(":") ? "ipv6" : "ipv4" };
  }
  return next;
}

/** A file that arrived over SMB: the kernel wrote it (process 4), or Windows audited the share. The path as the record says it. */
export function writtenFile(document: RawDocument): string | undefined {
  const data = eventData(document);
  if (data !== undefined) {
    const relative = text(data["RelativeTargetName"]);
    if (relative !== undefined && !/\\IPC\$$/i.test(text(data["ShareName"]) ?? "")) return relative;
    return data["ProcessId"] === "4" ? text(data["TargetFilename"]) : undefined;
  }
  return part(document, "process")?.["pid"] === 4 ? text(part(document, "file")?.["path"]) : undefined;
}

/** The name and address of the machine that wrote the event. */
export function ownHost(document: RawDocument): { readonly name: string; readonly address: string } {
  const host = part(document, "host");
  const full = text(part(document, "winlog")?.["computer_name"]) ?? text(host?.["hostname"]) ?? text(host?.["name"]) ?? "WS01";
  const ips: readonly unknown[] = Array.isArray(host?.["ip"]) ? host["ip"] : [host?.["ip"]];
  return {
    name: full.split(".")[0]!.toUpperCase(),
    address: (ips.find((ip) => typeof ip === "string" && isAddress(ip)) as string) ?? "10.10.20.31",
  };
}

/** Kinds of record in the events of a case; what a mutation hides depends on it. */
export function recordKinds(events: readonly RawDocument[]): ReadonlySet<string> {
  return new Set(
    events.map((event) => {
      if (eventData(event) === undefined && part(event, "winlog") === undefined) return "defend";
      return `${isSysmon(event) ? "sysmon" : "windows"} ${eventId(event)}`;
    }),
  );
}

export const isAddress = (host: string): boolean => /^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
export const isLoopback = (host: string): boolean => /^127\.\d/.test(host) || /^localhost$/i.test(host) || host === "::1";

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("\\") + 1);
}

/**
 * A command line as the C run-time splits it (Microsoft, "Parsing C++ command-line arguments"): blanks separate, double quotes
 * group, a backslash counts only before a quote.
 */
export function splitArguments(commandLine: string): string[] {
  const args: string[] = [];
  let current = "";
  let inside = false;
  let started = false;
  for (let i = 0; i < commandLine.length; i++) {
    const c = commandLine[i]!;
    if (c === "\\") {
      let run = 1;
      while (commandLine[i + run] === "\\") run++;
      if (commandLine[i + run] === '"') {
        current += "\\".repeat(run >> 1);
        if (run % 2 === 1) {
          current += '"';
          i++;
        }
      } else current += "\\".repeat(run);
      i += run - 1;
      started = true;
    } else if (c === '"') {
      inside = !inside;
      started = true;
    } else if ((c === " " || c === "\t") && !inside) {
      if (started) args.push(current);
      current = "";
      started = false;
    } else {
      current += c;
      started = true;
    }
  }
  if (started) args.push(current);
  return args;
}
