/** `serve --write`: exceptions that are confirmed in the page go into the packages' own files. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { AskedException, CheckedException, ExceptionWriter } from "../../server/index.ts";
import {
  loadPackage,
  readException,
  Tuning,
  withException,
  type Detection,
  type ExceptionText,
  type RuleSet,
} from "../../workbench/index.ts";
import { writeFiles } from "../output/files.ts";

/** A package as it lies on the disk now, which may have changed since it was served. */
interface PackageNow {
  readonly path: string;
  readonly text: string;
  readonly files: ReadonlyMap<string, string>;
  readonly detection: Detection;
}

/** @param today `2026-11-24` */
export function exceptionWriter(set: Pick<RuleSet, "packages" | "folders" | "packageTexts">, today: string): ExceptionWriter {
  /** One after the other: each begins with what the one before it wrote. */
  let last: Promise<unknown> = Promise.resolve();

  const now = (id: string): PackageNow => {
    const served = set.packages.find((detection) => detection.id === id);
    const folder = served === undefined ? undefined : set.folders.get(served);
    if (served === undefined || folder === undefined) throw new Error(`There is no package ${id}.`);
    if (!existsSync(join(resolve(folder), "package.yaml")))
      throw new Error(`${id} is not in a folder that can be written to: it came out of an archive.`);
    const path = join(resolve(folder), "tuning.yaml");
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    const files = new Map(set.packageTexts.get(id)).set("tuning.yaml", text);
    return { path, text, files, detection: loaded(files, today) };
  };

  const judge = ({
    detection: id,
    yaml,
  }: AskedException): CheckedException & { readonly at: PackageNow; readonly exception: ExceptionText | null } => {
    const at = now(id);
    const exception = readException(yaml);
    if (!isException(exception)) return { file: at.path, problems: exception, lost: [], casesRun: 0, at, exception: null };
    const { problems, cases, casesRun } = new Tuning(at.detection, today).effect(exception, []);
    const lost = cases
      .filter(({ kind }) => kind !== "negative")
      .map(({ name, title, rules, silenced }) => ({ name, title, rules, silenced }));
    return { file: at.path, problems, lost, casesRun, at, exception };
  };

  const write = async (asked: AskedException, isLossAccepted: boolean): Promise<string> => {
    const { at, exception, problems, lost } = judge(asked);
    if (exception === null || problems.length > 0) throw new Error(problems.join(" "));
    if (lost.length > 0 && !isLossAccepted) throw new Error(`It hides attacks in ${lost.length} of the package's cases.`);
    const text = withException(at.text, exception);
    if (text === null) throw new Error(`The exceptions in ${at.path} are written in a form that cannot be added to: paste it there.`);
    const { tuning } = loaded(new Map(at.files).set("tuning.yaml", text), today);
    if (!tuning.exceptions.some(({ id }) => id === exception.id)) throw new Error(`The package would not have the exception afterwards.`);
    await writeFiles([{ path: at.path, content: text }]);
    return at.path;
  };

  return {
    token: randomBytes(24).toString("base64url"),
    check(asked) {
      const { file, problems, lost, casesRun } = judge(asked);
      return { file, problems, lost, casesRun };
    },
    write(asked, isLossAccepted) {
      const mine = last.then(() => write(asked, isLossAccepted));
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

function isException(read: ExceptionText | readonly string[]): read is ExceptionText {
  return !Array.isArray(read);
}

function loaded(files: ReadonlyMap<string, string>, today: string): Detection {
  const { package: detection, problems } = loadPackage(files, { today });
  const error = problems.find(({ severity }) => severity === "error");
  if (detection === null || error !== undefined)
    throw new Error(`The package cannot be loaded as it stands: ${error?.message ?? "it is broken"}.`);
  return detection;
}
