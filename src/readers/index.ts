export type {
  Decoder, DocumentRecord, EventData, Json, JsonObject, Place, Problem, Record, RenderingInfo, Sink, WindowsEvent, WindowsRecord, WindowsSystem, XmlElement,
} from "./record.ts";
