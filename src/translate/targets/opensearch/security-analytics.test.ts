import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { parse } from "../../../eql/index.ts";
import { metadata } from "../../testing/sample-rule.ts";
import type { Translation } from "../../translation.ts";
import { securityAnalytics } from "./security-analytics.ts";

function translate(text: string): Translation {
  const { query, diagnostics } = parse(text);
  expect(diagnostics).toEqual([]);
  return securityAnalytics.translate({ query: query!, metadata: { ...metadata, authors: [] }, fields: new Map() });
}

const START = 'process where host.os.type == "windows" and event.type == "start" and ';
const documentsOf = (made: Translation): unknown[] => parseAllDocuments(made.text).map((document) => document.toJS() as unknown);
const ours = (made: Translation): string[] =>
  made.losses.filter(({ reason }) => reason.startsWith("Security Analytics")).map(({ effect, reason }) => `${effect}: ${reason}`);

test("a rule has what the plugin's reader cannot do without", () => {
  const [document] = documentsOf(translate(`${START}process.command_line : "*x*"`));
  expect(document).toMatchObject({
    id: metadata.uuid,
    title: metadata.title,
    author: "unknown",
    status: "test",
    level: "high",
    description: metadata.description,
  });
});

describe("what it makes of a rule is reported", () => {
  test("it is case-sensitive", () => {
    expect(ours(translate(`${START}process.command_line : "*x*"`))).toEqual([
      "narrower: Security Analytics is case-sensitive, which Sigma is not",
    ]);
  });

  test("which is what a case-sensitive rule wants", () => {
    const made = translate(`${START}process.command_line like "*x*"`);
    expect(ours(made)).toEqual([]);
    expect(made.text).toContain("CommandLine|contains: x");
    expect(made.text).not.toContain("cased");
  });

  test("also in what is excluded", () => {
    expect(ours(translate(`${START}process.command_line like "*x*" and not process.command_line : "*y*"`))).toEqual([
      "wider: Security Analytics is case-sensitive, also in what the rule excludes",
      "narrower: Security Analytics requires that a field in an excluded condition exists",
    ]);
  });

  test("an exclusion requires the field", () => {
    expect(ours(translate(`${START}process.command_line like "*x*" and not process.command_line like "*y*"`))).toEqual([
      "narrower: Security Analytics requires that a field in an excluded condition exists",
    ]);
  });
});

test.each([
  [`sequence by host.id with maxspan=1m [${START}process.pid == 1] [${START}process.pid == 2]`, /no Sigma correlations/],
  [`${START}process.command_line == process.parent.command_line`, /does not know Sigma's .*`fieldref`/],
])("%s has no text", (text, reason) => {
  const made = translate(text);
  expect(made.text).toBe("");
  expect(made.losses.some((loss) => loss.effect === "untranslatable" && reason.test(loss.reason))).toBe(true);
});

test("a condition of several log sources is several rules, each a file", () => {
  const made = translate(
    'any where (event.category == "process" and event.type == "start" and process.command_line : "*x*") or (event.category == "registry" and event.type == "change" and registry.path : "*y*")',
  );
  expect(made.files.map(({ name }) => name)).toEqual(documentsOf(made).map((_, at) => `X1-${at + 1}.yml`));
  expect(made.files.length).toBeGreaterThan(1);
});
