import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileCondition } from "../run/compile.ts";
import type { EventDocument } from "../values/fields.ts";
import { parseExpression } from "../syntax/parse.ts";
import { openSchema, schemaFromMapping, schemaFromTypes, type Schema } from "./schema.ts";

const properties = {
  "@timestamp": { type: "date" },
  process: {
    properties: {
      name: { type: "keyword", fields: { text: { type: "text" } } },
      title: { type: "text", fields: { raw: { type: "wildcard" } } },
    },
  },
  title: { type: "alias", path: "process.title" },
  lost: { type: "alias", path: "nowhere" },
  labels: { type: "flattened" },
  message: { type: "text", fields: { sorted: { type: "keyword", normalizer: "lower" } } },
  status: { type: "keyword", null_value: "none" },
  tier: { type: "constant_keyword", value: "hot" },
  rows: { type: "nested", properties: { id: { type: "long" } } },
};

function matches(schema: Schema, condition: string, event: EventDocument): boolean {
  return compileCondition(parseExpression(condition).expr!, { schema })(event);
}

describe("a schema from a mapping", () => {
  const { schema, problems } = schemaFromMapping({ "logs-1": { mappings: { properties } } });

  test.each([
    ["process.name", "keyword"],
    ["process.name.text", "text"],
    ["process.title.raw", "wildcard"],
    ["title", "text"],
    ["labels", "flattened"],
    ["labels.a.b", "flattened"],
    ["rows", "nested"],
    ["rows.id", "long"],
    ["tier", "constant_keyword"],
    ["process", undefined],
    ["process.other", undefined],
    ["process.name.text.more", undefined],
    ["__proto__", undefined],
    ["lost", undefined],
  ])("%s is %s", (name, type) => {
    expect(schema.typeOf(name)).toBe(type);
  });

  test("knows where values lie, what null counts as, what is exact and what is nested", () => {
    expect(schema.strict).toBe(true);
    expect(["title", "process.title.raw", "process.name", "unmapped"].map((name) => schema.sourceOf(name))).toEqual([
      "process.title",
      "process.title",
      "process.name",
      "unmapped",
    ]);
    expect(schema.nullValueOf("status")).toBe("none");
    expect(["process.title", "message", "process.name.text", "title"].map((name) => schema.isExact(name))).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect(schema.nestedParentOf("rows.id")).toBe("rows");
    expect(schema.nestedParentOf("status")).toBeNull();
    expect([...schema.names()]).toContain("process.title.raw");
    expect(problems).toEqual(["The alias [lost] leads to [nowhere], which is not mapped."]);
  });

  test("serves to run a query: aliases, multi-fields, null_value", () => {
    expect(matches(schema, 'title : "a*"', { process: { title: "ABC" } })).toBe(true);
    expect(matches(schema, 'process.title.raw == "ABC"', { process: { title: "ABC" } })).toBe(true);
    expect(matches(schema, 'status == "none"', { status: null })).toBe(true);
    expect(matches(schema, 'status == "none"', {})).toBe(false);
  });

  test("is read in each of its shapes", () => {
    for (const shape of [
      { properties },
      { mappings: { properties } },
      { template: { mappings: { properties } } },
      { a: { mappings: { properties } }, b: { mappings: { properties } } },
    ]) {
      expect(schemaFromMapping(shape).schema.typeOf("process.name")).toBe("keyword");
    }
  });

  test("says where indices disagree", () => {
    const two = schemaFromMapping({
      a: { mappings: { properties: { x: { type: "long" }, y: { type: "keyword" } } } },
      b: { mappings: { properties: { x: { type: "keyword" }, y: { type: "wildcard" } } } },
    });
    expect(two.problems).toEqual(["[x] is mapped as [long] and as [keyword]; Elasticsearch refuses to query it."]);
    expect(two.schema.typeOf("x")).toBe("conflict");
    expect(two.schema.typeOf("y")).toBe("wildcard");
  });

  test("of anything else is empty, with the reason", () => {
    expect(schemaFromMapping({ hits: [] }).problems).toHaveLength(1);
    expect(schemaFromMapping({ properties: { a: 1, b: { type: 3 }, c: { type: "alias" }, d: { properties: [] } } }).problems).toHaveLength(
      4,
    );
    let deep: object = { type: "keyword" };
    for (let i = 0; i < 5_000; i++) deep = { properties: { a: deep } };
    expect(schemaFromMapping(deep).problems[0]).toMatch(/nested too deep/);
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(() => schemaFromMapping(json)).not.toThrow();
        expect(() => schemaFromMapping({ properties: json })).not.toThrow();
      }),
    );
  });
});

test("an open schema knows nothing and a list of types is not strict", () => {
  expect(openSchema().strict).toBe(false);
  expect(openSchema().typeOf("a")).toBeUndefined();
  const types = schemaFromTypes([["a", "long"]]);
  expect([types.strict, types.typeOf("a"), types.typeOf("b")]).toEqual([false, "long", undefined]);
});
