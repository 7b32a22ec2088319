import { Command } from "commander";
import { expect, test } from "vitest";
import { capturedContext, tocsin } from "../testing/in-process.ts";
import { COMMANDS } from "./index.ts";

test.each(COMMANDS)("what `--help` lists of $name is what the command takes", async ({ name, usage, load }) => {
  const command = new Command("tocsin").command(name);
  (await load())(command, capturedContext().context);
  const taken = command.registeredArguments.map((argument) => {
    const text = `${argument.name()}${argument.variadic ? "..." : ""}`;
    return argument.required ? `<${text}>` : `[${text}]`;
  });
  const options = command.options.length > 0 ? ["[options]"] : [];
  const below = command.commands.length > 0 ? ["[command]"] : [];
  expect(usage).toBe([...options, ...below, ...taken].join(" "));
});

test("`help` loads the command that it names", async () => {
  const asked = await tocsin(["help", "fmt"]);
  expect(asked).toEqual(await tocsin(["fmt", "--help"]));
  expect(asked.stdout).toContain("--check");
});
