/** Looks at an exception that the bench made, and writes it after a second look. It stands behind the `#` of the address, as JSON. */

interface Asked {
  readonly detection: string;
  readonly yaml: string;
}
interface Checked {
  readonly file: string;
  readonly problems: readonly string[];
  readonly lost: readonly {
    readonly name: string;
    readonly title: string;
    readonly rules: readonly string[];
    readonly silenced: boolean;
  }[];
  readonly casesRun: number;
}

export function writeException(): void {
  const part = document.querySelector<HTMLElement>(".write-exception[data-token]");
  if (part === null) return;
  const show = (): void => void draw(part, asked());
  addEventListener("hashchange", show);
  show();
}

function asked(): Asked | null {
  try {
    const value: unknown = JSON.parse(decodeURIComponent(location.hash.slice(1)));
    if (typeof value !== "object" || value === null || !("detection" in value) || !("yaml" in value)) return null;
    const { detection, yaml } = value;
    return typeof detection === "string" && typeof yaml === "string" ? { detection, yaml } : null;
  } catch {
    return null;
  }
}

async function draw(part: HTMLElement, exception: Asked | null): Promise<void> {
  part.replaceChildren();
  if (exception === null) {
    add(part, "p", "Make an exception in the bench first (Run, Tuning), and choose Write it into the package there.", "empty");
    return;
  }
  add(part, "p", `For ${exception.detection}:`);
  add(part, "pre", exception.yaml);
  const status = add(part, "p", "Held against the package's proof …");
  status.setAttribute("role", "status");
  try {
    const checked = (await post(part, "check", exception)) as Checked;
    status.textContent = "";
    offer(part, status, exception, checked);
  } catch (error) {
    fail(status, error);
  }
}

function offer(part: HTMLElement, status: HTMLElement, exception: Asked, { file, problems, lost, casesRun }: Checked): void {
  if (problems.length > 0) {
    fail(status, new Error(`It cannot be written: ${problems.join(" ")}`));
    return;
  }
  if (lost.length > 0) {
    const notice = add(part, "div", "", "notice danger");
    add(notice, "p", `It hides attacks in ${lost.length} of ${casesRun} cases:`);
    const list = add(notice, "ul", "");
    for (const { title, name, rules, silenced } of lost)
      add(list, "li", `${title} (${name}): ${rules.join(", ")}${silenced ? ", and no other rule sees it" : ""}`);
  } else add(part, "p", `Of ${casesRun} cases it hides no attack.`, "good");
  const button = add(part, "button", lost.length > 0 ? `Write it all the same into ${file}` : `Write it into ${file}`);
  button.className = lost.length > 0 ? "danger" : "primary";
  button.setAttribute("type", "button");
  const write = async (): Promise<void> => {
    button.setAttribute("disabled", "");
    try {
      await post(part, "write", { ...exception, acceptLoss: lost.length > 0 });
      button.remove();
      status.className = "notice";
      status.textContent = `It is in ${file}. The pages have it when the server is started again.`;
    } catch (error) {
      button.removeAttribute("disabled");
      fail(status, error);
    }
  };
  button.addEventListener("click", () => void write());
}

async function post(part: HTMLElement, what: "check" | "write", body: object): Promise<unknown> {
  const response = await fetch(what, {
    method: "POST",
    headers: { "content-type": "application/json", "x-tocsin-token": part.dataset["token"] ?? "" },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { readonly error?: string };
  if (!response.ok) throw new Error(answer.error ?? `The server answered ${response.status}.`);
  return answer;
}

function fail(status: HTMLElement, error: unknown): void {
  status.className = "notice danger";
  status.textContent = error instanceof Error ? error.message : String(error);
}

function add(parent: HTMLElement, tag: string, text: string, name = ""): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  if (name !== "") element.className = name;
  parent.append(element);
  return element;
}
