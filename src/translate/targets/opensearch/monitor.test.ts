import { expect, test } from "vitest";
import { parse } from "../../../eql/index.ts";
import { metadata } from "../../testing/sample-rule.ts";
import { opensearch } from "./monitor.ts";

test("no value of a rule is a part of a monitor's template", () => {
  const translate = (value: string) => {
    const { query } = parse(`process where process.command_line : "*${value}*"`);
    return opensearch.translate({ query: query!, metadata, fields: new Map() });
  };
  expect(translate("{x}").files).toHaveLength(1);
  const { text, files, losses } = translate("{{period_start}}");
  expect(text).toContain("{{period_start}}");
  expect(files).toEqual([]);
  expect(losses.map(({ effect, reason }) => `${effect}: ${reason}`)).toEqual([expect.stringMatching(/^exact: There is no monitor/)]);
});
