/** What happened, told from the alerts: a name for each incident, and the acts that its alerts are about. */
import { byTime, SEVERITIES, type Alert, type Incident } from "../../detect/index.ts";
import type { Exception } from "../../catalog/index.ts";
import { actsOf, type Act } from "./act.ts";
import { HostNames } from "./host-names.ts";
import { GraveActs, ordinaryWork, SuppressedWork } from "./ordinary-work.ts";

export interface Story {
  /** The title of its gravest act: `PsExec from WS01 to SRV01 as adm.kira`. */
  readonly title: string;
  /** In time order. */
  readonly acts: readonly Act[];
  /** Acts that may be ordinary work; each says why. */
  readonly apart: readonly Act[];
}

export interface ToldHunt {
  readonly incidents: readonly Incident[];
  readonly excepted: readonly { readonly alert: Alert; readonly exception: Exception }[];
}

/** The stories of a hunt's incidents, one for each. Every alert is in one act. */
export function storiesOf({ incidents, excepted }: ToldHunt): Story[] {
  const all = incidents.map(alertsOf);
  const names = new HostNames([...all.flat(), ...excepted.map(({ alert }) => alert)]);
  const suppressed = new SuppressedWork(excepted);
  return all.map((alerts) => storyOf(actsOf(alerts, names), suppressed));
}

function storyOf(acts: readonly Act[], suppressed: SuppressedWork): Story {
  const grave = new GraveActs(acts);
  const judged = acts.map((act) => ({ ...act, apart: ordinaryWork(act, grave, suppressed) }));
  const [kept, apart] = [judged.filter((act) => act.apart === null), judged.filter((act) => act.apart !== null)];
  const gravest = (kept.length > 0 ? kept : apart).reduce((best, act) => (isGraver(act, best) ? act : best));
  return { title: gravest.title, acts: kept, apart };
}

/** By severity; then between hosts before on one; then by how many rules saw it. */
function isGraver(act: Act, than: Act): boolean {
  const by = SEVERITIES.indexOf(act.severity) - SEVERITIES.indexOf(than.severity);
  if (by !== 0) return by > 0;
  if ((act.to === "") !== (than.to === "")) return act.to !== "";
  return act.rules.length > than.rules.length;
}

/** Its alerts, repeats included, in the order of time that the hunt has them in. */
function alertsOf({ steps }: Incident): Alert[] {
  return steps.flatMap(({ alert, repeats }) => [alert, ...repeats]).sort(byTime);
}
