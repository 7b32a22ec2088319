/** Queries, one after the other, over events that are loaded once. */
import { count, explanationText, explanationView, plural, table } from "../../report/index.ts";
import {
  ecsSchema,
  explain,
  FieldCounts,
  flatten,
  isTreeLanguage,
  NOT_NARROWED,
  QUERY_LANGUAGES,
  readQuery,
  UTC,
  type Normalised,
  type QueryLanguage,
} from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import { EXIT, Failure } from "../failure.ts";
import { writeFiles } from "../output/files.ts";
import { textOutput } from "../output/output.ts";
import { terminal } from "../output/terminal.ts";
import { fieldList } from "../query/columns.ts";
import { runCountBy } from "../query/count-by.ts";
import { printRead } from "../query/diagnostics.ts";
import { runEsql } from "../query/esql.ts";
import type { Feed } from "../query/feed.ts";
import { runQuery, type QueryFormat, type RunQueryOptions } from "../query/tree.ts";
import { COMMANDS, type CommandName } from "./shell-commands.ts";

/** Rows of `:values`, `:count` and `:fields`. */
const SHOWN = 50;
/** Events among which `:explain` looks for the nearest. */
const EXPLAINED = 20_000;

interface Asked {
  readonly text: string;
  readonly language: QueryLanguage;
}

export class Shell {
  readonly #context: CommandContext;
  readonly #events: readonly Normalised[];
  readonly #files: number;
  #language: QueryLanguage = "eql";
  #fields: readonly string[] | null = null;
  #last: Asked | null = null;
  /** Field -> events that have it; worked out when it is asked for. */
  #names: ReadonlyMap<string, number> | null = null;

  /** @param events in the order of time */
  constructor(context: CommandContext, events: readonly Normalised[], files: number) {
    this.#context = context;
    this.#events = events;
    this.#files = files;
  }

  get language(): QueryLanguage {
    return this.#language;
  }

  /** Answers a line. Returns its exit code; null where the shell is to end. */
  async answer(line: string): Promise<number | null> {
    const text = line.trim();
    if (text === "") return EXIT.done;
    if (text === ":quit") return null;
    try {
      return text.startsWith(":") ? await this.#command(text) : await this.#query(text);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const { err } = this.#context;
      err.write(`${err.paint(["bold", "red"], "error")}: ${error.message}\n`);
      if (error.help !== undefined) err.write(`${err.paint("cyan", "help")}: ${error.help}\n`);
      return error.exitCode;
    }
  }

