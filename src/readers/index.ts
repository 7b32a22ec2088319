export { openInput } from "./open.ts";
export { DEFAULT_READ_OPTIONS, type Format, type Head, type ReadOptions } from "./format.ts";
export { containers, formats, INPUT_FORMATS } from "./formats.ts";
export { unpack, type UnpackedFile } from "./archives/unpack.ts";
export { isObject } from "./record.ts";
export type {
  Decoder,
  DocumentRecord,
  EventData,
  Json,
  JsonObject,
  LogLocation,
  Problem,
  LogRecord,
  RenderingInfo,
  Sink,
  WindowsEvent,
  WindowsRecord,
  WindowsSystem,
  XmlElement,
} from "./record.ts";
export { eventXml } from "./windows/event-xml.ts";
export { windowsEventFromDump } from "./windows/evtx-dump.ts";
export { parseXml, XmlError } from "./windows/xml.ts";
