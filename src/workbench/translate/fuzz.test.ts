import fc from "fast-check";
import { expect, test } from "vitest";
import * as trees from "../../eql/testing/arbitrary.ts";
import { effectOf } from "../../translate/index.ts";
import { filter } from "../../translate/testing/arbitrary.ts";
import type { Query } from "../../eql/index.ts";
import { translatableQuery, translate } from "./translate.ts";
import { PLATFORM_NAMES, type PlatformName } from "../../translate/index.ts";

/** A translator is given whatever parses: it says what it cannot do, and never throws. */
function holds(platform: PlatformName, query: Query): void {
  const made = translate(translatableQuery(query, "", "any.eql"), platform);
  expect(made.text === "", platform).toBe(made.effect === "untranslatable");
  expect(made.effect).toBe(effectOf(made.losses));
  for (const { reason } of made.losses) expect(reason).not.toMatch(/undefined|\[object/);
}

test.each(PLATFORM_NAMES)("%s takes any tree, however odd", (platform) => {
  fc.assert(
    fc.property(trees.query, (query) => holds(platform, query)),
    { numRuns: 300 },
  );
});

test.each(PLATFORM_NAMES)("%s takes any sensible condition", (platform) => {
  fc.assert(
    fc.property(filter, (of) => holds(platform, { kind: "event", span: of.span, filter: of, pipes: [], comments: [] })),
    { numRuns: 300 },
  );
});
