import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** All of axe's rules, the one that depends on the colour scheme, or the others, which depend on the layout. Looking at colours is half of the time. */
const RULES = {
  all: {},
  colours: { runOnly: ["color-contrast"] },
  layout: { rules: { "color-contrast": { enabled: false } } },
};

/**
 * What axe calls serious or critical on the page as it stands, shadow roots included. The page's policy forbids scripts of others; this
 * one comes from outside the page.
 */
export async function violations(page: Page, rules: keyof typeof RULES = "all"): Promise<string[]> {
  const options = JSON.stringify({ resultTypes: ["violations"], ...RULES[rules] });
  return page.evaluate<string[]>(
    `${axe}; axe.run(document, ${options}).then((r) => r.violations.filter((v) => v.impact === "serious" || v.impact === "critical").map((v) => v.id + ": " + v.nodes.map((n) => n.target.join(" ") + " " + n.failureSummary).slice(0, 3).join("; ")))`,
  );
}

/** The same, in both colour schemes. Leaves the page in the dark one. */
export async function violationsInBothSchemes(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: "light" });
  const light = await violations(page);
  await page.emulateMedia({ colorScheme: "dark" });
  return [...light, ...(await violations(page, "colours")).map((text) => `dark: ${text}`)];
}

/**
 * Takes repetitions out of the page, since axe looks at every cell: a row, item, card or span of a text goes when it and each element
 * in it have the tags, classes and attributes of four others before it, at the same place in the page's structure.
 */
export async function thinOut(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen = new Map<string, number>();
    /** Counts the element and those in it. Says whether all of them are repetitions. */
    const isRepetition = (element: Element, place: string): boolean => {
      const make = `${place} ${element.tagName}.${element.className}[${element.getAttributeNames().join()}]`;
      const times = (seen.get(make) ?? 0) + 1;
      seen.set(make, times);
      const repetitions = [...element.children].filter((child) => isRepetition(child, make));
      if (times > 4 && repetitions.length === element.childElementCount) return true;
      for (const child of repetitions) if (child.matches("tr, li, section, details, option, code span")) child.remove();
      return false;
    };
    isRepetition(document.documentElement, "");
  });
}
