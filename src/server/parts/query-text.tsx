/** A rule's text in the language it is written in, coloured as far as that is known. The text is exactly the rule's. */
import type { RuleDetails } from "../../workbench/index.ts";
import { CodeText, EqlText } from "./eql.tsx";

export function QueryText(props: { text: string; language: RuleDetails["language"]; label: string }) {
  const { text, language, label } = props;
  if (language === "eql") return <EqlText text={text} label={label} />;
  if (language === "yaml") return <CodeText text={<YamlTokens text={text} />} label={label} />;
  return <CodeText text={<QueryTokens text={text} />} label={label} />;
}

/** Keys, values and comments, a line at a time. */
function YamlTokens(props: { text: string }) {
  return (
    <>
      {props.text.split("\n").map((line, i) => {
        const end = i === 0 ? "" : "\n";
        const comment = /^\s*#/.test(line);
        if (comment)
          return (
            <>
              {end}
              <span class="comment">{line}</span>
            </>
          );
        const [, before = "", key, colon = "", rest = line] = /^(\s*(?:- +)*)([^\s:#'"{[][^:#]*)(:)(?=\s|$)(.*)$/s.exec(line) ?? [];
        if (key === undefined)
          return (
            <>
              {end}
              {line}
            </>
          );
        const [, value = rest, note = ""] = /^(.*?)(\s+#[^'"]*)?$/s.exec(rest) ?? [];
        return (
          <>
            {end}
            {before}
            <span class="keyword">{key}</span>
            {colon}
            {value === "" ? null : <span class="string">{value}</span>}
            {note === "" ? null : <span class="comment">{note}</span>}
          </>
        );
      })}
    </>
  );
}

const PIECES =
  /("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(\/\/[^\n]*)|\b(and|or|not|from|where|stats|eval|by|keep|sort|limit|in|like|rlike|is|null)\b|(\s+|[^\s"'/]+|.)/gis;

/** Texts, comments and words of KQL and ES|QL. */
function QueryTokens(props: { text: string }) {
  return (
    <>
      {Array.from(props.text.matchAll(PIECES), ([piece, text, comment, word]) => {
        const name = text !== undefined ? "string" : comment !== undefined ? "comment" : word !== undefined ? "keyword" : null;
        return name === null ? piece : <span class={name}>{piece}</span>;
      })}
    </>
  );
}
