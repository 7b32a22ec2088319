/** A pySigma processing pipeline in YAML, as it lies. */
import type { RuleProblem } from "../../eql/index.ts";
import { entry, readYaml, textOf, type MapNode, type YamlFile, type YamlNode } from "../load/yaml-node.ts";
import { SigmaError } from "../problem.ts";
import { readConditions, type StepConditions } from "./conditions.ts";
import { Parameters } from "./parameters.ts";
import type { Pipeline } from "./pipeline.ts";
import { Step, type Transformation } from "./step.ts";
import { TRANSFORMATIONS } from "./transformations.ts";

export interface PipelineFile {
  readonly path: string;
  readonly text: string;
}

export interface ReadPipeline {
  /** null where an error is among the problems. */
  readonly pipeline: Pipeline | null;
  readonly problems: readonly RuleProblem[];
}

/** What pySigma has and what does not change a rule: the stages after it, and which backend it is meant for. */
const AFTER_THE_RULE = ["postprocessing", "finalizers"] as const;

export function readPipeline({ path, text }: PipelineFile): ReadPipeline {
  const problems: RuleProblem[] = [];
  const pipeline = readDocument(path, text, problems, (map, yaml, warn) => {
    const parameters = new Parameters(map, "pipeline");
    const name = parameters.optionalText("name") ?? path;
    const priority = Number(parameters.optionalText("priority") ?? 0);
    if (!Number.isFinite(priority))
      throw new SigmaError("sigma/bad-pipeline", "`priority` is a number", parameters.get("priority")!.span.from);
    const vars = parameters.has("vars") ? parameters.table("vars") : new Map<string, readonly string[]>();
    parameters.get("allowed_backends");
    for (const key of AFTER_THE_RULE) {
      const node = parameters.get(key);
      if (node === undefined || (node.kind === "list" && node.items.length === 0)) continue;
      warn(`\`${key}\` changes the text of queries in another platform's language, and does nothing here`, node.span.from);
    }
    const steps = parameters.has("transformations") ? parameters.list("transformations").map((node) => readStep(node, yaml)) : [];
    parameters.finish();
    for (const { span } of correlationConditions(map))
      warn("Correlations are changed as their rules are: `is_sigma_correlation_rule` holds of nothing", span.from);
    return { name, priority, vars, steps, timestampFields: [] };
  });
  return { pipeline, problems };
}

/** The one document of a file; errors become problems with their places. */
export function readDocument<T>(
  path: string,
  text: string,
  problems: RuleProblem[],
  read: (map: MapNode, yaml: YamlFile, warn: (message: string, offset: number) => void) => T,
): T | null {
  const yaml = readYaml(path, text);
  const report = (severity: RuleProblem["severity"], code: string, message: string, offset: number, help: string | null): void =>
    void problems.push({ code, severity, message, place: yaml.placeAt(offset), rule: null, help });
  for (const { message, offset } of yaml.problems) report("error", "sigma/bad-yaml", message, offset, null);
  if (yaml.problems.length > 0) return null;
  const [document] = yaml.documents;
  if (yaml.documents.length !== 1 || document?.kind !== "map") {
    report("error", "sigma/bad-pipeline", "The file is one map of keys and values", document?.span.from ?? 0, null);
    return null;
  }
  try {
    return read(document, yaml, (message, offset) => report("warning", "sigma/pipeline-ignored", message, offset, null));
  } catch (error) {
    if (!(error instanceof SigmaError)) throw error;
    report("error", error.code, error.message, error.offset, error.help);
    return null;
  }
}

/** Every condition that asks for correlations, wherever it stands. */
function correlationConditions(node: YamlNode): YamlNode[] {
  if (node.kind === "scalar") return [];
  if (node.kind === "list") return node.items.flatMap(correlationConditions);
  const own = textOf(entry(node, "type")?.value) === "is_sigma_correlation_rule" ? [node] : [];
  return [...own, ...node.entries.flatMap(({ value }) => correlationConditions(value))];
}

function readStep(node: YamlNode, yaml: YamlFile, depth = 0): Step {
  if (node.kind !== "map" || depth > 8)
    throw new SigmaError("sigma/bad-pipeline", "An item of a pipeline is a map with a `type`", node.span.from);
  const type = textOf(entry(node, "type")?.value);
  if (type === undefined) throw new SigmaError("sigma/bad-pipeline", "The item has no `type`", node.span.from);
  const parameters = new Parameters(node, type);
  parameters.get("type");
  const id = parameters.optionalText("id");
  let unsupported: string | null = null;
  const refuse = ({ message }: SigmaError): void => void (unsupported ??= message);
  const conditions: StepConditions = readConditions(parameters, refuse);
  let transformation: Transformation | null = null;
  if (!Object.hasOwn(TRANSFORMATIONS, type)) unsupported ??= `the transformation \`${type}\``;
  else {
    try {
      transformation = TRANSFORMATIONS[type]!(parameters, (nested) => readStep(nested, yaml, depth + 1));
      parameters.finish();
    } catch (error) {
      if (!(error instanceof SigmaError) || error.code !== "sigma/pipeline-unsupported") throw error;
      refuse(error);
    }
  }
  return new Step({ id, type, place: yaml.placeAt(node.span.from), conditions, transformation, unsupported });
}
