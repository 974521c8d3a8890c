import { HubConnectionBuilder, HubConnectionState, LogLevel, type ISubscription } from "@microsoft/signalr";
import type { Link } from "./panels";
import type { Filter, Update } from "./types";

/** Watches the host: one stream at a time, none while the tab is hidden, and for ever trying again. */
export class LiveConnection {
  private readonly hub = new HubConnectionBuilder()
    .withUrl("/live")
    .withAutomaticReconnect({ nextRetryDelayInMilliseconds: (c) => Math.min(5000, 250 * 2 ** c.previousRetryCount) })
    .configureLogging(LogLevel.None)
    .build();

  private stream: ISubscription<Update> | null = null;
  private generation = 0;

  constructor(private readonly filter: () => Filter, private readonly onUpdate: (update: Update) => void, private readonly onLink: (link: Link) => void) {
    this.hub.onreconnecting(() => onLink("reconnecting"));
    this.hub.onreconnected(() => this.watch());
    this.hub.onclose(() => { onLink("closed"); this.retry(); });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.unwatch();
      else this.watch();
    });
  }

  async start(): Promise<void> {
    try {
      await this.hub.start();
      this.watch();
    } catch {
      this.onLink("closed");
      this.retry();
    }
  }

  /** (Re)subscribes; the first message is a snapshot. */
  watch(): void {
    this.unwatch();
    if (document.hidden || this.hub.state !== HubConnectionState.Connected) return;
    const mine = ++this.generation;
    this.stream = this.hub.stream<Update>("Watch", this.filter()).subscribe({
      next: (update) => {
        if (mine !== this.generation) return;
        this.onLink("open");
        this.onUpdate(update);
      },
      error: () => { if (mine === this.generation) this.onLink("reconnecting"); },
      complete: () => undefined,
    });
  }

  private unwatch(): void {
    this.generation++;
    this.stream?.dispose();
    this.stream = null;
  }

  private retry(): void {
    setTimeout(() => { if (this.hub.state === HubConnectionState.Disconnected) void this.start(); }, 2000);
  }
}
