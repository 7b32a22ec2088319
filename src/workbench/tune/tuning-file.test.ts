import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { describe, expect, test } from "vitest";
import type { ExceptionText } from "../../catalog/index.ts";
import { exceptionYaml } from "./tune.ts";
import { readException, withException } from "./tuning-file.ts";

const exception: ExceptionText = {
  id: "a-b",
  title: 'A "title": with # marks',
  rules: ["C1"],
  source: { "source.ip": ["10.0.0.1"] },
  account: { "user.name": ["svc"] },
  artefact: { "process.executable": ["C:\\x\\*.exe"] },
  owner: "Owner",
  reason: "Reason",
  created: "2026-03-04",
  expires: "2026-06-01",
};
const read = (text: string | null): { exceptions: ExceptionText[] } => parse(text ?? "") as { exceptions: ExceptionText[] };

describe("an exception in tuning.yaml", () => {
  test("is read as it was written", () => {
    expect(readException(exceptionYaml(exception))).toEqual(exception);
    expect(readException("- id: x\n")).toEqual(expect.arrayContaining([expect.stringMatching(/^title: /)]));
    expect(readException("a: b")).toEqual(["It is not a list of one exception."]);
    expect(readException("- [")).toHaveLength(1);
    expect(readException("- &a [1]\n- *a")).toHaveLength(1);
  });

  test.each([
    ["an empty file", "", ""],
    ["a file of comments", "# why\n", "# why\n"],
    ["other keys", "recipes: []\n# end", "recipes: []\n# end\n"],
    ["no list yet", "a: 1\nexceptions:\nb: 2\n", "a: 1\nexceptions:\n"],
    ["an empty list", "exceptions: [] # none\nb: 2\n", "exceptions:\n"],
    ["a list", "a: 1\nexceptions:\n  # the first\n  - id: z\n    n: 1 # x\nb: 2\n", "a: 1\nexceptions:\n  - id: a-b\n"],
    ["a list that is not indented", "exceptions:\n- id: z\nb: 2\n", "exceptions:\n- id: a-b\n"],
  ])("is put into %s, and the rest stays", (_, text, begins) => {
    const written = withException(text, exception)!;
    expect(written.startsWith(begins)).toBe(true);
    expect(read(written).exceptions[0]).toEqual(exception);
    const { exceptions = [], ...others } = (parse(text) ?? {}) as { exceptions?: unknown[] };
    expect(read(written)).toEqual({ ...others, exceptions: [exception, ...(exceptions ?? [])] });
  });

  test("is not put where nobody could say what becomes of it", () => {
    for (const text of ["exceptions: [{id: z}]\n", "exceptions: text\n", "- a\n", "exceptions: [\n"])
      expect(withException(text, exception), text).toBeNull();
  });

  test("the bundled package keeps every other line", () => {
    const text = readFileSync(join(import.meta.dirname, "../../../detections/T1021.002-smb-admin-shares/tuning.yaml"), "utf8");
    for (const eol of ["\n", "\r\n"]) {
      const written = withException(text.replaceAll("\n", eol), exception)!;
      const added = written.split(eol).filter((line) => !text.split("\n").includes(line));
      expect(added.join("\n")).toContain("a-b");
      expect(written.split(eol).length - text.split("\n").length).toBe(exceptionYaml(exception).trimEnd().split("\n").length);
      expect(read(written).exceptions[0]).toEqual(exception);
    }
  });
});
