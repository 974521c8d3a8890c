import { byId, setText } from "./dom";

/** On pages without a live connection: asks now and then whether the host answers. */
export async function showHostState(): Promise<void> {
  let up = false;
  try {
    up = (await fetch("/healthz", { cache: "no-store" })).ok;
  } catch { /* unreachable */ }
  byId("connection").dataset.state = up ? "ok" : "disconnected";
  setText(byId("connection-text"), up ? "Host ready" : "Host unreachable");
  setTimeout(() => void showHostState(), 5000);
}
