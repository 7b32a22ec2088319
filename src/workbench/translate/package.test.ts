import { describe, expect, test } from "vitest";
import { shippedPackage } from "../../../scripts/shipped.ts";
import { KIBANA_LINE } from "../../translate/index.ts";
import { kibanaBundle } from "./package.ts";

/** The kinds of the lines, in order, without repeats. */
function kindsOf(lines: readonly object[]): string[] {
  const kinds = lines.map((line) => ("rule_id" in line ? "rule" : "item_id" in line ? "item" : "list"));
  return kinds.filter((kind, at) => kind !== kinds[at - 1]);
}

describe("a package as one file for Kibana", () => {
  const detection = shippedPackage();
  const bundle = kibanaBundle(detection, new Map())!;
  const lines = bundle.text
    .trimEnd()
    .split("\n")
    .map((line) => KIBANA_LINE.parse(JSON.parse(line)));

  test("has all rules, then all exception lists, then their items", () => {
    expect(kindsOf(lines)).toEqual(["rule", "list", "item"]);
    expect(lines.filter((line) => "rule_id" in line).map((line) => line.rule_id)).toEqual(detection.rules.map(({ uuid }) => uuid));
  });

  test("has the list of every item, and the list of every rule that names one", () => {
    const lists = new Set(lines.flatMap((line) => ("list_id" in line && !("item_id" in line) ? [line.list_id] : [])));
    expect(lists.size).toBeGreaterThan(1);
    for (const line of lines) {
      if ("item_id" in line) expect(lists).toContain(line.list_id);
      if ("rule_id" in line) for (const { list_id } of line.exceptions_list) expect(lists).toContain(list_id);
    }
  });

  test("puts the kinds in order, whatever the rules say of themselves", () => {
    const [first] = detection.rules;
    const misleading = { ...first!, name: '"item_id"', description: '{"rule_id"' };
    const { text } = kibanaBundle({ ...detection, rules: [misleading, ...detection.rules.slice(1)] }, new Map())!;
    expect(
      kindsOf(
        text
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line) as object),
      ),
    ).toEqual(["rule", "list", "item"]);
  });

  test("names fields as the user does", () => {
    expect(kibanaBundle(detection, new Map([["process.name", "Image"]]))!.text).toContain("Image : ");
  });
});
