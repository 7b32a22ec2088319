import type { CommandWords } from "./words.ts";

/** A completion script for fish. */
export function fishCompletion(commands: readonly CommandWords[]): string {
  const lines = commands.flatMap(({ path, commands: below, options }) => {
    const when = `-n ${quoted(`__tocsin_at ${quoted(path)}`)}`;
    return [
      ...below.map(({ name, description }) => `complete -c tocsin ${when} -f -a ${name} -d ${quoted(description)}`),
      ...options.map(({ name, description, takesValue, values }) => {
        const value = !takesValue ? "" : values.length > 0 ? ` -x -a ${quoted(values.join(" "))}` : " -r";
        return `complete -c tocsin ${when} -l ${name.slice(2)}${value} -d ${quoted(description)}`;
      }),
    ];
  });
  return `# fish completion of tocsin: put it into ~/.config/fish/completions/tocsin.fish
function __tocsin_at --description 'whether the command line stands at this command'
  set -l known ${commands.map(({ path }) => quoted(path)).join(" ")}
  set -l path tocsin
  for word in (commandline -opc)[2..]
    contains -- "$path $word" $known; and set path "$path $word"
  end
  test "$path" = "$argv[1]"
end
${lines.join("\n")}
`;
}

const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