  async #command(text: string): Promise<number> {
    const [, name = "", argument = ""] = /^(\S+)\s*(.*)$/s.exec(text) ?? [];
    const command = this.#commands[name as CommandName] as ((argument: string) => number | Promise<number>) | undefined;
    if (command === undefined || !Object.hasOwn(this.#commands, name))
      throw new Failure(`${name}: no such command`, { help: `Commands are ${COMMANDS.map((one) => one.name).join(", ")}.` });
    return command(argument.trim());
  }

  readonly #commands: { readonly [N in CommandName]: (argument: string) => number | Promise<number> } = {
    ":language": (name) => {
      if (!Object.hasOwn(QUERY_LANGUAGES, name))
        throw new Failure(`:language ${name}: no such language`, { help: `Languages are ${Object.keys(QUERY_LANGUAGES).join(", ")}.` });
      this.#language = name as QueryLanguage;
      return EXIT.done;
    },
    ":fields": (text) => {
      const names = [...this.#fieldNames()].filter(([name]) => name.toLowerCase().includes(text.toLowerCase()));
      this.#table(
        "field",
        names.map(([name, events]) => [[name], events] as const),
        this.#events.length,
      );
      return EXIT.done;
    },
    ":values": (text) => {
      const fields = fieldList(":values", text);
      const counts = new FieldCounts(fields);
      for (const { event } of this.#events) counts.add(event);
      this.#counts(fields, counts);
      return EXIT.done;
    },
    ":count": async (text) => {
      const { query } = this.#lastQuery(":count");
      return runCountBy(this.#context, query, this.#feed, fieldList(":count", text), this.#options("table"));
    },
    ":show": (text) => {
      this.#fields = text === "" ? null : fieldList(":show", text);
      return EXIT.done;
    },
    ":explain": () => {
      const { out, err } = this.#context;
      const { query, text } = this.#lastQuery(":explain");
      const events = this.#events.slice(0, EXPLAINED).map(({ event }) => event);
      const explanation = explain(query, text, events);
      if (explanation === null) throw new Failure("there is nothing to explain: no event, or a query with samples");
      out.write(`${explanationText(explanationView(explanation, events)).join("\n")}\n`);
      if (this.#events.length > EXPLAINED) err.write(`note: of the first ${count(EXPLAINED)} events\n`);
      return EXIT.done;
    },
    ":save": async (file) => {
      if (file === "") throw new Failure(":save: a file is needed");
      if (this.#last === null) throw new Failure(":save: there was no query yet");
      const pieces: string[] = [];
      const out = terminal(
        textOutput((piece) => void pieces.push(piece)),
        undefined,
        {},
      );
      const code = await this.#run({ ...this.#context, out }, this.#last, file.toLowerCase().endsWith(".csv") ? "csv" : "ndjson");
      if (code !== EXIT.usage) await writeFiles([{ path: file, content: pieces.join("") }]);
      return code;
    },
    ":help": () => {
      const rows = COMMANDS.map(({ name, argument, description }) => [`${name} ${argument}`.trim(), description]);
      this.#context.out.write(`${table([{ title: "command" }, { title: "what it does", shrink: true }], rows, this.#context.out.width)}\n`);
      this.#context.out.write("Everything else is a query.\n");
      return EXIT.done;
    },
    ":quit": () => EXIT.done,
  };

  async #query(text: string): Promise<number> {
    const asked = { text, language: this.#language };
    const code = await this.#run(this.#context, asked, "table");
    if (code !== EXIT.usage) this.#last = asked;
    return code;
  }

  async #run(context: CommandContext, { text, language }: Asked, format: QueryFormat): Promise<number> {
    const options = this.#options(format);
    if (!isTreeLanguage(language)) {
      const flags = format === "csv" ? { csv: true as const } : format === "ndjson" ? { ndjson: true as const } : {};
      return runEsql(context, text, this.#feed, ecsSchema(), flags, options.narrowed);
    }
    const read = readQuery(text, { language, profile: "tocsin", schema: ecsSchema() });
    printRead(context.err, text, read);
    return read.query === null ? EXIT.usage : runQuery(context, read.query, this.#feed, options);
  }

  /** @throws Failure where the last query is none of the tree of conditions */
  #lastQuery(command: string): { readonly query: NonNullable<ReturnType<typeof readQuery>["query"]>; readonly text: string } {
    if (this.#last === null) throw new Failure(`${command}: there was no query yet`);
    const { text, language } = this.#last;
    if (!isTreeLanguage(language)) throw new Failure(`${command}: not for ES|QL`, { help: "Write `| stats n = count(*) by host.name`." });
    const { query } = readQuery(text, { language, profile: "tocsin", schema: ecsSchema() });
    if (query === null) throw new Failure(`${command}: the last query cannot be read`);
    return { query, text };
  }

  readonly #feed: Feed = (run) => {
    for (const event of this.#events) run.take(event);
    return Promise.resolve({ files: this.#files, errors: 0 });
  };

  #options(format: QueryFormat): RunQueryOptions {
    return {
      format,
      fields: this.#fields,
      timestampField: "@timestamp",
      narrowed: { narrowing: NOT_NARROWED, zone: UTC },
      search: { schema: ecsSchema(), size: Infinity },
    };
  }

  #fieldNames(): ReadonlyMap<string, number> {
    if (this.#names !== null) return this.#names;
    const names = new Map<string, number>();
    for (const { event } of this.#events) for (const { name } of flatten(event)) names.set(name, (names.get(name) ?? 0) + 1);
    return (this.#names = new Map([...names].sort(([a], [b]) => (a < b ? -1 : 1))));
  }

  #counts(fields: readonly string[], counts: FieldCounts): void {
    this.#table(
      fields.join(", "),
      counts.list().map(({ values, events }) => [values.map((value) => value ?? "(missing)"), events] as const),
      counts.events,
    );
  }

  #table(title: string, rows: readonly (readonly [values: readonly string[], events: number])[], of: number): void {
    const { out, err } = this.#context;
    const cells = rows.slice(0, SHOWN).map(([values, events]) => [count(events), values.join("  ")]);
    if (cells.length > 0)
      out.write(
        `${table(
          [
            { title: "events", align: "right" },
            { title, shrink: true },
          ],
          cells,
          out.width,
        )}\n`,
      );
    const more = rows.length > SHOWN ? `, the first ${SHOWN} shown` : "";
    err.write(`${plural(rows.length, "line")}${more}, of ${plural(of, "event")}\n`);
  }
}
