// Runs before the first paint, so that a stored choice never flashes. Without one the system's preference decides, in CSS.
try {
  const theme = localStorage.getItem("mev-theme");
  if (theme === "mev-dark" || theme === "mev-light") document.documentElement.dataset.theme = theme;
} catch { /* storage is blocked: the system's preference decides */ }
