import { setText } from "./dom";

const shownMs = 1500;

/** Buttons that copy a key, and one that opens or closes every step of a tree. One listener for the page: rows come and go. */
export function startCopy(): void {
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const copy = event.target.closest<HTMLButtonElement>("button[data-copy]");
    if (copy) void copyOf(copy);
    const expand = event.target.closest<HTMLButtonElement>("button[data-expand]");
    if (expand) toggleAll(expand);
  });
}

async function copyOf(button: HTMLButtonElement): Promise<void> {
  const text = button.dataset.copy ?? "";
  const done = await write(text);
  button.dataset.copied = done ? "true" : "false";
  const status = document.getElementById("copied");
  if (status) setText(status, done ? `Copied ${text}` : "The browser refused to copy; select the text instead.");
  setTimeout(() => delete button.dataset.copied, shownMs);
}

async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch { /* not allowed, or no clipboard without https: the old way */ }
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "sr-only";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

function toggleAll(button: HTMLButtonElement): void {
  const steps = [...document.querySelectorAll<HTMLDetailsElement>(`${button.dataset.expand} details`)];
  const open = steps.some((step) => !step.open);
  for (const step of steps) step.open = open;
  setText(button, open ? "Close all" : "Open all");
}

/** Opens the step that the address names, so that a link to one instruction shows it. */
export function openNamed(): void {
  const named = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
  if (named instanceof HTMLDetailsElement) named.open = true;
}

