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
  ["accent", "links and what is chosen"],
  ["focus", "where the keyboard is"],
  ["critical", "severity critical"],
  ["high", "severity high, errors, failures"],
  ["medium", "severity medium, warnings, narrower"],
  ["low", "severity low, hints"],
  ["good", "holds, exact, nothing lost"],
] as const;

/** The design system, made with itself. */
export function DesignPage({ place }: { place: PageContext }) {
  return (
    <Frame title="Design" place={place}>
      <h1>Design</h1>
      <p class="lead">
        One style sheet. Calm, dense, fast to scan: colour has a meaning or is absent, a meaning is never shown by colour alone, numbers
        stand under each other.
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
        System faces: a sans for words, a mono for what machines write. Five sizes: <code>--step--1</code> tables and notes,{" "}
        <code>--step-0</code> text, <code>--step-1</code> to <code>--step-3</code> headings. Lines of prose end at 75 characters.
      </p>
      <Heading level={2} id="space">
        Space
      </Heading>
      <p>Five steps, 4, 8, 16, 24 and 40 pixels. Tables use the first two, parts of a page the last two.</p>
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
