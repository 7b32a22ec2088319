export { createNormaliser, type NormaliserOptions, type RecordNormaliser } from "./normalise.ts";
export type { Flavour } from "./draft.ts";
export type { EcsEvent, EventShape, Normalised, NormaliseOptions, Normaliser, Source } from "./source.ts";
export { ADDITIONS, type Addition } from "./additions.ts";
export { canonical } from "./shapes/canonical.ts";
export { ecsField, ecsFields, type EcsField } from "./fields.ts";
export { ALLOWED_VALUES, ECS_VERSION, EXPECTED_TYPES } from "./generated/fields.ts";
export { sourceById, sources } from "./sources/sources.ts";
export { windowsEvents, type Origin, type WindowsEventType } from "./sources/origins.ts";
