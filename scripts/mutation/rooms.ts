/** The parts of the house whose tests must notice a broken line, each with the folders whose tests stand for it. */
export interface Room {
  readonly name: string;
  /** Folders (with those below them) below `src/`; generated code and `testing/` folders are left out. */
  readonly sources: readonly string[];
  /** Folders of those that are left out. */
  readonly except?: readonly string[];
  /** Folders below `src/` whose tests run when those beside the file have passed. */
  readonly tests: readonly string[];
}

export const ROOMS: readonly Room[] = [
  { name: "eql", sources: ["eql/run", "eql/values", "eql/sequence", "eql/condition"], tests: ["eql"] },
  { name: "detect", sources: ["detect"], tests: ["detect", "workbench/hunt"] },
  // The targets' own files are held by goldens and by running what they write; this is about what they all read.
  { name: "translate", sources: ["translate"], except: ["translate/targets", "translate/languages"], tests: ["translate"] },
  { name: "ecs", sources: ["ecs"], tests: ["ecs"] },
];
