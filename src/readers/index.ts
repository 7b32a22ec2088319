export { openInput } from "./open.ts";
export { partStartsOf, openPart } from "./parts.ts";
export { DEFAULT_READ_OPTIONS, HEAD_BYTES, type PartStarts, type Format, type Head, type ReadOptions } from "./format.ts";
export { containers, formats, INPUT_FORMATS } from "./formats.ts";
export { unpack, type UnpackedFile } from "./archives/unpack.ts";
export { isObject } from "./record.ts";
export { ContentHash, type HashSecrets } from "./json/extract/content-hash.ts";
export { FieldExtractor } from "./json/extract/extractor.ts";
export { FORM_KEYS } from "./json/elastic-exports.ts";
export type {
  Decoder,
  DocumentPrefilter,
  DocumentRecord,
  EventData,
  Json,
  JsonObject,
  LineExtractor,
  LogLocation,
  Problem,
  LogRecord,
  PackedData,
  PartEnd,
  RenderingInfo,
  Sink,
  TextSpan,
  WindowsEvent,
  WindowsRecord,
  WindowsSystem,
  XmlElement,
} from "./record.ts";
export { eventXml } from "./windows/event-xml.ts";
export { windowsEventFromDump } from "./windows/evtx-dump.ts";
export { parseXml, XmlError } from "./windows/xml.ts";
