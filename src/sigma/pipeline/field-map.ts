/**
 * A user's own names for Sigma's fields, and how the events of log sources are recognised: a pipeline in short form.
 *
 *     Image: proc.exe
 *     CommandLine: [proc.cmd, proc.args]
 *     '@timestamp': when
 *     logsources:
 *       - product: windows
 *         category: process_creation
 *         condition: { kind: exec }
 */
import type { RuleProblem } from "../../eql/index.ts";
import { entry, without, type MapNode, type YamlFile, type YamlNode } from "../load/yaml-node.ts";
import { SigmaError } from "../problem.ts";
import { readConditions } from "./conditions.ts";
import { Parameters } from "./parameters.ts";
import type { Pipeline } from "./pipeline.ts";
import { readDocument, type PipelineFile, type ReadPipeline } from "./read.ts";
import { Step, type Transformation } from "./step.ts";
import { addCondition } from "./add-condition.ts";
import { TRANSFORMATIONS } from "./transformations.ts";

/** What orders events; rules do not ask for it. */
const TIMESTAMP = "@timestamp";
const HELP = "Write `Image: path.in.the.event`, a line each, and `logsources` with a list.";

export function readFieldMap({ path, text }: PipelineFile): ReadPipeline {
  const problems: RuleProblem[] = [];
  const pipeline = readDocument(path, text, problems, (map, yaml): Pipeline => {
    const logsources = entry(map, "logsources");
    const fields = without(map, "logsources", TIMESTAMP);
    const timestamp = entry(map, TIMESTAMP)?.value;
    const timestampFields = timestamp === undefined ? [] : new Parameters(map, "field map").textsIn(TIMESTAMP, timestamp);
    const steps: Step[] = [];
    if (fields.entries.length > 0) {
      const parameters = new Parameters(mapOf(map, { mapping: fields }), "field map");
      steps.push(step(parameters, TRANSFORMATIONS["field_name_mapping"]!(parameters, noNesting), yaml));
    }
    // After the mapping: what recognises a log source's events speaks of their own fields.
    if (logsources !== undefined) steps.push(...entriesOf(logsources.value).map((one) => recognition(one, yaml)));
    if (steps.length + timestampFields.length === 0)
      throw new SigmaError("sigma/bad-pipeline", "The field map is empty", map.span.from, HELP);
    return { name: path, priority: 0, vars: new Map(), steps, timestampFields };
  });
  return { pipeline, problems };
}

/** `add_condition` for the rules of a log source. */
function recognition(node: YamlNode, yaml: YamlFile): Step {
  if (node.kind !== "map" || entry(node, "condition") === undefined)
    throw new SigmaError("sigma/bad-pipeline", "A log source has product, category or service, and a `condition`", node.span.from, HELP);
  const logsource = mapOf(node, { type: scalarAt(node, "logsource") });
  const named: MapNode = { ...logsource, entries: [...logsource.entries, ...without(node, "condition").entries] };
  const list: YamlNode = { kind: "list", span: node.span, items: [named] };
  const parameters = new Parameters(mapOf(node, { rule_conditions: list, conditions: entry(node, "condition")!.value }), "log source");
  return step(parameters, addCondition(parameters, true), yaml);
}

function step(parameters: Parameters, transformation: Transformation, yaml: YamlFile): Step {
  const conditions = readConditions(parameters, (error) => {
    throw error;
  });
  const place = yaml.placeAt(parameters.node.span.from);
  return new Step({ id: null, type: parameters.type, place, conditions, transformation, unsupported: null });
}

function noNesting(node: YamlNode): Step {
  throw new SigmaError("sigma/bad-pipeline", "A field map has no items", node.span.from);
}

function entriesOf(node: YamlNode): readonly YamlNode[] {
  if (node.kind === "list" && node.items.length > 0) return node.items;
  throw new SigmaError("sigma/bad-pipeline", "`logsources` is a list of log sources", node.span.from, HELP);
}

function mapOf({ span }: MapNode, values: Readonly<Record<string, YamlNode>>): MapNode {
  return { kind: "map", span, entries: Object.entries(values).map(([key, value]) => ({ key, keySpan: span, value })) };
}

function scalarAt({ span }: MapNode, text: string): YamlNode {
  return { kind: "scalar", span, value: text, source: text, textAt: null };
}
