/** The raw documents that mutations work on: plain JSON in the Winlogbeat shape or as Elastic Defend writes it. */
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
}

type EventData = { readonly [key: string]: unknown };

function eventData(document: RawDocument): EventData | undefined {
  const winlog = document["winlog"];
  if (typeof winlog !== "object" || winlog === null) return undefined;
  const data = (winlog as { readonly event_data?: unknown }).event_data;
  return typeof data === "object" && data !== null ? (data as EventData) : undefined;
}

function eventId(document: RawDocument): string {
  const winlog = document["winlog"];
  const id = typeof winlog === "object" && winlog !== null ? (winlog as { readonly event_id?: unknown }).event_id : undefined;
  return typeof id === "string" || typeof id === "number" ? String(id) : "";
}

function isSysmon(document: RawDocument): boolean {
  const winlog = document["winlog"] as { readonly provider_name?: unknown } | undefined;
  return winlog?.provider_name === "Microsoft-Windows-Sysmon";
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** The process start the document tells of; null for any other event, or when the command line was not recorded. */
export function processStart(document: RawDocument): ProcessStart | null {
  const data = eventData(document);
  if (data !== undefined) {
    const sysmon = eventId(document) === "1" && isSysmon(document);
    if (!sysmon && eventId(document) !== "4688") return null;
    const image = text(sysmon ? data["Image"] : data["NewProcessName"]);
    const commandLine = text(data["CommandLine"]);
    if (image === undefined || commandLine === undefined) return null;
    return { image, commandLine, originalName: sysmon ? text(data["OriginalFileName"]) : undefined };
  }
  const process = document["process"] as
    | { readonly executable?: unknown; readonly command_line?: unknown; readonly pe?: { readonly original_file_name?: unknown } }
    | undefined;
  const executable = text(process?.executable);
  const commandLine = text(process?.command_line);
  if (executable === undefined || commandLine === undefined || !isStart(document)) return null;
  return { image: executable, commandLine, originalName: text(process?.pe?.original_file_name) };
}

function isStart(document: RawDocument): boolean {
  const event = document["event"] as { readonly type?: unknown; readonly category?: unknown } | undefined;
  const has = (value: unknown, wanted: string): boolean => (Array.isArray(value) ? value.includes(wanted) : value === wanted);
  return has(event?.category, "process") && has(event?.type, "start");
}

/** The same document telling of another process start. `split` turns a command line into `process.args`. */
export function withProcessStart(document: RawDocument, start: ProcessStart): RawDocument {
  const data = eventData(document);
  if (data !== undefined) {
    const sysmon = isSysmon(document);
    const changed: { [key: string]: unknown } = { ...data, CommandLine: start.commandLine };
    if (sysmon) {
      changed["Image"] = start.image;
      if (start.originalName !== undefined) changed["OriginalFileName"] = start.originalName;
    } else changed["NewProcessName"] = start.image;
    return withEventData(document, changed);
  }
  const process = document["process"] as { readonly [key: string]: unknown };
  const args = splitArguments(start.commandLine);
  return {
    ...document,
    process: {
      ...process,
      executable: start.image,
      name: baseName(start.image),
      command_line: start.commandLine,
      args,
      args_count: args.length,
      ...(start.originalName === undefined
        ? {}
        : { pe: { ...(process["pe"] as object | undefined), original_file_name: start.originalName } }),
    },
  };
}

export function withEventData(document: RawDocument, data: EventData): RawDocument {
  return { ...document, winlog: { ...(document["winlog"] as object), event_data: data } };
}

/** Changes named `winlog.event_data` values; the same document when none is there or changed. */
export function mapEventData(
  document: RawDocument,
  names: readonly string[],
  change: (value: string, name: string) => string,
): RawDocument {
  const data = eventData(document);
  if (data === undefined) return document;
  let changed: { [key: string]: unknown } | null = null;
  for (const name of names) {
    const before = text(data[name]);
    if (before === undefined) continue;
    const after = change(before, name);
    if (after !== before) (changed ??= { ...data })[name] = after;
  }
  return changed === null ? document : withEventData(document, changed);
}

/** Every text of the document, at any depth, through `change`. */
export function mapTexts(document: RawDocument, change: (value: string) => string): RawDocument {
  return mapValue(document, change) as RawDocument;
}

function mapValue(value: unknown, change: (value: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapValue(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapValue(item, change)]));
}

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
