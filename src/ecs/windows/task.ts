/** The text of a scheduled task (Task Scheduler schema 1.2, "Task" and "Exec"). */
import { parseXml, type XmlElement, XmlError } from "../../readers/index.ts";

/** The program that a task starts. */
export interface TaskProgram {
  /** As it stands in the task, quotes and variables included. */
  readonly command: string;
  readonly parameters: string | undefined;
  readonly directory: string | undefined;
}

/** An event of Windows holds at most 64 kB; a larger text was not written by it. */
const MAX_CHARS = 1_000_000;
const MAX_DEPTH = 32;

/** The first program among the actions of a task; null where there is none, or the text is no task. */
export function taskProgram(text: string): TaskProgram | null {
  if (text.length > MAX_CHARS || !text.includes("<Exec")) return null;
  let task: XmlElement;
  try {
    task = parseXml(text, MAX_DEPTH);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    return null;
  }
  if (task.name !== "Task") return null;
  const exec = first(first(task, "Actions"), "Exec");
  const command = content(first(exec, "Command"));
  if (command === undefined) return null;
  return { command, parameters: content(first(exec, "Arguments")), directory: content(first(exec, "WorkingDirectory")) };
}

function first(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child): child is XmlElement => typeof child !== "string" && child.name === name);
}

/** Its text without the blanks around it; undefined where there is none. */
function content(element: XmlElement | undefined): string | undefined {
  const text = element?.children
    .filter((child) => typeof child === "string")
    .join("")
    .trim();
  return text === "" ? undefined : text;
}
