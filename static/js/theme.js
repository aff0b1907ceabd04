// Loaded before the first paint: the theme the reader chose, or the system's.
(() => {
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const tell = () => {
    // The name that the interface's documents know it by.
    root.classList.toggle("dark-mode", root.dataset.bsTheme === "dark");
    root.dispatchEvent(new CustomEvent("themechange"));
  };
  const apply = () => {
    const choice = root.dataset.themeChoice ?? document.cookie.match(/(?:^|; )theme=(\w+)/)?.[1];
    root.dataset.bsTheme = choice === "light" || choice === "dark" ? choice : system.matches ? "dark" : "light";
    tell();
  };
  system.addEventListener("change", apply);
  root.addEventListener("themechoice", apply);
  // Paper is light.
  window.addEventListener("beforeprint", () => {
    root.dataset.bsTheme = "light";
    tell();
  });
  window.addEventListener("afterprint", apply);
  apply();
})();
