export { loadSigma, type LoadOptions, type SigmaCollection, type SigmaFile, type SigmaFilter } from "./load/load.ts";
export { filteredAway, printFilter, sigmaFieldOf, type FilterText, type SigmaFieldName } from "./load/filter.ts";
export { LEVELS, STATUSES, type Level, type SigmaMetadata, type SigmaRule, type Status } from "./load/rule.ts";
export { readPipeline, type PipelineFile, type ReadPipeline } from "./pipeline/read.ts";
export { readFieldMap } from "./pipeline/field-map.ts";
export type { Pipeline } from "./pipeline/pipeline.ts";
export { logSourceKey, type LogSourceName } from "./taxonomy/log-source.ts";
export {
  CORRELATION_TYPES,
  type Correlation,
  type CorrelationPart,
  type CorrelationType,
  type Threshold,
} from "./correlation/correlation.ts";
export {
  CORRELATION_LIMITS,
  Correlator,
  type CorrelationLimits,
  type CorrelationMatch,
  type CorrelationCounts,
  type CorrelatorOptions,
} from "./correlation/correlate.ts";
export { exportSigma, type ExportMetadata, type SigmaExport } from "./export/export.ts";
export { yamlDocumentText, yamlText } from "./yaml-text.ts";
