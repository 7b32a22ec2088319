/** A rule with the least in it. For tests. */
import { parse } from "../../eql/index.ts";
import type { RunnableRule } from "../rule.ts";

export function sampleRule(key: string, query: string): RunnableRule {
  return {
    key,
    uuid: `uuid of ${key}`,
    name: `Rule ${key}`,
    description: "",
    version: "1",
    severity: "low",
    riskScore: 21,
    kind: "detection",
    language: "eql",
    query: parse(query).query!,
    threat: [],
    tags: [],
    references: [],
    dedup: null,
    title: null,
  };
}
