/** A hunt with the T1021.002 package, in memory. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Hunt, loadPackage, openInput, type Detection, type HuntResult, type LogRecord, type Problem } from "../../workbench/index.ts";
import type { ReportInput } from "../index.ts";

export const root = join(import.meta.dirname, "../../..");
export const today = "2026-03-04";

export function smbFiles(): Map<string, string> {
  const folder = join(root, "detections", "T1021.002-smb-admin-shares");
  const files = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) {
      const file = join(entry.parentPath, entry.name);
      files.set(relative(folder, file).replaceAll("\\", "/"), readFileSync(file, "utf8"));
    }
  return files;
}

export function smbDetection(): Detection {
  const { package: detection } = loadPackage(smbFiles(), { today });
  if (detection === null) throw new Error("the package cannot be loaded");
  return detection;
}

export interface Hunted {
  readonly result: HuntResult;
  readonly input: ReportInput;
}

export function huntIn(detection: Detection, files: readonly { readonly name: string; readonly bytes: Uint8Array }[]): Hunted {
  const hunt = new Hunt({ packages: [detection], today });
  const problems: Problem[] = [];
  const sink = { record: (record: LogRecord) => hunt.record(record), problem: (problem: Problem) => void problems.push(problem) };
  for (const { name, bytes } of files) {
    const decoder = openInput(name);
    decoder.push(bytes, sink);
    decoder.end(sink);
  }
  const of = (severity: Problem["severity"]): number => problems.filter((p) => p.severity === severity).length;
  const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
  return {
    result: hunt.finish(),
    input: {
      files: files.length,
      bytes,
      notRead: { files: 0, bytes: 0 },
      problems,
      duplicates: null,
      errors: of("error"),
      warnings: of("warning"),
      aborted: false,
    },
  };
}

/** The bundled sample. */
export function labLog(): { readonly name: string; readonly bytes: Uint8Array } {
  return { name: "lab.ndjson", bytes: readFileSync(join(root, "samples", "lab.ndjson")) };
}
