import { byId, cell, setText } from "./dom";
import { integer, shortSignature, sol, timeMs } from "./format";
import type { FeedRow, Update } from "./types";

const maxRows = 200;
const svgNamespace = "http://www.w3.org/2000/svg";

/** The live table: at most 200 rows in the page, a pause that counts what it withholds, and a note of what a fast feed left out. */
export class Feed {
  private readonly body = byId<HTMLTableSectionElement>("feed");
  private readonly note = byId("feed-note");
  private threshold: number | null = null;
  private pausedAt = 0;
  private missed = 0;
  private sampledOut = 0;
  private total = 0;

  get paused(): boolean {
    return this.pausedAt > 0;
  }

  take(update: Update): void {
    this.threshold = update.panels.model.threshold;
    this.total = update.newest;
    if (this.paused) {
      this.missed += update.snapshot ? 0 : update.matched;
      this.showPause();
      return;
    }
    if (update.snapshot) {
      this.sampledOut = 0;
      this.body.replaceChildren();
    } else {
      this.sampledOut += Math.max(0, update.matched - update.rows.length);
    }
    if (update.rows.length > 0) this.body.prepend(...update.rows.map((row) => this.row(row)));
    while (this.body.rows.length > maxRows) this.body.deleteRow(-1);
    const count = this.body.rows.length;
    byId("feed-empty").hidden = count > 0;
    setText(byId("feed-empty"), this.total > 0 ? "None of the latest transactions matches all of these filters. New ones that do appear here; older ones may be in the history (button above)." : "Waiting for the first transaction.");
    setText(this.note, count === 0 ? "" : `latest ${integer(count)} of ${integer(this.total)}${this.sampledOut > 0 ? ` · ${integer(this.sampledOut)} not listed (faster than a page)` : ""}`);
  }

  pause(): void {
    [this.pausedAt, this.missed] = [Date.now(), 0];
    this.showPause();
  }

  /** Ends the pause; the caller asks for a snapshot, so that what is shown next has no hole. */
  resume(): void {
    this.pausedAt = 0;
    byId("pause-note").hidden = true;
  }

  private showPause(): void {
    const note = byId("pause-note");
    note.hidden = false;
    setText(note, `Paused at ${timeMs(this.pausedAt).slice(0, 8)} UTC · ${integer(this.missed)} transactions since · ingestion goes on`);
  }

  private row(data: FeedRow): HTMLTableRowElement {
    const row = document.createElement("tr");
    row.dataset.kind = data.kind;
    const hit = data.score !== null && this.threshold !== null && data.score >= this.threshold;
    if (hit) row.dataset.hit = "true";

    const signature = document.createElement("td");
    signature.className = "sig";
    const link = document.createElement("a");
    link.href = `/tx/${data.sig}`;
    link.textContent = shortSignature(data.sig);
    link.title = data.sig;
    signature.append(link);

    const venue = cell(data.venue || (data.kind === "vote" ? "vote" : "–"), data.venue ? "" : "muted");
    if (data.kind === "failed") {
      const tag = document.createElement("span");
      tag.className = "tag tag-failed";
      tag.textContent = "failed";
      venue.replaceChildren(...(data.venue ? [`${data.venue} `] : []), tag);
    }
    const pair = cell(data.pair || "–", data.pair ? "pair" : "muted");
    if (data.legs > 1) {
      const legs = document.createElement("span");
      legs.className = "legs";
      legs.textContent = `${data.legs} legs`;
      pair.append(legs);
    }
    row.append(
      cell(timeMs(data.t), "muted"), signature, venue, pair, cell(data.value || "–", data.value ? "num" : "num muted"),
      cell(sol(data.fee + data.tip), data.tip > 0 ? "num" : "num muted"), cell(data.cu > 0 ? integer(data.cu) : "–", "num muted"), this.score(data.score));
    return row;
  }

  private score(score: number | null): HTMLTableCellElement {
    if (score === null) return cell("–", "num muted");
    const td = cell("", "num");
    const box = document.createElement("span");
    box.className = "score";
    const bar = document.createElementNS(svgNamespace, "svg");
    bar.setAttribute("viewBox", "0 0 44 5");
    bar.setAttribute("aria-hidden", "true");
    const fill = document.createElementNS(svgNamespace, "rect");
    fill.setAttribute("width", (44 * score).toFixed(1));
    fill.setAttribute("height", "5");
    bar.append(fill);
    const text = document.createElement("span");
    text.textContent = score.toFixed(3);
    box.append(bar, text);
    td.append(box);
    return td;
  }
}
