import { visible } from "../../workbench/index.ts";

const MOST_TEXT = 100_000;

/** An event as it was written or normalised, to read and to copy. Line breaks are ours; everything else that could hide or reorder is spelt out. */
export function EventText({ text, label, limit = MOST_TEXT }: { text: string; label: string; limit?: number }) {
  const cut = text.length > limit ? text.slice(0, limit) : text;
  return (
    <div class="code">
      <button type="button" class="copy" hidden>
        Copy
      </button>
      <pre class="event-text" tabindex={0} role="group" aria-label={label}>
        <code>
          {cut.split(/\r?\n/).map(visible).join("\n")}
          {cut.length < text.length ? `\n… ${(text.length - cut.length).toLocaleString("en-US")} more characters` : ""}
        </code>
      </pre>
    </div>
  );
}
