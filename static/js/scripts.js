// Writing a script: lines are added and moved in place; without this, places are numbers and empty lines wait below.
(() => {
  "use strict";
  const part = document.querySelector("[data-lines]");
  if (!part) return;
  const rows = part.querySelector("[data-line-rows]");
  const total = part.querySelector("[name$='-TOTAL_FORMS']");
  const lines = () => [...rows.querySelectorAll("[data-line]")];
  const number = () => lines().forEach((line, at) => { line.querySelector("[data-line-order]").value = (at + 1) * 10; });
  const ready = (line) => {
    line.querySelector(".script-row-order").hidden = true;
    line.querySelectorAll("[data-line-up], [data-line-down]").forEach((button) => { button.hidden = false; });
  };
  lines().forEach(ready);
  const add = part.querySelector("[data-line-add]");
  add.hidden = false;
  add.addEventListener("click", () => {
    const html = part.querySelector("template").innerHTML.replaceAll("__prefix__", total.value);
    rows.insertAdjacentHTML("beforeend", html);
    total.value = Number(total.value) + 1;
    const line = lines().at(-1);
    ready(line);
    number();
    line.querySelector("textarea").focus();
  });
  rows.addEventListener("click", (event) => {
    const button = event.target.closest("[data-line-up], [data-line-down]");
    if (!button) return;
    const line = button.closest("[data-line]");
    const isUp = button.hasAttribute("data-line-up");
    const other = isUp ? line.previousElementSibling : line.nextElementSibling;
    if (other) other[isUp ? "before" : "after"](line);
    number();
    button.focus();
  });
  number();
})();
