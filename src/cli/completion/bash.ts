import type { CommandWords } from "./words.ts";

/** A completion script for bash. Where nothing of ours fits, bash proposes files as it always does. */
export function bashCompletion(commands: readonly CommandWords[]): string {
  const cases = commands.map(({ path, commands: below, options }) => {
    const valued = options
      .filter(({ values }) => values.length > 0)
      .map(({ name, values }) => `      ${name}) words='${values.join(" ")}' ;;`);
    const files = options.filter(({ takesValue, values }) => takesValue && values.length === 0).map(({ name }) => name);
    return [
      `    '${path}')`,
      `      below='${below.map(({ name }) => name).join(" ")}'`,
      `      options='${options.map(({ name }) => name).join(" ")}'`,
      `      case "$before" in`,
      ...valued,
      ...(files.length > 0 ? [`      ${files.join("|")}) return ;;`] : []),
      `      esac ;;`,
    ].join("\n");
  });
  return `# bash completion of tocsin: source it, or put it into ~/.local/share/bash-completion/completions/tocsin
_tocsin() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" path=tocsin known below='' options='' words='' i
  known='${commands.map(({ path }) => path).join("|")}'
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "|$known|" in *"|$path \${COMP_WORDS[i]}|"*) path="$path \${COMP_WORDS[i]}" ;; esac
  done
  COMPREPLY=()
  case "$path" in
${cases.join("\n")}
  esac
  if [ -z "$words" ]; then
    case "$word" in
    -*) words="$options" ;;
    *) words="$below" ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o bashdefault -o default -F _tocsin tocsin
`;
}
