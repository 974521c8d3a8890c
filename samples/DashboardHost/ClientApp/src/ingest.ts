import { byId, setText } from "./dom";
import { time } from "./format";

const tickMs = 1000;
const staleMs = 4000;

/** Pages that ask (Ingest, Archive, Tiers): panels come rendered from the host, one look a second for all browsers; a hidden tab asks for nothing. */
export function startIngest(): void {
  let shown = "";
  let shownAt = Date.now();

  const look = (): void => {
    if (document.hidden) return;
    const at = document.querySelector<HTMLElement>("[data-polled] [data-at]")?.dataset.at ?? "";
    if (at !== shown) [shown, shownAt] = [at, Date.now()];
    show(shown === "" ? "connecting" : Date.now() - shownAt > staleMs ? "stale" : "live", shownAt);
    document.body.dispatchEvent(new CustomEvent("ingest:tick"));
  };

  setInterval(look, tickMs);
  document.addEventListener("visibilitychange", () => {
    // What was missed while hidden is no silence of the host.
    shownAt = Date.now();
    look();
  });
  look();
}

function show(state: "connecting" | "live" | "stale", since: number): void {
  byId("connection").dataset.state = state;
  setText(byId("connection-text"), state === "live" ? "Live" : state === "stale" ? "Stale" : "Connecting");
  const notice = byId("notice");
  notice.hidden = state !== "stale";
  notice.dataset.state = state;
  if (state === "stale") {
    setText(byId("notice-title"), "No update from the host.");
    setText(byId("notice-text"), `Since ${time(since)} UTC; the figures below are the last received. The page goes on asking.`);
  }
  for (const panel of document.querySelectorAll("[data-panel]")) {
    panel.classList.toggle("is-stale", state === "stale");
    const note = panel.querySelector("[data-stale]");
    if (note) setText(note, state === "stale" ? `stale since ${time(since)}` : "");
  }
}
