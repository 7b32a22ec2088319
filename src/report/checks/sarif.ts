/**
 * Findings as SARIF 2.1.0 (OASIS, https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), which GitHub's code scanning, Azure
 * DevOps and editors read.
 */
import { LINT_CODES, sha256, type LintCode, type SourceLocation } from "../../workbench/index.ts";
import type { CheckFinding } from "./finding.ts";

export interface SarifOptions {
  /** Of tocsin. */
  readonly version: string;
  readonly exitCode: number;
  /** The command: what one finds does not stand for what another does. */
  readonly command: string;
}

export function sarif(findings: readonly CheckFinding[], { version, exitCode, command }: SarifOptions): string {
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  const prints = fingerprints(findings);
  const document = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "tocsin", version, semanticVersion: version, rules: codes.map(descriptor) } },
        automationDetails: { id: `tocsin-${command}/` },
        invocations: [{ executionSuccessful: exitCode <= 1, exitCode }],
        // Our columns count UTF-16 units, as SARIF does where it is not told.
        columnKind: "utf16CodeUnits",
        results: findings.map((finding, i) => ({
          ruleId: finding.code,
          ruleIndex: codes.indexOf(finding.code),
          level: finding.severity,
          message: { text: finding.message },
          locations: [location(finding.place)],
          ...(finding.related.length === 0
            ? {}
            : {
                relatedLocations: finding.related.map(({ place, message }, id) => ({ id, ...location(place), message: { text: message } })),
              }),
          partialFingerprints: { "tocsin/v1": prints[i] },
          ...(finding.suppressed === null ? {} : { suppressions: [{ kind: "inSource", justification: finding.suppressed }] }),
        })),
      },
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function descriptor(code: string): object {
  if (!Object.hasOwn(LINT_CODES, code)) return { id: code };
  const { title, doc, fix, severity } = LINT_CODES[code as LintCode];
  return {
    id: code,
    shortDescription: { text: title },
    fullDescription: { text: doc },
    help: { text: fix },
    defaultConfiguration: { level: severity === "hint" ? "note" : severity },
  };
}

function location({ file, line, column }: SourceLocation): object {
  const isAbsolute = /^(?:\/|[A-Za-z]:\/)/.test(file);
  const path = file.split("/").map(encodeURIComponent).join("/");
  return {
    physicalLocation: {
      artifactLocation: isAbsolute
        ? { uri: `file://${file.startsWith("/") ? "" : "/"}${path.replace(/^([A-Za-z])%3A/, "$1:")}` }
        : { uri: path, uriBaseId: "%SRCROOT%" },
      region: { startLine: line, startColumn: column },
    },
  };
}

/**
 * What makes a finding the same in another version of the file: its code, file and message, not its line; of equal ones, which of them.
 */
export function fingerprints(findings: readonly CheckFinding[]): string[] {
  const seen = new Map<string, number>();
  return findings.map(({ code, place, message }) => {
    const key = `${code}\n${place.file}\n${message}`;
    const n = seen.get(key) ?? 0;
    seen.set(key, n + 1);
    return sha256(`${key}\n${n}`).slice(0, 32);
  });
}
