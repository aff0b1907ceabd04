// The builder of a form: keys, which guidance is open, and a warning before what is typed is left. It works without.
(() => {
  "use strict";
  const builder = () => document.querySelector("[data-builder]");
  let changed = false;

  document.addEventListener("input", (event) => {
    if (event.target.closest("[data-builder]")) changed = true;
  });
  document.addEventListener("htmx:afterSwap", () => {
    if (builder()?.hasAttribute("data-changed")) changed = true;
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-builder]") && event.submitter?.value !== "preview") changed = false;
  });
  if (builder()?.hasAttribute("data-changed")) changed = true;
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });

  document.addEventListener(
    "toggle",
    (event) => {
      const place = event.target.dataset?.more;
      if (place) event.target.querySelector(`[name="${CSS.escape(place)}.open"]`).value = event.target.open ? "1" : "";
    },
    true,
  );

  document.addEventListener("keydown", (event) => {
    const form = event.target.closest("[data-builder]");
    if (!form) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.querySelector('button[value="save"]').click();
      return;
    }
    const part = event.target.closest("[data-part]");
    if (!part || !event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      part.querySelector(`[data-move="${event.key === "ArrowUp" ? "up" : "down"}"]`).click();
    } else if (event.key === "Enter") {
      event.preventDefault();
      part.querySelector("[data-insert]")?.click();
    }
  });
})();
