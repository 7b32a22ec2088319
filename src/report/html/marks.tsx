import type { Child } from "hono/jsx";
/** Small parts of pages. Escaping is JSX's. */
import { UTC, visible, visibleLines, type Severity, type TimeZone } from "../../workbench/index.ts";
import { count, cutText, timeText } from "../format.ts";

export function SeverityMark(props: { of: Severity }) {
  return <span class={`severity ${props.of}`}>{props.of}</span>;
}

/** A value of a log may be a megabyte; so many characters of it are shown where nothing else is asked for. */
const MAX_TEXT = 2_000;

/**
 * Text from logs or cases: what could reorder, hide or end the text around it is spelt out, it is kept apart from the direction of its
 * surroundings, and beyond `limit` characters it is cut with a note.
 */
export function LogText({ text, limit = MAX_TEXT }: { text: string; limit?: number }) {
  // Cut before it is spelt out: a text of a megabyte is not walked through.
  const { shown, note } = cutText(text, limit);
  return (
    <>
      <bdi>{visible(shown)}</bdi>
      {note === "" ? null : <span class="cut">{note}</span>}
    </>
  );
}

/** The same for a text of several lines, to stand in a `pre`. */
export function LogLines({ text, limit }: { text: string; limit: number }) {
  const { shown, note } = cutText(text, limit);
  return (
    <>
      <bdi>{visibleLines(shown)}</bdi>
      {note === "" ? null : <span class="cut">{note}</span>}
    </>
  );
}

/** The time of an event, which may be any text, by the clocks of a zone that is named beside it. */
export function Time({ of, zone = UTC }: { of: string | null; zone?: TimeZone }) {
  return of === null ? (
    <>{timeText(null)}</>
  ) : (
    <time datetime={visible(of.slice(0, 40))}>
      <LogText text={timeText(of, zone)} limit={40} />
    </time>
  );
}

/** Items with commas between; beyond `max` the rest is counted. */
export function LogTexts({ texts, max }: { texts: readonly string[]; max: number }) {
  return (
    <>
      {texts.slice(0, max).map((text, i) => (
        <>
          {i === 0 ? "" : ", "}
          <LogText text={text} limit={200} />
        </>
      ))}
      {texts.length > max ? ` and ${count(texts.length - max)} more` : ""}
    </>
  );
}

/** A link where there is something to link to. */
export function MaybeLink({ to, children }: { to: string | null | undefined; children?: Child }) {
  return to === null || to === undefined ? <>{children}</> : <a href={to}>{children}</a>;
}

/** A wide table scrolls in itself, also by keyboard. */
export function Scroll(props: { label: string; children: Child; class?: string }) {
  return (
    <div class={`scroll ${props.class ?? ""}`.trim()} tabindex={0} role="group" aria-label={props.label}>
      {props.children}
    </div>
  );
}

/** A column of numbers is aligned to the right; `title` explains the heading. */
export interface Column {
  readonly name: string;
  readonly number?: true;
  readonly title?: string;
}

/** The head of a table. */
export function Columns(props: { of: readonly (string | Column)[] }) {
  return (
    <thead>
      <tr>
        {props.of.map((column) => {
          const { name, number, title }: Column = typeof column === "string" ? { name: column } : column;
          return (
            <th scope="col" {...(number === undefined ? {} : { class: "number" })} {...(title === undefined ? {} : { title })}>
              {name}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
