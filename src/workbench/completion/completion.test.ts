import { describe, expect, test } from "vitest";
import { completionAt } from "./completion.ts";

const seen = new Map([
  ["host.name", ["SRV01.corp.example"]],
  ["winlog.event_data.ShareName", ["\\\\*\\ADMIN$"]],
  ["process.pid", ["4"]],
]);

/** `|` is where the cursor is. */
function at(text: string, explicit = true): { from: number; labels: string[]; applied: (string | undefined)[] } | null {
  const pos = text.indexOf("|");
  const found = completionAt(text.replace("|", ""), pos, seen, explicit);
  if (found === null) return null;
  const labels = found.options.map((o) => o.label);
  return { from: found.from, labels, applied: found.options.map((o) => (typeof o.apply === "string" ? o.apply : o.label)) };
}

describe("completion", () => {
  test("a query begins with a category or a keyword", () => {
    expect(at("|")!.labels).toEqual(expect.arrayContaining(["any", "process", "sequence"]));
    expect(at("sequence by host.name [pro|")!.labels).toContain("process");
  });

  test("fields of the files come with those of ECS, functions and keywords; the whole dotted name is replaced", () => {
    const found = at("any where process.exe|")!;
    expect(found.from).toBe("any where ".length);
    expect(found.labels).toEqual(expect.arrayContaining(["process.executable", "winlog.event_data.ShareName", "cidrMatch", "and"]));
    expect(at("any where process.|")!.from).toBe("any where ".length);
  });

  test("behind an operator, and in a list, the values of its field", () => {
    expect(at("any where host.name == |")!.applied).toEqual(['"SRV01.corp.example"']);
    expect(at('any where host.name in ("a", |')!.applied).toEqual(['"SRV01.corp.example"']);
    expect(at("any where event.category == |")!.labels).toContain("process");
    expect(at("any where process.pid == |")!.applied).toEqual(["4"]);
  });

  test("in a string the same, escaped and without its quotes", () => {
    const found = at('any where winlog.event_data.ShareName : "|')!;
    expect(found.applied).toEqual(["\\\\\\\\*\\\\ADMIN$"]);
    expect(found.from).toBe('any where winlog.event_data.ShareName : "'.length);
  });

  test("nothing while nothing is asked for", () => {
    expect(at("any where host.name |", false)).toBeNull();
    expect(at('any where length("|')).toBeNull();
  });
});
