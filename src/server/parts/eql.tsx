import type { Child } from "hono/jsx";
import { tokenClass, tokenize } from "../../eql/index.ts";

/** EQL with the colours of our own lexer (classes of the style sheet), for inside a `pre` or a cell. The text is exactly the query's. */
export function EqlTokens(props: { text: string }) {
  const { tokens } = tokenize(props.text);
  return (
    <code>
      {tokens.map((token, i) => {
        const name = tokenClass(token, tokens[i + 1]);
        return name === null ? token.text : <span class={name}>{token.text}</span>;
      })}
    </code>
  );
}

/** @param label what a screen reader says of the block. */
export function EqlText(props: { text: string; label?: string; id?: string }) {
  return (
    <CodeFrame id={props.id}>
      <pre class="eql" tabindex={0} role="group" aria-label={props.label ?? "Query"}>
        <EqlTokens text={props.text} />
      </pre>
    </CodeFrame>
  );
}

/** Text in any other language, as it stands. */
export function CodeText(props: { text: Child; label: string; id?: string }) {
  return (
    <CodeFrame id={props.id}>
      <pre tabindex={0} role="group" aria-label={props.label}>
        <code>{props.text}</code>
      </pre>
    </CodeFrame>
  );
}

/** A block with a copy button, which is there once the page's script runs. */
function CodeFrame(props: { children: unknown; id: string | undefined }) {
  return (
    <div class="code" {...(props.id === undefined ? {} : { id: props.id })}>
      <button type="button" class="copy" hidden>
        Copy
      </button>
      {props.children}
    </div>
  );
}
