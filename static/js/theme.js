// Loaded before the first paint: the theme the reader chose, or the system's.
(() => {
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const choice = root.dataset.themeChoice ?? document.cookie.match(/(?:^|; )theme=(\w+)/)?.[1];
    root.dataset.bsTheme = choice === "light" || choice === "dark" ? choice : system.matches ? "dark" : "light";
    root.dispatchEvent(new CustomEvent("themechange"));
  };
  system.addEventListener("change", apply);
  root.addEventListener("themechoice", apply);
  // Paper is light.
  window.addEventListener("beforeprint", () => {
    root.dataset.bsTheme = "light";
    root.dispatchEvent(new CustomEvent("themechange"));
  });
  window.addEventListener("afterprint", apply);
  apply();
})();
