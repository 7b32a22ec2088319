/** Copies a text; where the page may not use the clipboard, it is selected for the user to copy. True when it was copied. */
export async function copyText(text: string, from: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection()?.selectAllChildren(from);
    return false;
  }
}

/** The buttons of code blocks. */
export function copyButtons(root: ParentNode = document): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>("button.copy")) {
    const code = button.parentElement?.querySelector("code");
    if (code === null || code === undefined) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.textContent = (await copyText(code.textContent, code)) ? "Copied" : "Selected";
      setTimeout(() => {
        button.textContent = "Copy";
      }, 1500);
    });
  }
}
