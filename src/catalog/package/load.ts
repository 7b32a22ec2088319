/**
 * The texts of a detection package -> a Detection, or problems at their places. Files come in as a map from their path inside the
 * package's folder to their text, so that it runs in a page as on a disk.
 */
import {
  check,
  parse,
  parseCidr,
  suggestion,
  type Diagnostic,
  type Query,
  type RuleProblem,
  type SourceLocation,
} from "../../eql/index.ts";
import { CASE } from "./cases.ts";
import type { Case, Detection, Hunt, Rule } from "./detection.ts";
import { ecsSchema } from "../field-types.ts";
import { derivedUuid } from "../derived-uuid.ts";
import { PACKAGE, TESTS, type TestsText } from "./package.ts";
import { HUNT, RULE } from "./rule.ts";
import { sha256 } from "../sha256.ts";
import { EXCEPTION_PARTS, isBlock, listEntries, tooBroad, TUNING, type TuningText } from "./tuning.ts";
import { validate, type Validated } from "./validate.ts";
import type { KeyPath, YamlText } from "./yaml-text.ts";

export interface LoadOptions {
  /** `2026-11-24`: exceptions that expired before it warn. Without it none does. */
  readonly today?: string;
  /** False: the cases are left unread, and the package has none. They take longer than all the rest, and only proving needs them. */
  readonly cases?: boolean;
}

export interface Loaded {
  /** Null when there is an error among the problems. */
  readonly package: Detection | null;
  readonly problems: readonly RuleProblem[];
}

export type Files = ReadonlyMap<string, string> | { readonly [path: string]: string };

export function loadPackage(files: Files, options: LoadOptions = {}): Loaded {
  const loader = new Loader(files instanceof Map ? files : new Map(Object.entries(files)), options);
  return loader.load();
}

/** The top level of a package; anything else is a slip. */
const KNOWN_FILES = ["package.yaml", "tests.yaml", "tuning.yaml", "guide.md", "playbook.md", "CHANGELOG.md", "README.md"];
const KNOWN_FOLDERS = ["rules", "hunts", "cases"];

class Loader {
  readonly #files: ReadonlyMap<string, string>;
  readonly #options: LoadOptions;
  readonly #problems: RuleProblem[] = [];
  /** A file that did not validate leaves gaps; checks across files then blame the wrong place. */
  #gaps = false;

  constructor(files: ReadonlyMap<string, string>, options: LoadOptions) {
    this.#files = files;
    this.#options = options;
  }

