/** Findings as build servers show them beside the lines of a change. Those that are suppressed are left out. */
import type { CheckFinding } from "./finding.ts";
import { fingerprints } from "./sarif.ts";

export const ANNOTATIONS = ["github", "gitlab"] as const;
export type AnnotationFormat = (typeof ANNOTATIONS)[number];

const COMMANDS = { error: "error", warning: "warning", note: "notice" } as const;

/**
 * Workflow commands of GitHub Actions, a line each.
 * Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function githubAnnotations(findings: readonly CheckFinding[]): string {
  return open(findings)
    .map(({ severity, code, message, place: { file, line, column } }) => {
      const properties = `file=${property(file)},line=${line},col=${column},title=${property(code)}`;
      return `::${COMMANDS[severity]} ${properties}::${data(message)}\n`;
    })
    .join("");
}

/** As the runner reads them back; a line break would end the command. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

const SEVERITIES = { error: "major", warning: "minor", note: "info" } as const;

/**
 * GitLab's code quality report.
 * Source: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 */
export function gitlabCodeQuality(findings: readonly CheckFinding[]): string {
  const shown = open(findings);
  const prints = fingerprints(shown);
  const issues = shown.map(({ severity, code, message, place: { file, line } }, i) => ({
    description: message,
    check_name: code,
    fingerprint: prints[i],
    severity: SEVERITIES[severity],
    location: { path: file, lines: { begin: line } },
  }));
  return `${JSON.stringify(issues, null, 2)}\n`;
}

function open(findings: readonly CheckFinding[]): CheckFinding[] {
  return findings.filter(({ suppressed }) => suppressed === null);
}
