import { ecsFields } from "../ecs/index.ts";
import { schemaFromTypes, type Schema } from "../eql/index.ts";

let schema: Schema | null = null;

/**
 * What is known of fields without a mapping: the types of the Elastic Common Schema and of Winlogbeat's own fields that are not
 * keywords. Not strict: any other field takes its type from the data.
 */
export function ecsSchema(): Schema {
  schema ??= schemaFromTypes([
    ...[...ecsFields()].map((field) => [field.name, field.type] as const),
    ["winlog.record_id", "keyword"],
    ["winlog.process.pid", "long"],
    ["winlog.process.thread.id", "long"],
    ["winlog.version", "long"],
  ]);
  return schema;
}
