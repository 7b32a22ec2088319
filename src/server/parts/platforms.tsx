/** A rule on other platforms: a tab each, with every loss named at its place. */
import { Coded, sentence } from "./marks.tsx";
import { PlatformQuery } from "./query-text.tsx";

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
  return <span class={`effect ${props.of}`}>{props.of === "untranslatable" ? "not supported" : props.of}</span>;
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
          <PlatformTextPart of={one} label={`${one.title}: the rule`} />
        </details>
      ))}
    </div>
  );
}

/** The text, whether it is the same detection, and what differs. */
export function PlatformTextPart({ of, label }: { of: PlatformText; label: string }) {
  return (
    <>
      {of.text === "" ? (
        <p>Not supported: this language cannot say it.</p>
      ) : (
        <PlatformQuery text={of.text} platform={of.platform} label={label} />
      )}
      {of.text !== "" && of.losses.some((loss) => loss.dropsConjunct) ? (
        <p>
          <strong>This text lacks a condition of the rule.</strong> <code>tocsin translate</code> writes it only with{" "}
          <code>--allow-wider</code>.
        </p>
      ) : null}
      <Losses of={of.losses} />
    </>
  );
}

function Losses(props: { of: PlatformText["losses"] }) {
  if (props.of.length === 0) return <p class="good">The same detection, without losses.</p>;
  const isSame = effectOf(props.of) === "exact";
  return (
    <>
      {isSame ? <p class="good">The same detection. To know:</p> : null}
      <ul class="losses">
        {props.of.map((loss) => (
          <li>
            {isSame ? null : <Effect of={loss.kind} />} <Coded text={sentence(loss.reason)} />
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
    </>
  );
}
