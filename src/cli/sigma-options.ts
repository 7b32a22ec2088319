import type { Command } from "commander";
import {
  readFieldMap,
  readPipeline,
  type LoadRulesOptions,
  type Pipeline,
  type PipelineFile,
  type ReadPipeline,
} from "../workbench/index.ts";
import { Failure } from "./failure.ts";
import type { Terminal } from "./output/terminal.ts";
import { placeholdersIn } from "./placeholders.ts";
import { printRuleProblem } from "./rules.ts";
import { readTextFile } from "./text-file.ts";

export interface PipelineFlags {
  readonly pipeline?: readonly string[];
}

export interface SigmaFlags extends PipelineFlags {
  readonly placeholders?: string;
  readonly fieldMapping?: string;
}

/** What a user says of their own data, for every command that loads Sigma rules. */
export function addSigmaOptions(command: Command): Command {
  return addPipelineOption(command)
    .option(
      "--field-mapping <file>",
      "where Sigma's fields are in your own JSON: YAML of `Image: path.in.the.event`, and under `logsources` what recognises events (docs/sigma.md)",
    )
    .option("--placeholders <file>", "what %name% stands for in Sigma rules: YAML of `name: [text, ...]`");
}

export function addPipelineOption(command: Command): Command {
  return command.option("--pipeline <file...>", "processing pipelines of pySigma (YAML), applied to Sigma rules in order of priority");
}

/** The options read; what is wrong with a file is printed, and ends the command. */
export function sigmaOptions(err: Terminal, flags: SigmaFlags): Pick<LoadRulesOptions, "placeholders" | "pipelines"> {
  const pipelines = pipelinesIn(err, flags);
  if (flags.fieldMapping !== undefined) pipelines.push(required(err, flags.fieldMapping, readFieldMap));
  return {
    ...(flags.placeholders === undefined ? {} : { placeholders: placeholdersIn(flags.placeholders) }),
    ...(pipelines.length === 0 ? {} : { pipelines }),
  };
}

export function pipelinesIn(err: Terminal, { pipeline = [] }: PipelineFlags): Pipeline[] {
  return pipeline.map((file) => required(err, file, readPipeline));
}

function required(err: Terminal, path: string, read: (file: PipelineFile) => ReadPipeline): Pipeline {
  const { pipeline, problems } = read({ path, text: readTextFile(path) });
  for (const problem of problems) printRuleProblem(err, problem);
  if (pipeline === null) throw new Failure(`${path} cannot be used`, { help: "Mend the place above." });
  return pipeline;
}
