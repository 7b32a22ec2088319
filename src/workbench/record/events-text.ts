/** The events of a case as its file holds them: as they were recorded. */
import { eventXml, type LogRecord } from "../../readers/index.ts";
import { jsonText } from "../json-text.ts";

export interface EventsFile {
  readonly name: "events.ndjson" | "events.xml";
  readonly text: string;
}

/** Windows' events as Event XML, documents as NDJSON; null where both are among them. */
export function eventsFile(records: readonly LogRecord[]): EventsFile | null {
  if (records.every(({ kind }) => kind === "windows")) {
    const lines = records.map((record) => (record.kind === "windows" ? withReturns(eventXml(record.event)) : ""));
    return { name: "events.xml", text: ['<?xml version="1.0" encoding="utf-8"?>', "<Events>", ...lines, "</Events>", ""].join("\n") };
  }
  if (!records.every(({ kind }) => kind === "document")) return null;
  const lines = records.map((record) => (record.kind === "document" ? jsonText(lineOf(record)) : ""));
  return { name: "events.ndjson", text: `${lines.join("\n")}\n` };
}

/** Readers of XML take a bare carriage return for a line feed. */
function withReturns(xml: string): string {
  return xml.replaceAll("\r", "&#13;");
}

/** The index says which data stream a document of Elasticsearch's came from. */
function lineOf({ document, id, index }: Extract<LogRecord, { kind: "document" }>): object {
  return index === undefined ? document : { _index: index, _id: id ?? "", _source: document };
}
