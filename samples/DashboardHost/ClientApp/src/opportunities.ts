import { byId, cell, setText } from "./dom";
import { integer, sol, time } from "./format";
import type { OpportunityRow, Panels } from "./types";

let shown = "";

/** The latest opportunities; redrawn only when one is new or has ended. */
export function showOpportunities(panels: Panels): void {
  const key = panels.opps.map((o) => `${o.n}${o.outcome}`).join();
  setText(byId("opps-note"), panels.tiles.opportunities ? `${integer(panels.tiles.opportunities)} stored` : "");
  if (key === shown) return;
  shown = key;
  byId("opps-empty").hidden = panels.opps.length > 0;
  byId("opps").replaceChildren(...panels.opps.map(row));
}

function row(data: OpportunityRow): HTMLTableRowElement {
  const tr = document.createElement("tr");
  const kind = cell("", "pair");
  if (data.sig) {
    const link = document.createElement("a");
    link.href = `/tx/${data.sig}`;
    link.textContent = data.kind;
    kind.append(link);
  } else {
    kind.textContent = data.kind;
  }
  const outcome = cell(data.outcome, data.outcome === "succeeded" ? "gain" : data.outcome === "failed" || data.outcome === "lost" ? "loss" : "muted");
  const net = data.profit === null
    ? cell("n/a", "num muted")
    : cell(`${data.expected ? "exp. " : ""}${sol(data.profit)} SOL`, data.expected ? "num muted" : data.profit >= 0 ? "num gain" : "num loss");
  tr.append(cell(time(data.t), "muted"), kind, outcome, net);
  return tr;
}
