// The workplace by keys: a digit chooses an outcome, n takes the next contact, d shows the number, Ctrl Enter enters it.
(() => {
  "use strict";
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      document.querySelector(".outcome form")?.requestSubmit();
      return;
    }
    const typing = event.target.closest("input:not([type=radio]), textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const found = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!found) return;
    event.preventDefault();
    found.focus();
    found.click();
  });
})();
