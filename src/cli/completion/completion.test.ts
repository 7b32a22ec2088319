import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tocsin } from "../testing/in-process.ts";
import { workFolder } from "../testing/work-folder.ts";

const work = workFolder();

const has = (program: string): boolean => spawnSync(program, ["--version"]).error === undefined;

async function script(shell: string): Promise<string> {
  const file = join(work.path, `completion.${shell}`);
  writeFileSync(file, (await tocsin(["completion", shell])).stdout);
  return file;
}

/** A command line, the word that is being typed last, and what must and must not be proposed for it. */
const LINES: readonly [line: string, proposed: readonly string[], not: readonly string[]][] = [
  ["tocsin hu", ["hunt"], ["query"]],
  ["tocsin hunt logs --str", ["--strict-elastic"], ["--rules"]],
  ["tocsin query --js", ["--json"], ["--html"]],
  ["tocsin rules ", ["add", "list", "remove"], ["hunt"]],
  ["tocsin rules add --h", ["--here", "--help"], ["--html"]],
  ["tocsin completion --h", ["--help"], ["--here"]],
];

describe("bash", () => {
  test.skipIf(!has("bash")).each(LINES)("%s", async (line, proposed, not) => {
    const words = line.split(" ");
    const quoted = words.map((word) => `'${word}'`).join(" ");
    const code = `source '${await script("bash")}'; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _tocsin; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const found = execFileSync("bash", ["--norc", "-c", code], { encoding: "utf8" }).split("\n");
    expect(found).toEqual(expect.arrayContaining([...proposed]));
    for (const word of not) expect(found).not.toContain(word);
  });
});

describe("fish", () => {
  test.skipIf(!has("fish")).each(LINES)("%s", async (line, proposed, not) => {
    const found = execFileSync("fish", ["--no-config", "-c", `source '${await script("fish")}'; complete -C '${line}'`], {
      encoding: "utf8",
      env: { ...process.env, HOME: work.path },
    })
      .split("\n")
      .map((row) => row.split("\t")[0]);
    expect(found).toEqual(expect.arrayContaining([...proposed]));
    for (const word of not) expect(found).not.toContain(word);
  });
});

// What zsh proposes is seen in a terminal of its own, which `zpty` gives.
describe("zsh", () => {
  test.skipIf(!has("zsh")).each(LINES)("%s", async (line, proposed, not) => {
    const code = `
zmodload zsh/zpty
zpty -b it zsh -f -i
zpty -w it "PS1='' PROMPT=''; stty -echo; autoload -Uz compinit; compinit -D -u; source '${await script("zsh")}'; print READY"
while zpty -r it row; do [[ $row == *READY* && $row != *print* ]] && break; done
zpty -n -w it $'${line}\\t\\t'
all=''
for i in {1..100}; do
  while zpty -r -t it row 2>/dev/null; do all+=$row; done
  [[ $all == *'${proposed.at(-1)!}'* ]] && break
  sleep 0.05
done
zpty -d it
print -r -- $all`;
    const shown = execFileSync("zsh", ["-f", "-c", code], { encoding: "utf8", timeout: 20_000, env: { ...process.env, TERM: "dumb" } });
    // A single proposal is written out; several are listed.
    for (const word of proposed)
      expect(shown).toContain(word.length > line.split(" ").at(-1)!.length && proposed.length === 1 ? word : word);
    for (const word of not) expect(shown).not.toContain(word);
  });
});

describe("PowerShell", () => {
  test.skipIf(!has("pwsh"))("proposes what the other shells do", async () => {
    const file = await script("powershell");
    for (const [line, proposed, not] of LINES) {
      const code = `. '${file}'; (TabExpansion2 -inputScript '${line}' -cursorColumn ${line.length}).CompletionMatches.CompletionText`;
      const found = execFileSync("pwsh", ["-NoProfile", "-Command", code], { encoding: "utf8" }).split(/\r?\n/);
      expect(found).toEqual(expect.arrayContaining([...proposed]));
      for (const word of not) expect(found).not.toContain(word);
    }
  });

  test("every text in the script is quoted whole", async () => {
    const { stdout } = await tocsin(["completion", "powershell"]);
    // With the quoted texts taken out, no word of a description is left over in the table.
    const table = stdout.slice(stdout.indexOf("$known"), stdout.indexOf("$path = 'tocsin'"));
    expect(table.replaceAll(/'(?:[^']|'')*'/g, "").replaceAll(/Commands|Options|Values|known/g, "")).not.toMatch(/[a-z]/i);
  });
});

describe("the manual page", () => {
  test("names every command and option", async () => {
    const { stdout } = await tocsin(["manual"]);
    expect(stdout).toContain('.SS "tocsin hunt \\fIpath\\fR..."');
    expect(stdout).toContain("\\-\\-strict\\-elastic");
  });

  test.skipIf(!has("mandoc"))("is sound (mandoc)", async () => {
    const { stdout } = await tocsin(["manual"]);
    const { stdout: said } = spawnSync("mandoc", ["-T", "lint", "-W", "warning"], { input: stdout, encoding: "utf8" });
    // It has no date, so that the same source gives the same build.
    expect(said.split("\n").filter((row) => !row.includes("missing date"))).toEqual([""]);
  });
});
