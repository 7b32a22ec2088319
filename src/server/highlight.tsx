import { tokenize, type Token } from "../eql/index.ts";

/** The words are the colour classes of the style sheet. */
function classOf(token: Token, next: Token | undefined): string | null {
  switch (token.kind) {
    case "keyword":
      return "keyword";
    case "string":
      return "string";
    case "integer":
    case "decimal":
      return "number";
    case "comment":
      return "comment";
    case "tilde-identifier":
      return "function";
    case "identifier":
      return next?.kind === "symbol" && next.text === "(" ? "function" : null;
    default:
      return null;
  }
}

/** A query with the colours of our own lexer. The text is exactly the query's. */
export function EqlText(props: { text: string }) {
  const { tokens } = tokenize(props.text);
  return (
    <pre class="eql" tabindex={0} aria-label="Query">
      <code>
        {tokens.map((token, i) => {
          const name = classOf(token, tokens[i + 1]);
          return name === null ? token.text : <span class={name}>{token.text}</span>;
        })}
      </code>
    </pre>
  );
}