  load(): Loaded {
    this.#strayFiles();
    const meta = this.#yaml("package.yaml", PACKAGE);
    const tests = this.#optional("tests.yaml", TESTS);
    const tuning = this.#optional("tuning.yaml", TUNING);
    const rules = this.#under("rules").flatMap((file) => this.#rule(file, meta?.value.id ?? "") ?? []);
    const hunts = this.#under("hunts").flatMap((file) => this.#hunt(file) ?? []);
    const cases = this.#options.cases === false ? [] : this.#caseFiles().flatMap((file) => this.#case(file) ?? []);
    const guide = this.#text("guide.md");
    const playbook = this.#text("playbook.md");
    const changelog = this.#text("CHANGELOG.md");
    if (rules.length === 0 && !this.#gaps)
      this.#error("package/no-rules", "The package has no rules", { file: "rules", line: 1, column: 1 });
    this.#unique(
      [...rules, ...hunts],
      (r) => r.value.id,
      "id",
      (r) => r.yaml.place(["id"]),
    );
    this.#unique(
      rules,
      (r) => r.value.uuid,
      "uuid",
      (r) => r.yaml.place(["uuid"]),
    );
    if (tests !== null && tuning !== null && !this.#gaps) this.#references(rules, hunts, cases, tests, tuning);
    const failed = this.#problems.some((p) => p.severity === "error");
    if (failed || meta === null || tests === null || tuning === null) return { package: null, problems: this.#problems };
    const detection: Detection = {
      id: meta.value.id,
      meta: { ...meta.value, uuid: meta.value.uuid ?? derivedUuid(meta.value.id) },
      keys: meta.yaml.keys(),
      files: [...this.#files.keys()].sort(),
      rules: rules.map((r) => r.value).sort((a, b) => byId(a.id, b.id)),
      hunts: hunts.map((h) => h.value).sort((a, b) => byId(a.id, b.id)),
      tests: tests.value,
      tuning: tuning.value,
      cases: cases.map((c) => c.value).sort((a, b) => (a.name < b.name ? -1 : 1)),
      guide,
      playbook,
      changelog,
    };
    return { package: detection, problems: this.#problems };
  }

  // ------------------------------------------------------------------------------------------- files

  #strayFiles(): void {
    for (const file of this.#files.keys()) {
      const [top, ...rest] = file.split("/");
      if (rest.length === 0 ? KNOWN_FILES.includes(file) : KNOWN_FOLDERS.includes(top!)) continue;
      const help =
        suggestion(top!, rest.length === 0 ? KNOWN_FILES : KNOWN_FOLDERS) ??
        `A package holds ${KNOWN_FILES.join(", ")} and the folders ${KNOWN_FOLDERS.join(", ")}`;
      this.#strayFile(file, help);
    }
  }

  #yaml<S extends Parameters<typeof validate>[0]>(file: string, schema: S): ReturnType<typeof validate<S>> {
    const text = this.#files.get(file);
    if (text === undefined) {
      this.#gaps = true;
      this.#error("package/missing-file", `The package has no ${file}`, { file, line: 1, column: 1 });
      return null;
    }
    const valid = validate(schema, file, text, this.#problems);
    if (valid === null) this.#gaps = true;
    return valid;
  }

  /** A file that need not be there: it is then as if it were empty. */
  #optional<S extends Parameters<typeof validate>[0]>(file: string, schema: S): ReturnType<typeof validate<S>> {
    return this.#files.has(file) ? this.#yaml(file, schema) : validate(schema, file, "{}", this.#problems);
  }

  #text(file: string): string {
    const text = this.#files.get(file) ?? "";
    if (this.#files.has(file) && text.trim() === "")
      this.#error("package/empty-file", `${file} is empty`, { file, line: 1, column: 1 }, "Write it, or remove the file");
    return text;
  }

  #strayFile(file: string, help: string): void {
    this.#problems.push({
      code: "package/stray-file",
      severity: "warning",
      message: "The file belongs to nothing",
      place: { file, line: 1, column: 1 },
      rule: null,
      help,
    });
  }

  #under(folder: string): string[] {
    const found: string[] = [];
    for (const file of [...this.#files.keys()].sort()) {
      if (!file.startsWith(`${folder}/`)) continue;
      if (/^[^/]+\/[^/]+\.yaml$/.test(file)) found.push(file);
      else this.#strayFile(file, `${folder}/ holds one .yaml file for each`);
    }
    return found;
  }

  #caseFiles(): string[] {
    const folders = new Set<string>();
    for (const file of this.#files.keys()) {
      const match = /^cases\/([^/]+)\//.exec(file);
      if (match !== null) folders.add(match[1]!);
    }
    return [...folders].sort().map((folder) => `cases/${folder}/case.yaml`);
  }

  // ------------------------------------------------------------------------------------------- pieces

  #rule(file: string, detection: string): { value: Rule; yaml: YamlText } | null {
    const valid = this.#yaml(file, RULE);
    if (valid === null) return null;
    const { value, yaml } = valid;
    this.#named(value.id, file, yaml);
    const parsed = this.#query(yaml, ["query"], value.query);
    const counting = parsed?.tree.pipes.find((pipe) => pipe.name === "count");
    if (parsed !== null && counting !== undefined)
      this.#error(
        "package/bad-value",
        "A rule may not count: `count` gives a table, and a table is no alert",
        parsed.place(counting.nameSpan.from),
        "Write `unique` or `unique_count` to alert once for each value, `distinct_count` for a threshold; a query with `count` is a hunt",
      );
    if (value.query_source !== undefined) {
      const actual = sha256(value.query);
      if (actual !== value.query_source.sha256) {
        this.#error(
          "package/query-changed",
          `The query is not what ${value.query_source.text} says: its SHA-256 is ${actual}`,
          yaml.place(["query_source", "sha256"]),
          "Restore the text; a changed query is another rule",
        );
      }
    }
    if (parsed === null) {
      this.#gaps = true;
      return null;
    }
    const uuid = value.uuid ?? derivedUuid(`${detection}/${value.id}`);
    return { value: { ...value, uuid, file, keys: yaml.keys(), tree: parsed.tree, queryPlace: parsed.place }, yaml };
  }

  #hunt(file: string): { value: Hunt; yaml: YamlText } | null {
    const valid = this.#yaml(file, HUNT);
    if (valid === null) return null;
    const { value, yaml } = valid;
    this.#named(value.id, file, yaml);
    const place = yaml.block(["query"])?.place ?? (() => yaml.place(["query"]));
    if (value.language !== "eql") return { value: { ...value, file, tree: null, queryPlace: place }, yaml };
    const parsed = this.#query(yaml, ["query"], value.query);
    return parsed === null ? null : { value: { ...value, file, tree: parsed.tree, queryPlace: parsed.place }, yaml };
  }

  #case(file: string): { value: Case; yaml: YamlText } | null {
    const valid = this.#yaml(file, CASE);
    if (valid === null) return null;
    const { value, yaml } = valid;
    const name = file.split("/")[1]!;
    const eventsFile = `cases/${name}/${value.events}`;
    const eventsText = this.#files.get(eventsFile);
    if (eventsText === undefined) {
      this.#error("package/missing-file", `The case has no ${value.events}`, yaml.place(["events"]));
      return null;
    }
    const trees: Query[] = [];
    value.signals.forEach((signal, i) => {
      const path = ["signals", i, "query"];
      const query = this.#checked(signal.query, yaml.block(path)?.place ?? (() => yaml.place(path)));
      if (query === null) return;
      if (query.kind !== "event")
        this.#error("package/bad-value", `signals[${i + 1}].query must be an event query: a signal is one record`, yaml.place(path));
      trees.push(query);
    });
    return { value: { ...value, name, file, eventsFile, eventsText, signalTrees: trees }, yaml };
  }

  #named(id: string, file: string, yaml: YamlText): void {
    const name = file
      .split("/")
      .at(-1)!
      .replace(/\.yaml$/, "");
    if (name !== id)
      this.#error("package/bad-value", `id '${id}' is in a file named '${name}.yaml'`, yaml.place(["id"]), `Rename the file to ${id}.yaml`);
  }

  /** Parses a query at its place in the file: `place` turns an offset into the query into a line and column of the YAML. */
  #query(yaml: YamlText, path: KeyPath, text: string): { tree: Query; place: (offset: number) => SourceLocation } | null {
    const block = yaml.block(path);
    if (block === null) {
      this.#error(
        "package/query-style",
        "The query must be a literal block",
        yaml.place(path),
        "Write 'query: |-' and the query indented below: nothing is escaped or folded there",
      );
      return null;
    }
    const query = this.#checked(text, block.place);
    return query === null ? null : { tree: query, place: block.place };
  }

  /** Parsed and checked: a query that could never be run must not load and stay silent. */
  #checked(text: string, place: (offset: number) => SourceLocation): Query | null {
    const { query, diagnostics } = parse(text);
    const all =
      query === null ? diagnostics : [...diagnostics, ...check(query, { profile: "tocsin", text, schema: ecsSchema() }).diagnostics];
    for (const d of all) this.#diagnostic(d, place);
    return all.some((d) => d.severity === "error") ? null : query;
  }

  #diagnostic(d: Diagnostic, place: (offset: number) => SourceLocation): void {
    if (d.severity === "hint") return;
    this.#problems.push({ code: d.code, severity: d.severity, message: d.summary, place: place(d.span.from), rule: null, help: d.help });
  }

  // -------------------------------------------------------------------------------------- across files

  #references(
    rules: readonly { value: Rule; yaml: YamlText }[],
    hunts: readonly { value: Hunt; yaml: YamlText }[],
    cases: readonly { value: Case; yaml: YamlText }[],
    tests: Validated<TestsText>,
    tuning: Validated<TuningText>,
  ): void {
    const ruleIds = rules.map((r) => r.value.id);
    const testIds = tests.value.tests.map((t) => t.id);
    const exceptionIds = tuning.value.exceptions.map((e) => e.id);
    const known = (id: string, ids: readonly string[], what: string, yaml: YamlText, path: KeyPath): void => {
      if (ids.includes(id)) return;
      this.#error(
        "package/unknown-reference",
        `There is no ${what} '${id}'`,
        yaml.place(path),
        suggestion(id, ids) ?? `Known: ${ids.join(", ")}`,
      );
    };
    for (const { value, yaml } of rules) {
      value.tests.forEach((id, i) => known(id, testIds, "test", yaml, ["tests", i]));
      value.evasions.forEach((e, i) =>
        e.answered_by.forEach((id, j) => known(id, ruleIds, "rule", yaml, ["evasions", i, "answered_by", j])),
      );
      value.false_positives.forEach((f, i) => {
        if (f.exception === null) return;
        known(f.exception, exceptionIds, "exception", yaml, ["false_positives", i, "exception"]);
        const exception = tuning.value.exceptions.find((e) => e.id === f.exception);
        if (exception !== undefined && !exception.rules.includes(value.id)) {
          this.#error(
            "package/unknown-reference",
            `Exception '${exception.id}' does not name rule ${value.id}`,
            yaml.place(["false_positives", i, "exception"]),
          );
        }
      });
    }
    tests.value.tests.forEach((t, i) => {
      for (const side of ["source", "target"] as const) {
        t.caught_by[side].forEach((id, j) => known(id, ruleIds, "rule", tests.yaml, ["tests", i, "caught_by", side, j]));
      }
    });
    for (const { value, yaml } of cases) {
      if (value.test !== undefined) known(value.test, testIds, "test", yaml, ["test"]);
      for (const key of ["fires", "silent", "lab_fires"] as const)
        value[key].forEach((id, i) => known(id, ruleIds, "rule", yaml, [key, i]));
      value.excepted.forEach((e, i) => {
        known(e.rule, ruleIds, "rule", yaml, ["excepted", i, "rule"]);
        known(e.by, exceptionIds, "exception", yaml, ["excepted", i, "by"]);
      });
      const both = value.fires.find((id) => value.silent.includes(id));
      if (both !== undefined) this.#error("package/bad-value", `Rule ${both} cannot both fire and be silent`, yaml.place(["silent"]));
    }
    this.#unique(
      tests.value.tests.map((value, i) => ({ value, i })),
      (t) => t.value.id,
      "id",
      (t) => tests.yaml.place(["tests", t.i, "id"]),
    );
    this.#exceptions(ruleIds, tuning, known);
    void hunts;
  }

  #exceptions(
    ruleIds: readonly string[],
    { value, yaml }: Validated<TuningText>,
    known: (id: string, ids: readonly string[], what: string, yaml: YamlText, path: KeyPath) => void,
  ): void {
    this.#unique(
      value.exceptions.map((exception, i) => ({ exception, i })),
      (e) => e.exception.id,
      "id",
      (e) => yaml.place(["exceptions", e.i, "id"]),
    );
    value.exceptions.forEach((exception, i) => {
      exception.rules.forEach((id, j) => known(id, ruleIds, "rule", yaml, ["exceptions", i, "rules", j]));
      for (const part of EXCEPTION_PARTS) {
        for (const [field, values] of Object.entries(exception[part])) {
          values.forEach((text, j) => this.#exceptionValue(value, text, yaml, ["exceptions", i, part, field, j]));
        }
      }
      const today = this.#options.today;
      if (today !== undefined && exception.expires < today) {
        const message = `Exception '${exception.id}' expired on ${exception.expires} and is not applied`;
        this.#problems.push({
          code: "package/expired-exception",
          severity: "warning",
          message,
          place: yaml.place(["exceptions", i, "expires"]),
          rule: null,
          help: `Ask ${exception.owner} whether it is still needed; remove it or move the date`,
        });
      }
    });
  }

  #exceptionValue(tuning: TuningText, text: string, yaml: YamlText, path: KeyPath): void {
    if (text.startsWith("@")) {
      const entries = listEntries(tuning, text);
      if (entries === undefined)
        this.#error(
          "package/unknown-reference",
          `There is no list '${text}'`,
          yaml.place(path),
          "Lists are @management_hosts.<name> and @service_accounts.<name>",
        );
      else if (entries.length === 0)
        this.#problems.push({
          code: "package/empty-list",
          severity: "warning",
          message: `List '${text}' is empty: the exception never applies`,
          place: yaml.place(path),
          rule: null,
          help: null,
        });
      return;
    }
    if (isBlock(text) && parseCidr(text) === null)
      this.#error(
        "package/bad-value",
        `'${text}' is no block of addresses`,
        yaml.place(path),
        "Write it such as 10.10.40.0/24 or 2001:db8::/32",
      );
    const reason = tooBroad(text);
    if (reason !== null)
      this.#error("package/broad-exception", `'${text}' ${reason}: an exception must name what it excepts`, yaml.place(path));
  }

  #unique<T>(items: readonly T[], key: (item: T) => string, what: string, place: (item: T) => SourceLocation): void {
    const seen = new Set<string>();
    for (const item of items) {
      const id = key(item);
      if (seen.has(id)) this.#error("package/duplicate", `The ${what} '${id}' is used twice`, place(item));
      seen.add(id);
    }
  }

  #error(code: string, message: string, place: SourceLocation, help: string | null = null): void {
    this.#problems.push({ code, severity: "error", message, place, rule: null, help });
  }
}

/** A2 before A10. */
function byId(a: string, b: string): number {
  const [letterA, numberA] = splitId(a);
  const [letterB, numberB] = splitId(b);
  return letterA < letterB ? -1 : letterA > letterB ? 1 : numberA - numberB;
}

function splitId(id: string): [letters: string, number: number] {
  return [id.replace(/\d+$/, ""), Number(/\d+$/.exec(id)?.[0] ?? 0)];
}
