import "htmx.org";
import { openNamed, startCopy } from "./copy";
import { byId, setText } from "./dom";
import { startIngest } from "./ingest";
import { startLive } from "./live";
import { showHostState } from "./status";
import { startTheme } from "./theme";

const live = document.getElementById("chart") ? startLive() : null;
if (document.querySelector("[data-polled]")) startIngest();
else if (!live) void showHostState();
startTheme(byId("theme"), () => live?.paint());

startCopy();
openNamed();

const clock = byId("clock");
const tick = (): void => setText(clock, `${new Date().toISOString().slice(11, 19)} UTC`);
setInterval(tick, 1000);
tick();
