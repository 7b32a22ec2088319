import { plural } from "../../report/index.ts";
import type { InputFile } from "../protocol.ts";

/** A folder of a million files would hold the page up before the first one is read. */
const MAX_FILES = 20_000;

export interface Dropped {
  readonly files: readonly InputFile[];
  /** What could not be listed, or was too much, a sentence each. */
  readonly problems: readonly string[];
}

/** The files that were dropped, folders opened all the way down, in the order of their names. */
export async function droppedFiles(transfer: DataTransfer): Promise<Dropped> {
  const problems: string[] = [];
  const files: InputFile[] = [];
  // The entries must be taken before the first await: the browser empties the list after the event.
  const entries = [...transfer.items].map((item) => (item.kind === "file" ? item.webkitGetAsEntry() : null));
  const plain = [...transfer.files];
  if (entries.every((entry) => entry === null)) return chosenFiles(plain);
  for (const entry of entries) if (entry !== null) await visit(entry, files, problems);
  return { files: inOrder(files), problems };
}

export function chosenFiles(list: Iterable<File>): Dropped {
  const all = [...list].map((file): InputFile => ({ name: file.webkitRelativePath === "" ? file.name : file.webkitRelativePath, file }));
  const problems = all.length > MAX_FILES ? [tooMany()] : [];
  return { files: inOrder(all.slice(0, MAX_FILES)), problems };
}

async function visit(entry: FileSystemEntry, files: InputFile[], problems: string[]): Promise<void> {
  if (files.length >= MAX_FILES) {
    if (!problems.includes(tooMany())) problems.push(tooMany());
    return;
  }
  const name = entry.fullPath.replace(/^\//, "");
  try {
    if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
      files.push({ name, file });
    } else if (entry.isDirectory) {
      const reader = (entry as FileSystemDirectoryEntry).createReader();
      for (;;) {
        // A reader gives a hundred entries at a time, and none when there are no more.
        const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
        if (batch.length === 0) break;
        for (const inner of batch) await visit(inner, files, problems);
      }
    }
  } catch {
    problems.push(`${name} cannot be opened.`);
  }
}

function tooMany(): string {
  return `More than ${plural(MAX_FILES, "file")}: the rest is left out. The command line has no such bound.`;
}

function inOrder(files: InputFile[]): InputFile[] {
  return files.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
