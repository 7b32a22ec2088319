import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll } from "vitest";

export interface WorkFolder {
  readonly path: string;
  /** Writes a file below the folder. Returns its absolute path. */
  readonly file: (name: string, content: string | Uint8Array) => string;
}

/** An empty folder in which the commands of a test file run. It goes away with them. */
export function workFolder(): WorkFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "tocsin-cli-")));
  const before = process.cwd();
  beforeAll(() => process.chdir(path));
  afterAll(() => {
    process.chdir(before);
    rmSync(path, { recursive: true, force: true });
  });
  return {
    path,
    file(name, content) {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
  };
}
