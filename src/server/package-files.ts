/** What can be downloaded of a package, and what the bench loads of it. */
import { zipSync, type Zippable } from "fflate";
import { attackLayer, kibanaBundle, PLATFORM_NAMES, type PlatformName } from "../workbench/index.ts";
import { textFile, type FilePage } from "./page.ts";
import type { PackageView } from "./package-view.ts";

const encoder = new TextEncoder();
/** The same content is the same file, whenever it is made. */
const STILL = new Date(Date.UTC(1980, 0, 2));

export function packageFiles(view: PackageView): FilePage[] {
  const at = (name: string): string => `${view.path}files/${name}`;
  const { detection } = view;
  const files: FilePage[] = [
    textFile(`data/${view.id}.json`, "application/json", () => JSON.stringify(Object.fromEntries(view.files))),
    {
      kind: "file",
      path: at(`${view.id}.zip`),
      type: "application/zip",
      bytes: () => zip([...view.files].map(([path, text]) => [`${view.id}/${path}`, text])),
    },
    textFile(at("navigator.json"), "application/json", () => attackLayer(`${detection.id} ${detection.meta.title}`, [detection])),
    ...(["playbook", "guide"] as const).flatMap((name) =>
      detection[name] === "" ? [] : [textFile(at(`${name}.md`), "text/markdown", () => detection[name])],
    ),
    {
      kind: "file",
      path: at("eql.zip"),
      type: "application/zip",
      bytes: () => zip(detection.rules.map((rule) => [`${rule.id}.eql`, ended(rule.query)])),
    },
    ...detection.rules.map((rule) => textFile(at(`eql/${rule.id}.eql`), "text/plain", () => ended(rule.query))),
    ...detection.rules.map((rule) => textFile(at(`sigma/${rule.id}.yml`), "application/yaml", () => view.translation(rule, "sigma").text)),
  ];
  for (const name of PLATFORM_NAMES)
    files.push({ kind: "file", path: at(`${name}.zip`), type: "application/zip", bytes: () => zip(translated(view, name)) });
  files.push(textFile(at("kibana.ndjson"), "application/x-ndjson", () => kibanaBundle(detection, new Map())?.text ?? ""));
  return files;
}

/** A platform's files: the rules that can be written there, what it takes in, and what is lost. */
function translated(view: PackageView, platform: PlatformName): [string, string][] {
  const files: [string, string][] = [];
  const losses: object[] = [];
  for (const rule of view.detection.rules) {
    const made = view.translation(rule, platform);
    if (made.text !== "") files.push([`${rule.id}.${made.extension}`, ended(made.text)]);
    for (const file of made.files) files.push([file.name, file.text]);
    for (const { effect, source, reason, advice } of made.losses) losses.push({ rule: rule.id, effect, source, reason, advice });
  }
  if (losses.length > 0) files.push(["losses.json", `${JSON.stringify(losses, null, 2)}\n`]);
  return files;
}

function zip(files: readonly (readonly [path: string, text: string])[]): Uint8Array {
  const content: Zippable = {};
  for (const [path, text] of files) content[path] = encoder.encode(text);
  return zipSync(content, { mtime: STILL, level: 9 });
}

function ended(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}
