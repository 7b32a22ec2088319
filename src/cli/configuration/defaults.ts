import type { Command } from "commander";
import type { Configuration, ConfigurationValue } from "./configuration.ts";
import { CONFIGURATION_KEYS, isKeyName, PATHS_OF, type ConfigurationKey, type KeyName } from "./keys.ts";

/**
 * Makes the configuration's values the defaults of a command's options and paths. What the command line says replaces them.
 * @returns the keys that the command has.
 */
export function applyConfiguration(command: Command, configuration: Configuration): ReadonlySet<KeyName> {
  const ofCommand = configuration.commands.get(command.name());
  const valueOf = (key: KeyName): ConfigurationValue | undefined => ofCommand?.get(key) ?? configuration.values.get(key);
  const applied = new Set<KeyName>();
  for (const option of command.options) {
    const key = option.long?.replace(/^--(?:no-)?/, "") ?? "";
    const value = isKeyName(key) ? valueOf(key) : undefined;
    if (value === undefined) continue;
    // Commander adds what the command line says to a list that is not the default.
    option.default(value, Array.isArray(value) ? value.join(" ") : undefined);
    command.setOptionValueWithSource(option.attributeName(), value, "default");
    applied.add(key as KeyName);
  }
  const paths = command.registeredArguments.at(-1);
  const key = PATHS_OF.get(command.name());
  const value = key === undefined ? undefined : valueOf(key);
  if (paths?.variadic === true && key !== undefined && value !== undefined) {
    paths.required = false;
    paths.default(value);
    applied.add(key);
  }
  return applied;
}

/** Of the keys that the command has, those that the command line left to the configuration. What it says otherwise about is no default any more. */
export function keysInUse(command: Command, applied: ReadonlySet<KeyName>): KeyName[] {
  return [...applied].filter((key) => {
    const option = command.options.find(({ long }) => long === `--${key}` || long === `--no-${key}`);
    if (option === undefined) return command.args.length < command.registeredArguments.length;
    const name = option.attributeName();
    const { yieldsTo = [] }: ConfigurationKey = CONFIGURATION_KEYS[key];
    if (yieldsTo.some((other) => command.getOptionValueSource(other) === "cli")) {
      command.setOptionValueWithSource(name, undefined, "default");
      return false;
    }
    return command.getOptionValueSource(name) === "default";
  });
}
