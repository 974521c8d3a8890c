import { BarController, BarElement, CategoryScale, Chart, Filler, LinearScale, LineController, LineElement, PointElement, Tooltip } from "chart.js";
import { byId, cell } from "./dom";
import { integer, time } from "./format";
import { color } from "./theme";
import type { Point } from "./types";

Chart.register(BarController, BarElement, CategoryScale, Filler, LinearScale, LineController, LineElement, PointElement, Tooltip);
Chart.defaults.animation = false;
Chart.defaults.font.family = '"Inter", sans-serif';
Chart.defaults.font.size = 11;

const windowSeconds = 120;
const tableSeconds = 30;

/** Transactions, swaps and opportunities a second over two minutes, with a table that says the same. */
export class ThroughputChart {
  private readonly chart: Chart;
  private points: Point[] = [];

  constructor() {
    this.chart = new Chart(byId<HTMLCanvasElement>("chart"), {
      type: "line",
      data: {
        labels: [],
        datasets: [
          { type: "bar", label: "opportunities / s", data: [], yAxisID: "opps", barPercentage: 0.9, categoryPercentage: 0.9, order: 3 },
          { label: "transactions / s", data: [], borderWidth: 1.6, pointRadius: 0, fill: true, tension: 0.25, order: 2 },
          { label: "swaps / s", data: [], borderWidth: 1.4, pointRadius: 0, tension: 0.25, order: 1 },
        ],
      },
      options: {
        maintainAspectRatio: false,
        interaction: { mode: "index", intersect: false },
        plugins: { tooltip: { displayColors: true } },
        scales: {
          x: { grid: { display: false }, border: { display: false }, ticks: { maxTicksLimit: 9, maxRotation: 0 } },
          y: { beginAtZero: true, suggestedMax: 10, border: { display: false }, ticks: { maxTicksLimit: 6, precision: 0 } },
          // Room above keeps the bars under the lines.
          opps: { position: "right", beginAtZero: true, suggestedMax: 8, grace: "180%", grid: { display: false }, border: { display: false }, ticks: { maxTicksLimit: 5, precision: 0 } },
        },
      },
    });
  }

  add(points: Point[], snapshot: boolean): void {
    if (points.length === 0 && !snapshot) return;
    this.points = (snapshot ? points : this.points.concat(points)).slice(-windowSeconds);
    // A host that has just started draws at the right edge; the window's length never changes.
    const missing = windowSeconds - this.points.length;
    const labels: string[] = new Array<string>(missing).fill("");
    const blank: null[] = new Array<null>(missing).fill(null);
    this.chart.data.labels = [...labels, ...this.points.map((p) => time(p.t * 1000))];
    this.chart.data.datasets[0]!.data = [...blank, ...this.points.map((p) => p.opps)];
    this.chart.data.datasets[1]!.data = [...blank, ...this.points.map((p) => p.tx)];
    this.chart.data.datasets[2]!.data = [...blank, ...this.points.map((p) => p.swaps)];
    this.chart.update("none");
    byId("chart-empty").hidden = this.points.length > 0;
    this.table();
  }

  paint(): void {
    const [bars, line, swaps] = this.chart.data.datasets as unknown as Record<string, unknown>[];
    bars!.backgroundColor = `${color("accent")}b0`;
    line!.borderColor = color("primary");
    line!.backgroundColor = `${color("primary")}22`;
    swaps!.borderColor = color("secondary");
    for (const scale of Object.values(this.chart.options.scales ?? {})) {
      if (scale?.ticks) scale.ticks.color = color("neutral");
      if (scale?.grid) scale.grid.color = `${color("base-300")}`;
    }
    // Not "none": that mode leaves the options that bars share as they were.
    this.chart.update();
  }

  private table(): void {
    const body = byId("chart-table");
    if (!(body.closest("details") as HTMLDetailsElement).open) return;
    body.replaceChildren(...this.points.slice(-tableSeconds).reverse().map((p) => {
      const row = document.createElement("tr");
      row.append(cell(time(p.t * 1000)), cell(integer(p.tx), "num"), cell(integer(p.swaps), "num"), cell(integer(p.opps), "num"));
      return row;
    }));
  }

  wireTable(): void {
    byId("chart-table").closest("details")!.addEventListener("toggle", () => this.table());
  }
}

/** How the latest scores are spread between 0 and 1. */
export class ScoreChart {
  private readonly chart: Chart;
  private shown = "";
  private bins: number[] = [];
  private threshold: number | null = null;

  constructor() {
    this.chart = new Chart(byId<HTMLCanvasElement>("scores"), {
      type: "bar",
      data: { labels: [], datasets: [{ data: [], barPercentage: 1, categoryPercentage: 0.86 }] },
      options: {
        maintainAspectRatio: false,
        plugins: { tooltip: { displayColors: false, callbacks: { title: (items) => `score ${items[0]?.label ?? ""}` } } },
        // Most transactions are no opportunity: a logarithm keeps the few high scores visible.
        scales: { x: { grid: { display: false }, border: { display: false }, ticks: { maxTicksLimit: 6, maxRotation: 0 } }, y: { display: false, beginAtZero: true } },
      },
    });
    byId("score-table").closest("details")!.addEventListener("toggle", () => this.table());
  }

  show(bins: number[], threshold: number | null): void {
    const text = bins.join() + threshold;
    if (text === this.shown) return;
    [this.shown, this.bins, this.threshold] = [text, bins, threshold];
    this.chart.data.labels = bins.map((_, i) => (i / bins.length).toFixed(2));
    this.chart.data.datasets[0]!.data = bins.map((n) => Math.log10(1 + n));
    this.paint();
    this.table();
  }

  paint(): void {
    const [hit, other] = [color("accent"), color("secondary")];
    this.chart.data.datasets[0]!.backgroundColor = this.bins.map((_, i) =>
      this.threshold !== null && (i + 1) / this.bins.length > this.threshold ? hit : other);
    const x = this.chart.options.scales?.["x"];
    if (x?.ticks) x.ticks.color = color("neutral");
    this.chart.update("none");
  }

  private table(): void {
    const body = byId("score-table");
    if (!(body.closest("details") as HTMLDetailsElement).open) return;
    body.replaceChildren(...this.bins.map((n, i) => {
      const row = document.createElement("tr");
      row.append(cell(`${(i / this.bins.length).toFixed(2)} – ${((i + 1) / this.bins.length).toFixed(2)}`), cell(integer(n), "num"));
      return row;
    }));
  }
}
