import { byId, setText } from "./dom";
import { ago, bytes, integer, time } from "./format";
import type { Panels, Stage, Tiles } from "./types";

/** Connection as this page sees it, which comes before what the server says of its own sources. */
export type Link = "connecting" | "open" | "reconnecting" | "closed";

const dash = "–";
let modelVersion = -1;
let gapCount = -1;

export function showPanels(panels: Panels): void {
  showTiles(panels.tiles);
  showStages(panels.stages);
  const mode = byId("mode");
  mode.dataset.mode = panels.status.mode;
  setText(mode, panels.status.modeText);
  if (panels.model.version !== modelVersion) {
    modelVersion = panels.model.version;
    document.body.dispatchEvent(new CustomEvent("model:changed"));
  }
  if (panels.tiles.gaps !== gapCount) {
    gapCount = panels.tiles.gaps;
    document.body.dispatchEvent(new CustomEvent("gaps:changed"));
  }
}

/** The pill, the notice and each panel's "stale since": one truth in three places. */
export function showStatus(link: Link, lastUpdateAt: number, panels: Panels | null): void {
  const now = Date.now();
  const server = panels?.status;
  let state = server?.state ?? "connecting";
  let text = server?.text ?? "Connecting";
  let since = server?.since ?? now;
  let detail = "";
  if (link === "connecting") {
    [state, text] = ["connecting", "Connecting"];
  } else if (link !== "open") {
    [state, text, since] = ["disconnected", "Dashboard host unreachable", lastUpdateAt || now];
    detail = "The page reconnects by itself; the figures below are the last received.";
  } else if (lastUpdateAt > 0 && now - lastUpdateAt > 2000) {
    [state, text, since] = ["stale", "No update from the host", lastUpdateAt];
  } else if (state === "disconnected") {
    detail = "The host keeps reconnecting; what is stored stays readable.";
  }

  const pill = byId("connection");
  pill.dataset.state = state;
  setText(byId("connection-text"), state === "live" ? "Live" : state === "stale" ? `Stale for ${ago(now - since)}` : state === "ended" ? "Stream ended" : state === "connecting" ? "Connecting" : "Disconnected");

  const notice = byId("notice");
  const loud = state === "disconnected" || state === "stale" || state === "ended";
  notice.hidden = !loud;
  if (loud) {
    notice.dataset.state = state;
    setText(byId("notice-title"), `${text}.`);
    setText(byId("notice-text"), `${state === "ended" ? "Ended at" : "Since"} ${time(since)} UTC. ${detail}`);
  }

  const stale = state === "disconnected" || state === "stale";
  for (const panel of document.querySelectorAll("[data-panel]")) {
    panel.classList.toggle("is-stale", stale);
    const note = panel.querySelector("[data-stale]");
    if (note) setText(note, stale ? `stale since ${time(since)}` : "");
  }
}

function showTiles(tiles: Tiles): void {
  tile("tps", tiles.transactionsPerSecond >= 100 ? integer(tiles.transactionsPerSecond) : tiles.transactionsPerSecond.toFixed(1));
  tile("transactions", number(tiles.transactions));
  tile("opportunities", number(tiles.opportunities), "", tiles.opportunities ? `${integer(tiles.opportunities - tiles.observed)} reported, ${integer(tiles.observed)} seen on chain` : undefined);
  tile("detection", tiles.detectionRate === null ? dash : (tiles.detectionRate * 100).toFixed(2), tiles.detectionRate === null ? "" : "%");
  tile("scored", number(tiles.scored), "", tiles.scored > 0 ? `${integer(tiles.hits)} at or over threshold` : "no model yet");
  tile("slot", number(tiles.slot));
  tile("lag", tiles.lagMs === null ? dash : tiles.lagMs >= 1000 ? (tiles.lagMs / 1000).toFixed(1) : tiles.lagMs.toFixed(tiles.lagMs < 10 ? 1 : 0), tiles.lagMs === null ? "" : tiles.lagMs >= 1000 ? "s" : "ms");
  tile("storage", tiles.storageRatio === null ? dash : tiles.storageRatio.toFixed(2), tiles.storageRatio === null ? "" : "×",
    tiles.journalBytes > 0 ? `${bytes(tiles.journalRawBytes)} in ${bytes(tiles.journalBytes)}` : undefined);
}

const number = (value: number | null): string => (value === null ? dash : integer(value));

function tile(key: string, value: string, unit = "", hint?: string): void {
  const element = document.querySelector(`[data-tile="${key}"]`)!;
  setText(element.querySelector("[data-value]")!, value);
  setText(element.querySelector("[data-unit]")!, unit);
  if (hint) setText(element.querySelector("[data-hint]")!, hint);
}

function showStages(stages: Stage[]): void {
  const items = byId("stages").querySelectorAll<HTMLElement>(".stage");
  stages.forEach((stage, i) => {
    const item = items[i];
    if (!item) return;
    item.dataset.state = stage.state;
    if (item.title !== stage.detail) item.title = stage.detail;
    setText(item.querySelector(".stage-text")!, stage.text);
    setText(item.querySelector(".stage-figure")!, stage.figure);
  });
}
