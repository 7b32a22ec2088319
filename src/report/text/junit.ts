/** A proof as JUnit XML, for build servers. */
import { placeText, type Proof } from "../../workbench/index.ts";
import { failureLines } from "./proof.ts";

export function junit(proof: Proof): string {
  const errors = proof.claims.filter((claim) => claim.severity === "error");
  const tests = proof.cases.length + (errors.length > 0 ? 1 : 0);
  const failures = proof.failed + (errors.length > 0 ? 1 : 0);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${tests}" failures="${failures}" time="${seconds(proof.ms)}">`,
  ];
  lines.push(`  <testsuite name="${escape(proof.detection)}" tests="${tests}" failures="${failures}" time="${seconds(proof.ms)}">`);
  for (const { case: c, ms, failures: failed, events } of proof.cases) {
    const head = `    <testcase classname="${escape(proof.detection)}" name="${escape(c.name)}" file="${escape(c.file)}" time="${seconds(ms)}"`;
    if (failed.length === 0) lines.push(`${head}/>`);
    else {
      const text = failed.flatMap((failure) => failureLines(failure, events));
      lines.push(
        `${head}>`,
        `      <failure message="${escape(text[0] ?? "failed")}">${escape(text.join("\n"))}</failure>`,
        "    </testcase>",
      );
    }
  }
  if (errors.length > 0) {
    const text = errors.map((claim) => `${placeText(claim.place)}: ${claim.message}`);
    lines.push(
      `    <testcase classname="${escape(proof.detection)}" name="claims" time="0">`,
      `      <failure message="${escape(text[0]!)}">${escape(text.join("\n"))}</failure>`,
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
