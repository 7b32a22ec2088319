import { expect, test } from "vitest";
import { compileFilter, parse, type Query } from "../eql/index.ts";
import { withLoopback } from "./loopback.ts";

const from = (ip: string) => ({ event: { category: ["network"], code: "5140" }, source: { ip } });

function matches(query: Query, ip: string): boolean {
  if (query.kind !== "event") throw new Error("not an event query");
  return compileFilter(query.filter)(from(ip));
}

test("an exclusion of loopback is left out, another one is not", () => {
  const { query } = parse(
    'any where event.code == "5140" and (event.code == "5140" and not cidrMatch(source.ip, "127.0.0.0/8", "::1/128")) and not cidrMatch(source.ip, "10.0.0.0/8")',
  );
  const lab = withLoopback(query!);
  expect(matches(query!, "127.0.0.1")).toBe(false);
  expect(matches(lab, "127.0.0.1")).toBe(true);
  expect(matches(lab, "::1")).toBe(true);
  expect(matches(lab, "10.1.2.3")).toBe(false);
});

test("an exclusion that names more than loopback stays", () => {
  const { query } = parse('any where event.code == "5140" and not cidrMatch(source.ip, "127.0.0.0/8", "10.0.0.0/8")');
  expect(withLoopback(query!)).toEqual(query);
});

test("the items of a sequence", () => {
  const { query } = parse('sequence by user.id [any where true and not cidrMatch(source.ip, "::1/128")] [any where event.code == "1"]');
  const lab = withLoopback(query!);
  expect(lab.kind === "sequence" && lab.items[0]?.filter.condition).toMatchObject({ kind: "boolean", value: true });
});
