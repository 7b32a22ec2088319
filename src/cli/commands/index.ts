import type { Command } from "commander";
import type { CommandContext } from "../context.ts";
import { addCompletion } from "./completion.ts";
import { addConvert } from "./convert.ts";
import { addEvade } from "./evade.ts";
import { addExplain } from "./explain.ts";
import { addFmt } from "./fmt.ts";
import { addHunt } from "./hunt.ts";
import { addInspect } from "./inspect.ts";
import { addLint } from "./lint.ts";
import { addManual } from "./manual.ts";
import { addNew } from "./new.ts";
import { addProve } from "./prove.ts";
import { addQuery } from "./query.ts";
import { addRules } from "./rules.ts";
import { addSearch } from "./search.ts";
import { addServe } from "./serve.ts";
import { addSite } from "./site.ts";
import { addTranslate } from "./translate.ts";
import { addTune } from "./tune.ts";

/** In the order in which `--help` lists them. */
export const COMMANDS: readonly ((program: Command, context: CommandContext) => void)[] = [
  addHunt,
  addQuery,
  addSearch,
  addInspect,
  addNew,
  addProve,
  addLint,
  addEvade,
  addExplain,
  addTune,
  addTranslate,
  addConvert,
  addFmt,
  addRules,
  addServe,
  addSite,
  addCompletion,
  addManual,
];
