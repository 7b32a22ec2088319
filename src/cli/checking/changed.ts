/** What git says has changed. Git is asked as a process; nothing of a repository is run. */
import { spawnSync } from "node:child_process";
import { realpathSync, statSync } from "node:fs";
import { dirname, resolve, sep } from "node:path";
import { Failure } from "../failure.ts";

/** Files that differ from a commit, committed or not, new ones and removed ones among them. */
export class ChangedFiles {
  readonly #ref: string;
  readonly #byRepository = new Map<string, ReadonlySet<string>>();

  /** @param ref true: the last commit */
  constructor(ref: string | true) {
    this.#ref = ref === true ? "HEAD" : ref;
  }

  get ref(): string {
    return this.#ref;
  }

  /** Whether the file, or a file in the folder, has changed. */
  has(path: string): boolean {
    const whole = real(path);
    const changed = this.#in(whole);
    if (changed.has(whole)) return true;
    const folder = `${whole}${sep}`;
    for (const file of changed) if (file.startsWith(folder)) return true;
    return false;
  }

  #in(path: string): ReadonlySet<string> {
    const folder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? path : dirname(path);
    for (const [top, files] of this.#byRepository) if (`${folder}${sep}`.startsWith(`${top}${sep}`)) return files;
    const top = real(git(folder, ["rev-parse", "--show-toplevel"], `--changed: ${folder} is not in a git checkout`).trim());
    let files = this.#byRepository.get(top);
    if (files === undefined) this.#byRepository.set(top, (files = filesSince(top, this.#ref)));
    return files;
  }
}

/**
 * Against where the commit and the work here parted, so that what happened on the other branch since is no change of ours.
 */
function filesSince(top: string, ref: string): ReadonlySet<string> {
  const unknown = `--changed: ${ref} is no commit, branch or tag in ${top}`;
  const commit = git(top, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`], unknown).trim();
  const base = spawn(top, ["merge-base", commit, "HEAD"]);
  // Histories without anything in common, as a shallow clone has them, are compared as they are.
  const from = base.status === 0 ? base.stdout.trim() : commit;
  const why = `--changed: git cannot compare with ${ref}`;
  const differing = git(top, ["diff", "--name-only", "--no-renames", "--no-ext-diff", "--no-textconv", "-z", from, "--"], why);
  const untracked = git(top, ["ls-files", "--others", "--exclude-standard", "-z"], why);
  return new Set(
    `${differing}\0${untracked}`
      .split("\0")
      .filter((file) => file !== "")
      .map((file) => resolve(top, file)),
  );
}

function git(folder: string, args: readonly string[], failure: string): string {
  const { status, stdout, stderr, error } = spawn(folder, args);
  if (error !== undefined && (error as NodeJS.ErrnoException).code === "ENOENT")
    throw new Failure("--changed: there is no git on this machine", { help: "Install git, or leave the option out." });
  if (status !== 0) {
    const reason = stderr.trim().split("\n", 1)[0] ?? "";
    throw new Failure(failure, {
      help: reason === "" ? "Paths stand before --changed, which takes the word behind it as a ref." : `git says: ${reason}`,
    });
  }
  return stdout;
}

function spawn(folder: string, args: readonly string[]) {
  // A file-system monitor would be a program that the repository names.
  return spawnSync("git", ["-c", "core.fsmonitor=false", "-C", folder, ...args], { encoding: "utf8", maxBuffer: 256 * 1024 * 1024 });
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
