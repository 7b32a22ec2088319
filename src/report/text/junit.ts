/** A proof as JUnit XML, for build servers. */
import { placeText, type Proof, type RulesProof } from "../../workbench/index.ts";
import { failureLines } from "./proof.ts";
import { ruleFailureLines } from "./rules-proof.ts";

interface TestCase {
  readonly name: string;
  readonly className: string;
  readonly file: string | null;
  readonly ms: number;
  /** Lines that say what failed; empty where it passed. */
  readonly failure: readonly string[];
}

/** A package's proof, and how the paths of its files are written. */
export interface ProvedPackage {
  readonly proof: Proof;
  readonly pathOf: (file: string) => string;
}

/** One document: a suite for each package, and one of the rules that belong to none, where there are any. */
export function junit(packages: readonly ProvedPackage[], rules: RulesProof | null): string {
  const suites = [...packages.map(packageSuite), ...(rules === null ? [] : [rulesSuite(rules)])];
  const sum = (of: (one: Suite) => number): number => suites.reduce((total, one) => total + of(one), 0);
  const totals = `tests="${sum((one) => one.cases.length)}" failures="${sum(failuresOf)}" time="${seconds(sum((one) => one.ms))}"`;
  return ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites ${totals}>`, ...suites.flatMap(suiteLines), "</testsuites>", ""].join(
    "\n",
  );
}

interface Suite {
  readonly name: string;
  readonly cases: readonly TestCase[];
  readonly ms: number;
}

function packageSuite({ proof, pathOf }: ProvedPackage): Suite {
  const className = proof.detection;
  const cases = proof.cases.map(({ case: c, ms, failures, events }): TestCase => ({
    name: c.name,
    className,
    file: pathOf(c.file),
    ms,
    failure: failures.flatMap((failure) => failureLines(failure, events)),
  }));
  const errors = proof.claims.filter((claim) => claim.severity === "error").map((claim) => `${placeText(claim.place)}: ${claim.message}`);
  if (errors.length > 0) cases.push({ name: "claims", className, file: null, ms: 0, failure: errors });
  return { name: proof.detection, cases, ms: proof.ms };
}

/** Of rules that belong to no package: a test for each case; its class is the rule. */
function rulesSuite(proof: RulesProof): Suite {
  const cases = proof.cases.map(({ case: one, rules, failures, explained, ms }): TestCase => ({
    name: one.name,
    className: rules.map(({ key }) => key).join(" "),
    file: one.place.file,
    ms,
    failure: failures.flatMap((failure) => ruleFailureLines(failure, explained)),
  }));
  return { name: "rules", cases, ms: proof.cases.reduce((sum, { ms }) => sum + ms, 0) };
}

function failuresOf({ cases }: Suite): number {
  return cases.filter(({ failure }) => failure.length > 0).length;
}

function suiteLines(suite: Suite): string[] {
  const { name, cases, ms } = suite;
  const lines = [`  <testsuite name="${escape(name)}" tests="${cases.length}" failures="${failuresOf(suite)}" time="${seconds(ms)}">`];
  for (const { name: test, className, file, ms: took, failure } of cases) {
    const head = `    <testcase classname="${escape(className)}" name="${escape(test)}"${file === null ? "" : ` file="${escape(file)}"`} time="${took === 0 ? "0" : seconds(took)}"`;
    if (failure.length === 0) lines.push(`${head}/>`);
    else
      lines.push(
        `${head}>`,
        `      <failure message="${escape(failure[0] ?? "failed")}">${escape(failure.join("\n"))}</failure>`,
        "    </testcase>",
      );
  }
  lines.push("  </testsuite>");
  return lines;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** Also what XML 1.0 cannot hold at all: control characters become U+FFFD. */
function escape(text: string): string {
  let safe = "";
  for (const c of text) {
    const code = c.codePointAt(0)!;
    if (c === "&") safe += "&amp;";
    else if (c === "<") safe += "&lt;";
    else if (c === ">") safe += "&gt;";
    else if (c === '"') safe += "&quot;";
    else if (c === "\n" || c === "\t") safe += `&#${code};`;
    else if (code < 0x20 || code === 0xfffe || code === 0xffff || (code >= 0xd800 && code <= 0xdfff)) safe += "\ufffd";
    else safe += c;
  }
  return safe;
}
