import { SEVERITIES } from "../../workbench/index.ts";
import { SeverityMark } from "../../report/index.ts";
import { CodeText, EqlText } from "../parts/eql.tsx";
import { Frame, type PageContext } from "../parts/frame.tsx";
import { Heading, Share, Tags } from "../parts/marks.tsx";
import { Effect } from "../parts/platforms.tsx";

const COLOURS = [
  ["paper", "the page"],
  ["raised", "what stands on it: bars, cards"],
  ["sunken", "what lies in it: code"],
  ["line", "between things"],
  ["ink", "text"],
  ["soft", "text that may be passed over"],
  ["link", "what can be followed"],
  ["accent", "where one is, what is chosen, notices"],
  ["focus", "where the keyboard is"],
  ["critical", "severity critical"],
  ["high", "severity high, errors, failures"],
  ["medium", "severity medium, warnings, narrower"],
  ["low", "severity low, hints"],
  ["good", "holds, exact, nothing lost"],
] as const;

const SIZES = [
  [13, "tables, notes, code"],
  [14, "buttons, fields, navigation"],
  [15, "text"],
  [17, "what a page begins with, headings inside a part"],
  [20, "headings of parts, figures"],
  [26, "a page's heading on a phone"],
  [32, "a page's heading"],
] as const;

/** The design system, made with itself. */
export function DesignPage({ place }: { place: PageContext }) {
  return (
    <Frame title="Design" place={place}>
      <h1>Design</h1>
      <p class="lead">
        Calm, dense, fast to scan: colour has a meaning or is absent, a meaning is never shown by colour alone, numbers stand under each
        other.
      </p>
      <Heading level={2} id="colours">
        Colours
      </Heading>
      <p>The same names in light and dark; contrast is at least WCAG AA against paper and raised.</p>
      <ul class="swatches">
        {COLOURS.map(([name, meaning]) => (
          <li>
            <span class={`swatch swatch-${name}`}></span> <code>--{name}</code> {meaning}
          </li>
        ))}
      </ul>
      <Heading level={2} id="type">
        Type
      </Heading>
      <p>
        Inter for words, served with the pages as one variable font; the system's mono for what machines write. Lines of prose end at 75
        characters.
      </p>
      <dl class="facts">
        {SIZES.map(([px, use]) => (
          <>
            <dt>
              <code>--text-{px}</code>
            </dt>
            <dd>{use}</dd>
          </>
        ))}
      </dl>
      <p>What a style sheet says of sizes, distances and colours is one of these names; a test holds it to that.</p>
      <Heading level={2} id="space">
        Space
      </Heading>
      <p>
        Seven steps, <code>--gap-4</code> to <code>--gap-48</code>: 4, 8, 12, 16, 24, 32 and 48 pixels. Tables use the first two, parts of a
        page the last two. Everything stands in one container, <code>--container</code>, 1280 pixels wide.
      </p>
      <Heading level={2} id="words">
        Words with a meaning
      </Heading>
      <p class="line">
        {[...SEVERITIES].reverse().map((severity) => (
          <SeverityMark of={severity} />
        ))}
      </p>
      <p class="line">
        {["exact", "wider", "narrower", "untranslatable"].map((effect) => (
          <Effect of={effect} />
        ))}
      </p>
      <p>
        <Tags of={["process.command_line", "logs-system.security-*"]} />
      </p>
      <p>
        <Share got={12} of={14} />
      </p>
      <p class="notice">A notice: something to know before reading on.</p>
      <Heading level={2} id="code">
        Code
      </Heading>
      <EqlText text={'process where process.name : "net.exe" and not process.args : ("/d", "/de*") // a mapping is deleted'} />
      <CodeText text="tocsin hunt ./evidence --html report.html" label="A command" />
      <Heading level={2} id="keyboard">
        Keyboard and motion
      </Heading>
      <p>
        Everything works with the keyboard: links, disclosures, tables that scroll (they take the focus), the search. What has the focus has
        a ring. Nothing moves.
      </p>
      <Heading level={2} id="untrusted">
        Text from logs
      </Heading>
      <p>
        It is hostile until shown otherwise: escaped, kept apart from the direction of its surroundings, and with control and formatting
        characters spelt out, such as <code>{"\\u202e"}</code>.
      </p>
    </Frame>
  );
}
