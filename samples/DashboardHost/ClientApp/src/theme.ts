const key = "mev-theme";

export function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "mev-dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

/** Wires the toggle; `changed` is called after every change of what is shown. */
export function startTheme(button: HTMLElement, changed: () => void): void {
  const show = (): void => {
    button.setAttribute("aria-pressed", String(isDark()));
    changed();
  };
  button.addEventListener("click", () => {
    const next = isDark() ? "mev-light" : "mev-dark";
    document.documentElement.dataset.theme = next;
    try { localStorage.setItem(key, next); } catch { /* not remembered, still shown */ }
    show();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  show();
}

export const color = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--color-${name}`).trim();
