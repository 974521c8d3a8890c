import { byId, setText } from "./dom";
import type { Filter } from "./types";

const address = /^[1-9A-HJ-NP-Za-km-z]{32,44}$/;
const names = ["kind", "venue", "pair", "program", "payer", "q"] as const;
const typingMs = 250;

/** The feed's filters: they live in the address, so that it can be shared, reloaded and gone back to. */
export class Filters {
  private readonly form = byId<HTMLFormElement>("filters");

  constructor(private readonly changed: () => void) {
    let timer = 0;
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.apply(true); });
    this.form.addEventListener("change", (event) => this.apply(event.target instanceof HTMLSelectElement));
    this.form.addEventListener("input", (event) => {
      if (!(event.target instanceof HTMLInputElement)) return;
      clearTimeout(timer);
      timer = window.setTimeout(() => this.apply(false), typingMs);
    });
    byId("clear").addEventListener("click", () => { this.fill(new URLSearchParams()); this.apply(true); byId("kind").focus(); });
    window.addEventListener("popstate", () => { this.fill(new URLSearchParams(location.search)); this.show(); this.changed(); });
    this.show();
  }

  read(): Filter {
    return { kind: this.value("kind") || "all", venue: Number(this.value("venue") || 0), q: this.value("q"), pair: this.value("pair"), program: this.value("program"), payer: this.value("payer") };
  }

  private value(name: string): string {
    return String(new FormData(this.form).get(name) ?? "").trim();
  }

  private query(): URLSearchParams {
    const query = new URLSearchParams();
    for (const name of names) {
      const value = this.value(name);
      if (value !== "" && !(name === "kind" && value === "all") && !(name === "venue" && value === "0")) query.set(name, value);
    }
    return query;
  }

  private fill(query: URLSearchParams): void {
    for (const name of names) {
      const field = this.form.elements.namedItem(name);
      if (field instanceof HTMLSelectElement || field instanceof HTMLInputElement) field.value = query.get(name) ?? (name === "kind" ? "all" : name === "venue" ? "0" : "");
    }
  }

  private apply(remember: boolean): void {
    const query = this.query();
    const target = query.size > 0 ? `?${query}` : location.pathname;
    if (target === (location.search || location.pathname)) return;
    if (remember) history.pushState(null, "", target);
    else history.replaceState(null, "", target);
    this.show();
    this.changed();
  }

  private show(): void {
    const query = this.query();
    byId("clear").hidden = query.size === 0;
    byId<HTMLAnchorElement>("history").href = query.size > 0 ? `/transactions?${query}` : "/transactions";
    const wrong = (["program", "payer"] as const).filter((name) => this.value(name) !== "" && !address.test(this.value(name)));
    const problem = byId("filter-problem");
    problem.hidden = wrong.length === 0;
    setText(problem, wrong.map((name) => `The ${name} is not a whole address (32 to 44 characters of base58), so nothing matches.`).join(" "));
    for (const name of ["program", "payer"] as const) byId(name).setAttribute("aria-invalid", String(wrong.includes(name)));
  }
}
