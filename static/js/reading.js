// Reading on the phone by keys: / to what the customer said, a digit to a stage, Escape empties the box.
(() => {
  "use strict";
  const box = document.querySelector("[data-said]");
  document.addEventListener("keydown", (event) => {
    if (event.target === box && event.key === "Escape") {
      box.value = "";
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.blur();
      return;
    }
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const stage = document.querySelector(`[data-stage="${CSS.escape(event.key)}"]`);
    if (stage) {
      event.preventDefault();
      const part = document.querySelector(stage.getAttribute("href"));
      part.scrollIntoView();
      part.focus({ preventScroll: true });
    } else if (event.key === "/" && box) {
      event.preventDefault();
      event.stopImmediatePropagation();
      box.focus();
    }
  }, true);
})();
