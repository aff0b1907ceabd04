// Tickets: the list keeps its countdowns fresh, and a quick reply goes where the cursor stands.
(() => {
  "use strict";
  const MINUTE_MS = 60_000;
  const source = document.getElementById("ticket-refresh");

  // Not under somebody's hands: neither while rows are chosen nor while a menu is open, and the focus stays on its row.
  function refresh() {
    const results = document.getElementById("results");
    const isBusy = results.querySelector("input[name=selected]:checked, .dropdown-menu.show") || results.matches(".htmx-request");
    if (document.hidden || isBusy) return;
    const focused = results.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    htmx.ajax("GET", location.pathname + location.search, { source, target: results, swap: "innerHTML" }).then(() => {
      if (focused) results.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    });
  }
  if (source) setInterval(refresh, MINUTE_MS);

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (!button) return;
    const field = button.closest("form").querySelector("textarea");
    field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
    field.focus();
  });
})();
