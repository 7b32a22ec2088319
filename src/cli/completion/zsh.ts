import type { CommandWords, OptionWords } from "./words.ts";

/** A completion script for zsh. */
export function zshCompletion(commands: readonly CommandWords[]): string {
  return `#compdef tocsin
# zsh completion of tocsin: put it as _tocsin into a folder of $fpath
${commands.map(functionOf).join("\n")}
if [ "$funcstack[1]" = "_tocsin" ]; then _tocsin "$@"; else compdef _tocsin tocsin; fi
`;
}

function functionOf({ path, commands, options }: CommandWords): string {
  const name = functionName(path);
  if (commands.length === 0) return `${name}() {\n  _arguments -s ${options.map(optionSpec).join(" ")} '*:file:_files'\n}`;
  return `${name}() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C ${options.map(optionSpec).join(" ")} '1:command:->command' '*::argument:->argument'
  case "$state" in
  command)
    local -a below=(${commands.map(({ name: one, description }) => quoted(`${one.replaceAll(":", "\\:")}:${description}`)).join(" ")})
    _describe command below ;;
  argument)
    case "$line[1]" in
${commands.map((one) => `    ${one.name}) ${functionName(`${path} ${one.name}`)} ;;`).join("\n")}
    *) _files ;;
    esac ;;
  esac
}`;
}

function optionSpec({ name, description, takesValue, values }: OptionWords): string {
  const value = !takesValue ? "" : values.length > 0 ? `:value:(${values.join(" ")})` : ":file:_files";
  return quoted(`${name}[${description.replace(/[[\]:\\]/g, "\\$&")}]${value}`);
}

const functionName = (path: string): string => `_${path.replaceAll(" ", "_").replaceAll("-", "_")}`;

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
