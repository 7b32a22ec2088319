/** What a key of the configuration holds: paths are those from the file's own folder. */
export interface ConfigurationKey {
  readonly kind: "paths" | "path" | "text" | "flag";
  readonly means: string;
  /** Options that, given on the command line, say otherwise: the default is not used beside them. */
  readonly yieldsTo?: readonly string[];
}

/**
 * What `tocsin.yaml` may say, by the long name of the option that it is the default of (`logs` and `rules` also stand for a command's paths).
 * Options that write files are not among them: the file may lie in a folder of evidence that somebody else packed.
 */
export const CONFIGURATION_KEYS = {
  logs: { kind: "paths", means: "the logs that are read where a command names none" },
  rules: { kind: "paths", means: "the rules that run, and that `lint`, `prove` and `evade` take; `bundled` is what comes with Tocsin" },
  placeholders: { kind: "path", means: "what %name% stands for in Sigma rules" },
  pipeline: { kind: "paths", means: "processing pipelines of pySigma, applied to Sigma rules" },
  indicators: { kind: "path", means: "threat indicators" },
  language: { kind: "text", means: "what queries are written in" },
  "fail-on": { kind: "text", means: "the severity from which a hunt exits with 1" },
  timezone: { kind: "text", means: "by whose clocks times are shown and read: `Europe/Berlin`, `+02:00`, `local`" },
  "min-severity": { kind: "text", means: "the severity from which rules run and alerts are shown" },
  format: { kind: "text", means: "the form of a hunt's alerts", yieldsTo: ["json", "ndjson"] },
  fields: { kind: "text", means: "the fields of alerts or of events that are shown; best for one command" },
  "field-mapping": { kind: "path", means: "where Sigma's fields are in JSON of your own" },
  "keep-duplicates": { kind: "flag", means: "count an event as often as it was read" },
  jobs: { kind: "text", means: "threads that read the files of a hunt side by side" },
  carve: { kind: "flag", means: "also read older records in the free space of event logs" },
  "strict-elastic": { kind: "flag", means: "normalise exactly as Elastic's pipelines do" },
} as const satisfies { readonly [name: string]: ConfigurationKey };

export type KeyName = keyof typeof CONFIGURATION_KEYS;

export const isKeyName = (name: string): name is KeyName => Object.hasOwn(CONFIGURATION_KEYS, name);

/** The key that stands for a command's paths where the command line has none. */
export const PATHS_OF: ReadonlyMap<string, KeyName> = new Map<string, KeyName>([
  ...["lint", "prove", "evade"].map((name): [string, KeyName] => [name, "rules"]),
  ...["hunt", "query", "search", "inspect", "convert", "logons", "shell"].map((name): [string, KeyName] => [name, "logs"]),
]);
