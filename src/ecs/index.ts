export { createNormaliser, type NormaliserOptions, type RecordNormaliser } from "./normalise.ts";
export type { Flavour } from "./mapping/context.ts";
export { eventName } from "./windows/logs.ts";
export type { EcsEvent, EventShape, Normalised, Source, Telemetry } from "./source.ts";
export { JsonBytes } from "./shapes/json-bytes.ts";
export { RawJsonWriter } from "./shapes/raw-json.ts";
export { systemInputs } from "./shapes/system-inputs.ts";
export { keyOfDatum } from "./shapes/windows.ts";
export { ADDITIONS, type Addition } from "./mapping/additions.ts";
export { canonical } from "./shapes/canonical.ts";
export { ecsField, ecsFields, type EcsField } from "./fields.ts";
export { ALLOWED_VALUES, ECS_VERSION, EXPECTED_TYPES } from "./generated/fields.ts";
export { sourceById, sources } from "./sources/sources.ts";
export { windowsEvents, type Origin, type WindowsEventType } from "./sources/origins.ts";
export {
  fieldInputs,
  kindOfDocument,
  kindOfWindowsEvent,
  KIND_PATHS,
  PRESENT_PATHS,
  type EventKind,
  type FieldInputs,
  type KindOptions,
} from "./mapping/field-inputs.ts";
