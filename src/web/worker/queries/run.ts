import { isTreeLanguage } from "../../../workbench/index.ts";
import type { InputFile, QueryAsk } from "../../protocol.ts";
import { runEsql } from "./esql.ts";
import { refused, type QueryRun, type QueryWatch } from "./result.ts";
import { runTree } from "./tree.ts";

/** A query in any language over the files. */
export function runQuery(ask: QueryAsk, files: readonly InputFile[], watch: QueryWatch): Promise<QueryRun> {
  const { text, language, countBy } = ask;
  if (isTreeLanguage(language)) return runTree({ text, language, countBy }, files, watch);
  return countBy.length > 0
    ? Promise.resolve(refused(["ES|QL counts by itself: `| stats n = count(*) by host.name`."]))
    : runEsql(text, files, watch);
}
