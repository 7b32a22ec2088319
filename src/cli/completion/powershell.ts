import type { CommandWords } from "./words.ts";

/** A completion script for PowerShell, on Windows and elsewhere. Where nothing of ours fits, files are proposed as always. */
export function powershellCompletion(commands: readonly CommandWords[]): string {
  const entries = commands.map(({ path, commands: below, options }) => {
    const words = (list: readonly { readonly name: string; readonly description: string }[]): string =>
      `@(${list.map(({ name, description }) => `@(${quoted(name)}, ${quoted(description)})`).join(", ")})`;
    const values = options
      .filter((option) => option.values.length > 0)
      .map(({ name, values: v }) => `${quoted(name)} = @(${v.map(quoted).join(", ")})`);
    return `    ${quoted(path)} = @{ Commands = ${words(below)}; Options = ${words(options)}; Values = @{ ${values.join("; ")} } }`;
  });
  return `# PowerShell completion of tocsin: add \`tocsin completion powershell | Out-String | Invoke-Expression\` to $PROFILE
Register-ArgumentCompleter -Native -CommandName tocsin -ScriptBlock {
  param($word, $line, $cursor)
  $known = @{
${entries.join("\n")}
  }
  $path = 'tocsin'
  $before = ''
  foreach ($element in $line.CommandElements | Select-Object -Skip 1) {
    if ($element.Extent.EndOffset -ge $cursor -and $word -ne '') { break }
    $before = $element.ToString()
    if ($known.ContainsKey("$path $before")) { $path = "$path $before" }
  }
  $here = $known[$path]
  if ($here.Values.ContainsKey($before)) { $words = $here.Values[$before] | ForEach-Object { , @($_, $_) } }
  elseif ($word.StartsWith('-')) { $words = $here.Options }
  else { $words = $here.Commands }
  $words | Where-Object { $_[0].StartsWith($word) } | ForEach-Object {
    $tip = if ($_[1]) { $_[1] } else { $_[0] }
    [System.Management.Automation.CompletionResult]::new($_[0], $_[0], 'ParameterValue', $tip)
  }
}
`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
