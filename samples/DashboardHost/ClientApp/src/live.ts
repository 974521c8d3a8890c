import { ScoreChart, ThroughputChart } from "./charts";
import { LiveConnection } from "./connection";
import { byId, setText } from "./dom";
import { Feed } from "./feed";
import { Filters } from "./filters";
import { showOpportunities } from "./opportunities";
import { type Link, showPanels, showStatus } from "./panels";
import type { Panels } from "./types";

/** The main page: one connection, the panels, and a render loop that gives way when the browser is busy. */
export function startLive(): { paint: () => void } {
  const [chart, scores, feed] = [new ThroughputChart(), new ScoreChart(), new Feed()];
  let link: Link = "connecting";
  let lastUpdateAt = 0;
  let panels: Panels | null = null;

  const filters = new Filters(() => connection.watch());
  const connection: LiveConnection = new LiveConnection(() => filters.read(), (update) => {
    // A model that has just come scores what was there before it: a snapshot brings those scores into the rows.
    if (panels && panels.model.state !== "ready" && update.panels.model.state === "ready") setTimeout(() => connection.watch(), 2000);
    [lastUpdateAt, panels] = [Date.now(), update.panels];
    showPanels(update.panels);
    showOpportunities(update.panels);
    feed.take(update);
    chart.add(update.points, update.snapshot);
    scores.show(update.panels.model.bins, update.panels.model.threshold);
    showStatus(link, lastUpdateAt, panels);
  }, (next) => {
    link = next;
    showStatus(link, lastUpdateAt, panels);
  });

  wirePause(feed, () => connection.watch());
  chart.wireTable();
  setInterval(() => { if (!document.hidden) showStatus(link, lastUpdateAt, panels); }, 500);
  void connection.start();
  return { paint: () => { chart.paint(); scores.paint(); } };
}

function wirePause(feed: Feed, resumed: () => void): void {
  const button = byId("pause");
  const toggle = (): void => {
    if (feed.paused) {
      feed.resume();
      resumed();
    } else {
      feed.pause();
    }
    button.setAttribute("aria-pressed", String(feed.paused));
    setText(byId("pause-text"), feed.paused ? "Resume" : "Pause");
  };
  button.addEventListener("click", toggle);
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (event.key.toLowerCase() === "p" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) toggle();
  });
}
