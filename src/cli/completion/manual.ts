import type { Command, Option } from "commander";
import { EXIT_MEANING } from "../failure.ts";

/** The manual page of the program, section 1, in the macros of man(7). */
export function manualPage(program: Command): string {
  const commands = program.commands.filter((command) => command.name() !== "help");
  return `.\\" Written by \`npm run docs\` from the commands themselves.
.TH TOCSIN 1 "" "tocsin ${program.version() ?? ""}" "Tocsin"
.SH NAME
tocsin \\- run, prove and ship security detections
.SH SYNOPSIS
.B tocsin
.I command
[\\fIoptions\\fR] [\\fIargument\\fR...]
.SH DESCRIPTION
${text(program.description())}
.SH COMMANDS
${commands.flatMap((command) => commandText(command, "")).join("\n")}
.SH EXIT STATUS
${Object.entries(EXIT_MEANING)
  .map(([code, meaning]) => `.TP\n.B ${code}\n${text(sentence(meaning))}`)
  .join("\n")}
.SH FILES
.TP
.I tocsin.yaml
Defaults of options, found in the current folder or above it, else the user's own in
.I $XDG_CONFIG_HOME/tocsin
or
.IR %APPDATA%\\\\tocsin .
.SH ENVIRONMENT
.TP
.B TOCSIN_CONFIG
Names another configuration; where it is empty, none is read.
`;
}

function commandText(command: Command, above: string): string[] {
  const name = `${above}${command.name()}`;
  const paths = command.registeredArguments.map((argument) => {
    const one = `\\fI${text(argument.name())}\\fR${argument.variadic ? "..." : ""}`;
    return argument.required ? one : `[${one}]`;
  });
  const below = command.commands.filter((one) => one.name() !== "help");
  return [
    `.SS "${text(`tocsin ${name}`)}${paths.length === 0 ? "" : ` ${paths.join(" ")}`}"`,
    text(sentence(command.description())),
    ...command.registeredArguments
      .filter(({ description }) => description !== "")
      .map((argument) => entry(`\\fI${text(argument.name())}\\fR`, argument.description)),
    ...command.options.filter(({ hidden }) => !hidden).map(optionText),
    ...below.flatMap((one) => commandText(one, `${name} `)),
  ];
}

const optionText = (option: Option): string => entry(`\\fB${text(option.flags)}\\fR`, option.description);

const entry = (term: string, description: string): string => `.TP\n${term}\n${text(sentence(description))}`;

/** Descriptions begin small and end without a full stop, as commander prints them. */
const sentence = (description: string): string => `${description.charAt(0).toUpperCase()}${description.slice(1)}.`;

/** As it is to be read: a hyphen that can be copied, and no line that is taken for a macro. */
const text = (plain: string): string =>
  plain
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll('"', "\\(dq")
    .replace(/^(?=[.'])/gm, "\\&");
