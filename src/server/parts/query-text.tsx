/** Rules and queries in the language they are written in, coloured. The text is exactly the rule's; colours are worked out here, the page has no script for it. */
import { codeTokens, type CodeLanguage } from "../../report/index.ts";
import { PLATFORMS, type PlatformName, type RuleDetails } from "../../workbench/index.ts";
import { CodeText, EqlText } from "./eql.tsx";

interface Block {
  readonly text: string;
  /** What a screen reader says of it. */
  readonly label: string;
}

/** A rule's text as it was written. */
export function QueryText({ text, language, label }: Block & { readonly language: RuleDetails["language"] }) {
  if (language === "eql") return <EqlText text={text} label={label} />;
  return <ColouredText text={text} language={language === "kql" ? "kuery" : language} label={label} />;
}

/** A rule in a platform's language. */
export function PlatformQuery({ text, platform, label }: Block & { readonly platform: string }) {
  const language = OF_EXTENSION[Object.hasOwn(PLATFORMS, platform) ? PLATFORMS[platform as PlatformName].extension : platform];
  if (language === "eql") return <EqlText text={text} label={label} />;
  if (language === undefined) return <CodeText text={text} label={label} />;
  return <ColouredText text={text} language={language} label={label} />;
}

/** What the files of each platform are written in; one that is not here stays plain. */
const OF_EXTENSION: { readonly [extension: string]: CodeLanguage | "eql" | undefined } = {
  eql: "eql",
  esql: "esql",
  lucene: "lucene",
  kql: "kusto",
  spl: "spl",
  sql: "sql",
  aql: "sql",
  yml: "yaml",
  json: "json",
  ndjson: "json",
  xml: "xml",
  py: "script",
  yaral: "script",
  sumo: "script",
  logscale: "script",
};

export function ColouredText({ text, language, label }: Block & { readonly language: CodeLanguage }) {
  return <CodeText text={<CodeTokens text={text} language={language} />} label={label} />;
}

function CodeTokens({ text, language }: { readonly text: string; readonly language: CodeLanguage }) {
  return <>{codeTokens(text, language).map(({ text: piece, kind }) => (kind === null ? piece : <span class={kind}>{piece}</span>))}</>;
}
