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

export function junit(proof: Proof): string {
  const className = proof.detection;
  const cases = proof.cases.map(({ case: c, ms, failures, events }): TestCase => ({
    name: c.name,
    className,
    file: c.file,
    ms,
    failure: failures.flatMap((failure) => failureLines(failure, events)),
  }));
  const errors = proof.claims.filter((claim) => claim.severity === "error").map((claim) => `${placeText(claim.place)}: ${claim.message}`);
  if (errors.length > 0) cases.push({ name: "claims", className, file: null, ms: 0, failure: errors });
  return suite(proof.detection, cases, proof.ms);
}

/** Of rules that belong to no package: a test for each case; its class is the rule. */
export function rulesJunit(proof: RulesProof): string {
  const cases = proof.cases.map(({ case: one, rules, failures, explained, ms }): TestCase => ({
    name: one.name,
    className: rules.map(({ key }) => key).join(" "),
    file: one.place.file,
    ms,
    failure: failures.flatMap((failure) => ruleFailureLines(failure, explained)),
  }));
  return suite(
    "rules",
    cases,
    proof.cases.reduce((sum, { ms }) => sum + ms, 0),
  );
}

function suite(name: string, cases: readonly TestCase[], ms: number): string {
  const failures = cases.filter(({ failure }) => failure.length > 0).length;
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${cases.length}" failures="${failures}" time="${seconds(ms)}">`,
    `  <testsuite name="${escape(name)}" tests="${cases.length}" failures="${failures}" time="${seconds(ms)}">`,
  ];
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
  lines.push("  </testsuite>", "</testsuites>", "");
  return lines.join("\n");
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
