/** The commands of the shell, in the order in which `:help` lists them. */
export interface ShellCommand {
  readonly name: string;
  readonly argument: string;
  readonly description: string;
  /** What its argument is, for completion. */
  readonly takes: "fields" | "language" | "other" | "nothing";
}

export const COMMANDS = [
  { name: ":language", argument: "NAME", takes: "language", description: "the language of the queries to come: eql, kql, lucene, esql" },
  { name: ":fields", argument: "[TEXT]", takes: "fields", description: "the fields of the events, or those whose name has the text in it" },
  { name: ":values", argument: "FIELD", takes: "fields", description: "the values of a field in all events, most frequent first" },
  { name: ":count", argument: "FIELD[,FIELD]", takes: "fields", description: "the same in the events that the last query matched" },
  { name: ":show", argument: "[FIELD,...]", takes: "fields", description: "which fields a table shows; without any, what tells most" },
  { name: ":explain", argument: "", takes: "nothing", description: "why the last query matches, or what comes nearest to it" },
  {
    name: ":save",
    argument: "FILE",
    takes: "other",
    description: "write the answer to the last query into a file: .csv as CSV, otherwise a line of JSON each",
  },
  { name: ":help", argument: "", takes: "nothing", description: "this list" },
  { name: ":quit", argument: "", takes: "nothing", description: "end; Ctrl-D does too" },
] as const satisfies readonly ShellCommand[];

export type CommandName = (typeof COMMANDS)[number]["name"];
