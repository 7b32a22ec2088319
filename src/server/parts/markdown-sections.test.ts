import { expect, test } from "vitest";
import { sectionsOf } from "./markdown.tsx";

test("a document is split at its headings of the second level, not at what looks like one in code", () => {
  const { intro, sections } = sectionsOf(
    "# Title\n\nBefore.\n\n## One & two\n\nText.\n\n```sh\n## no heading\n```\n\n### Deeper\n\nMore.\n\n## Three\n\nEnd.\n",
  );
  expect(intro.trim()).toBe("Before.");
  expect(sections.map(({ title }) => title)).toEqual(["One & two", "Three"]);
  expect(sections[0]!.text).toContain("## no heading");
  expect(sections[0]!.text).toContain("### Deeper");
  expect(sections[1]!.text.trim()).toBe("End.");
  expect(sectionsOf("Only text.").sections).toEqual([]);
});
