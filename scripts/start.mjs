// `npm start`: install, build, hunt in the bundled sample, serve the result. `npm start -- <args>` is the command line.
import { spawn } from "node:child_process";
import { build, command, install, node } from "./prepare.mjs";

install();
build();
const args = process.argv.slice(2);
const child = spawn(node, [command, ...(args.length > 0 ? args : ["serve"])], {
  // Paths on the command line are the caller's, wherever npm was started.
  cwd: process.env.INIT_CWD ?? process.cwd(),
  stdio: "inherit",
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 143)));
