import { enableCompileCache } from "node:module";
import { codeFolder } from "./cache/code.ts";
import { processContext } from "./context.ts";

const context = processContext();
const folder = codeFolder(context.cacheFolder);
if (folder !== null) enableCompileCache(folder);
const { run } = await import("./run.ts");
process.exitCode = await run(process.argv.slice(2), context);
