// Tickets: fresh countdowns and counts, keys of the list and of a ticket, quick replies, and whom a text mentions.
(() => {
  "use strict";
  const MINUTE_MS = 60_000;
  const $ = (selector, from = document) => from.querySelector(selector);
  const source = document.getElementById("ticket-refresh");
  const views = document.getElementById("views");

  // --- What the list shows stays fresh ----------------------------------------------------------------------
  function countViews() {
    if (views) htmx.ajax("GET", views.dataset.url + location.search, { source: views, target: views, swap: "innerHTML" });
  }
  // Not under somebody's hands: neither while rows are chosen nor while a menu is open, and the focus stays on its row.
  function refresh() {
    const results = document.getElementById("results");
    const isBusy = results.querySelector("input[name=selected]:checked, .dropdown-menu.show") || results.matches(".htmx-request");
    if (document.hidden || isBusy) return;
    const focused = results.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    htmx.ajax("GET", location.pathname + location.search, { source, target: results, swap: "innerHTML" }).then(() => {
      if (focused) results.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    });
    countViews();
  }
  if (source) {
    setInterval(refresh, MINUTE_MS);
    countViews();
    document.addEventListener("htmx:pushedIntoHistory", countViews);
  }

  // --- Keys, unless somebody types --------------------------------------------------------------------------
  const own = document.getElementById("shortcuts-own");
  if (own) $("#shortcuts dl")?.prepend(own.content);
  const rowInHand = () => document.activeElement?.closest("#list tbody tr") ?? null;
  function choose(row, isOn) {
    const box = $("input[name=selected]", row);
    if (!box) return;
    box.checked = isOn ?? !box.checked;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }
  // A deed on the chosen rows, or on the one in hand.
  function bulk(kind) {
    const button = $(`.bulk-bar button[formaction$="/bulk/${kind}/"]`);
    if (!button) return;
    const row = rowInHand();
    if (!$("#list input[name=selected]:checked") && row) choose(row, true);
    if ($("#list input[name=selected]:checked")) button.click();
  }
  function deed(...names) {
    const box = names.map((name) => document.getElementById(`deed-${name}`)).find(Boolean);
    if (!box) return;
    box.checked = true;
    const act = document.getElementById("act");
    act.scrollIntoView({ block: "nearest" });
    const field = [...act.querySelectorAll("select, textarea")].find((each) => each.offsetParent !== null);
    (field ?? $("button[type=submit]", act)).focus();
  }
  const listKeys = {
    o: () => $("a[href]", rowInHand() ?? document.createElement("i"))?.click(),
    x: () => rowInHand() && choose(rowInHand()),
    a: () => bulk("assign"),
    c: () => bulk("comment"),
  };
  const ticketKeys = {
    o: () => location.assign($(".breadcrumb a[href$='/tickets/']")?.href ?? "/tickets/"),
    a: () => deed("assign", "take"),
    c: () => deed("note"),
  };
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]")) return;
    const act = (source ? listKeys : ticketKeys)[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (!button) return;
    const field = button.closest("form").querySelector("textarea");
    field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
    field.focus();
  });

  // --- Whom a text mentions: names that begin so are offered under it ---------------------------------------
  const box = $("[data-mention]");
  if (!box) return;
  const field = $("textarea", box);
  const list = $("ul", box);
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-autocomplete", "list");
  let asked = 0;
  const begun = () => /(?:^|[^\w@.])@([\w.+-]*)$/.exec(field.value.slice(0, field.selectionStart));
  function close() {
    list.hidden = true;
    list.replaceChildren();
    field.removeAttribute("aria-activedescendant");
  }
  function mark(index) {
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
    field.setAttribute("aria-activedescendant", list.children[index]?.id ?? "");
  }
  const marked = () => [...list.children].findIndex((item) => item.getAttribute("aria-selected") === "true");
  function put(name) {
    const start = field.selectionStart - begun()[1].length;
    field.setRangeText(`${name} `, start, field.selectionStart, "end");
    close();
    field.focus();
  }
  async function offer() {
    const found = begun();
    if (!found) return close();
    const turn = ++asked;
    const chosen = $("input[name=deed]:checked")?.value ?? "";
    const query = new URLSearchParams({ q: found[1], for: chosen });
    const answer = await fetch(`${box.dataset.mention}?${query}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (turn !== asked || !answer?.ok) return;
    const { people } = await answer.json();
    if (!people.length || !begun()) return close();
    list.replaceChildren(
      ...people.map((person, at) => {
        const item = document.createElement("li");
        item.id = `mention-${at}`;
        item.setAttribute("role", "option");
        item.dataset.name = person.name;
        item.textContent = person.text === person.name ? `@${person.name}` : `${person.text} (@${person.name})`;
        return item;
      }),
    );
    list.hidden = false;
    mark(0);
  }
  field.addEventListener("input", offer);
  field.addEventListener("blur", () => setTimeout(close, 200));
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) mark((marked() + step + list.children.length) % list.children.length);
    else if (event.key === "Enter" || event.key === "Tab") put(list.children[marked()].dataset.name);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => {
    const item = event.target.closest("li");
    if (!item) return;
    event.preventDefault();
    put(item.dataset.name);
  });
})();
