/** A rule on other platforms: a tab each, with every loss named at its place. */
import { Coded, sentence } from "./marks.tsx";
import { CodeText, EqlText } from "./eql.tsx";

export interface PlatformText {
  /** `splunk` */
  readonly platform: string;
  readonly title: string;
  /** "" where the language cannot express it. */
  readonly text: string;
  readonly losses: readonly {
    /** `exact`, `wider`, `narrower`, `untranslatable` */
    readonly kind: string;
    /** A condition of the rule is missing. */
    readonly dropsConjunct: boolean;
    /** The piece of the rule's query it is about. */
    readonly span: string;
    readonly reason: string;
    readonly advice: string | null;
  }[];
}

const WORST = ["exact", "wider", "narrower", "untranslatable"];

/** The worst of the losses; exact without any. */
export function effectOf(losses: PlatformText["losses"]): string {
  return losses.reduce((worst, { kind }) => (WORST.indexOf(kind) > WORST.indexOf(worst) ? kind : worst), "exact");
}

export function Effect(props: { of: string }) {
  return <span class={`effect ${props.of}`}>{props.of}</span>;
}

/** @param name makes the ids; unique on the page. Without JavaScript each tab is a disclosure of its own. */
export function PlatformTabs(props: { of: readonly PlatformText[]; name: string }) {
  if (props.of.length === 0) return <p class="soft">There is no translation of this rule.</p>;
  return (
    <div class="tabs">
      {props.of.map((one, i) => (
        <details name={`platforms-${props.name}`} id={`${props.name}${one.platform}`} open={i === 0}>
          <summary>
            {one.title} <Effect of={effectOf(one.losses)} />
          </summary>
          {one.text === "" ? (
            <p>This language cannot express it.</p>
          ) : one.platform === "elastic-eql" ? (
            <EqlText text={one.text} label={`${one.title}: the rule`} />
          ) : (
            <CodeText text={one.text} label={`${one.title}: the rule`} />
          )}
          {one.text !== "" && one.losses.some((loss) => loss.dropsConjunct) ? (
            <p>
              <strong>This text lacks a condition of the rule.</strong> <code>tocsin translate</code> writes it only with{" "}
              <code>--allow-wider</code>.
            </p>
          ) : null}
          <Losses of={one.losses} />
        </details>
      ))}
    </div>
  );
}

function Losses(props: { of: PlatformText["losses"] }) {
  if (props.of.length === 0) return <p class="good">The same detection, without losses.</p>;
  return (
    <ul class="losses">
      {props.of.map((loss) => (
        <li>
          <Effect of={loss.kind} /> <Coded text={sentence(loss.reason)} />
          {loss.advice === null ? (
            ""
          ) : (
            <span class="soft">
              {" "}
              <Coded text={loss.advice} />
            </span>
          )}
          {loss.span === "" ? null : (
            <>
              {" "}
              <code class="piece">{loss.span.length > 160 ? `${loss.span.slice(0, 160)}…` : loss.span}</code>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
