/** Files of a package as a whole: all its rules for Kibana, and its coverage as a layer. */
import type { Detection } from "../../catalog/index.ts";
import { kibanaEqlRule, kibanaNdjson, LossList, navigatorLayer, type DeployFile } from "../../translate/index.ts";
import { ruleMetadata } from "./metadata.ts";
import type { FieldNames } from "./translate.ts";

/** The rules' coverage as a layer of ATT&CK Navigator. */
export function layerOf(detection: Detection): string {
  const { id, meta, rules } = detection;
  return navigatorLayer(
    `${id} ${meta.title}`,
    meta.summary ?? meta.title,
    rules.map((rule) => ruleMetadata(detection, rule)),
  );
}

/** All rules of a package that EQL of Elasticsearch's can express, in one file for Kibana to import; null where there are none. */
export function kibanaBundle(detection: Detection, fields: FieldNames): DeployFile | null {
  const documents = detection.rules.flatMap(
    (rule) => kibanaEqlRule({ query: rule.tree, metadata: ruleMetadata(detection, rule), fields }, new LossList()) ?? [],
  );
  return documents.length === 0 ? null : { name: `${detection.id}.ndjson`, text: kibanaNdjson(documents) };
}
