// Loaded before the first paint: the theme the reader chose, or the system's.
(() => {
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const choice = root.dataset.themeChoice;
    root.dataset.bsTheme = choice === "light" || choice === "dark" ? choice : system.matches ? "dark" : "light";
    root.dispatchEvent(new CustomEvent("themechange"));
  };
  system.addEventListener("change", apply);
  root.addEventListener("themechoice", apply);
  apply();
})();
