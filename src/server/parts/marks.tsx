/** Small words with a meaning. */
import type { Child } from "hono/jsx";
import type { PageLinks } from "../page-links.ts";

export function Tag(props: { children: Child }) {
  return <code class="tag">{props.children}</code>;
}

export function Tags(props: { of: readonly string[] }) {
  return (
    <>
      {props.of.map((text) => (
        <>
          <Tag>{text}</Tag>{" "}
        </>
      ))}
    </>
  );
}

/** A text that more follows: with its full stop. */
export function sentence(text: string): string {
  return /[.!?:]$/.test(text) ? text : `${text}.`;
}

/** A sentence in which code stands between back-quotes. */
export function Coded(props: { text: string }) {
  const parts = props.text.split("`");
  // An odd back-quote is only a back-quote.
  if (parts.length % 2 === 0) return <>{props.text}</>;
  return <>{parts.map((part, i) => (i % 2 === 0 ? part : <code>{part}</code>))}</>;
}

/** Rules by their ids, each linking to its page. */
export function RuleLinks(props: { rules: readonly string[]; of: string; links: PageLinks; none?: string }) {
  if (props.rules.length === 0) return <>{props.none ?? "none"}</>;
  return (
    <>
      {props.rules.map((rule, i) => (
        <>
          {i === 0 ? "" : " "}
          <a class="rule" href={props.links.to(`detections/${props.of}/rules/${rule}/`)}>
            {rule}
          </a>
        </>
      ))}
    </>
  );
}

/** A row of a list of facts; none where the package does not say it. */
export function Fact(props: { name: string; children?: Child }) {
  if (props.children === undefined || props.children === null) return null;
  return (
    <>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </>
  );
}

/** A heading that can be linked to. */
export function Heading(props: { level: 2 | 3 | 4; id: string; children: Child; class?: string }) {
  const name = `h${props.level}` as const;
  const Name = name;
  return (
    <Name id={props.id} {...(props.class === undefined ? {} : { class: props.class })}>
      {props.children}
      <a class="anchor" href={`#${props.id}`} aria-label="Link to this part">
        #
      </a>
    </Name>
  );
}

/** `12 of 14`, with the share drawn. */
export function Share(props: { got: number; of: number }) {
  const { got, of } = props;
  return (
    <span class="share">
      <meter min={0} max={Math.max(of, 1)} value={got} aria-hidden="true"></meter> {got} of {of}
    </span>
  );
}
