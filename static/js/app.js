// The frame's behaviour: answers of the server that are no page, keys, dialogs, drawer, lists. No page needs it to be read.
(() => {
  "use strict";
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const words = $("#words")?.dataset ?? {};
  const root = document.documentElement;
  const remember = (name, value) => {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  };

  // --- Toasts -----------------------------------------------------------------------------------------------
  const notices = () => $("#toasts");
  function toast(text, tone = "info") {
    for (const old of $$(".notice", notices())) if (old.firstElementChild.textContent === text) old.remove();
    const box = document.createElement("div");
    box.className = `notice notice-${tone}`;
    const line = document.createElement("span");
    line.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn-quiet";
    close.dataset.noticeClose = "";
    close.setAttribute("aria-label", words.close);
    close.textContent = "×";
    box.append(line, close);
    notices().append(box);
  }
  // Good news goes by itself; a failure stays until it is read.
  new MutationObserver(() => {
    for (const box of $$(".notice:not([data-seen])", notices())) {
      box.dataset.seen = "";
      if (!/notice-(error|warning)/.test(box.className)) setTimeout(() => box.remove(), 7000);
    }
  }).observe(notices(), { childList: true });
  for (const box of $$(".notice-success, .notice-info", notices())) {
    box.dataset.seen = "";
    setTimeout(() => box.remove(), 7000);
  }
  document.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail.tone));

  // --- Answers to htmx that are not the part asked for ------------------------------------------------------
  const loginPath = document.body.dataset.loginUrl;
  // Nobody asked for what a page fetches by itself, so nobody is told when that fails.
  const isQuiet = (event) => event.detail.requestConfig?.elt.matches("[data-quiet]");
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (isQuiet(event) && (xhr.status >= 400 || new URL(xhr.responseURL).pathname === loginPath)) {
      event.detail.shouldSwap = false;
      return;
    }
    if (xhr.responseURL && new URL(xhr.responseURL).pathname === loginPath) {
      event.detail.shouldSwap = false;
      location.assign(`${loginPath}?next=${encodeURIComponent(location.pathname + location.search)}`);
      return;
    }
    if (xhr.status < 400) return;
    const refusal = new DOMParser().parseFromString(xhr.response ?? "", "text/html").querySelector("[data-refusal]");
    if (xhr.status === 422 && !refusal) return; // a form with its errors
    event.detail.shouldSwap = false;
    toast(refusal?.dataset.refusal || words.failed, "error");
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => isQuiet(event) || toast(words.offline, "error"));
  }

  // An address shows what is on, not what could be.
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.elt.matches(".filter-bar")) return;
    const data = event.detail.formData;
    for (const name of new Set(data.keys())) if (data.getAll(name).every((value) => value === "")) data.delete(name);
  });

  // --- Theme, menu, explanations ----------------------------------------------------------------------------
  function setTheme(choice) {
    root.dataset.themeChoice = choice;
    root.dispatchEvent(new CustomEvent("themechoice"));
    remember("theme", choice);
    markTheme();
    const url = $("[data-theme-url]")?.dataset.themeUrl;
    if (url) htmx.ajax("POST", url, { swap: "none", values: { theme: choice === "system" ? "" : choice } });
  }
  function markTheme() {
    for (const item of $$("[data-theme-set]")) {
      item.classList.toggle("active", item.dataset.themeSet === root.dataset.themeChoice);
    }
  }
  function foldRail() {
    const narrow = root.dataset.rail !== "narrow";
    if (narrow) root.dataset.rail = "narrow";
    else delete root.dataset.rail;
    remember("rail", narrow ? "narrow" : "wide");
    window.dispatchEvent(new Event("resize"));
  }
  const hidden = new Set(JSON.parse(localStorage.getItem("intros-hidden") ?? "[]"));
  function hideIntros(from) {
    for (const intro of $$("[data-intro]", from)) if (hidden.has(intro.dataset.intro)) intro.hidden = true;
  }

  // --- Dialogs ----------------------------------------------------------------------------------------------
  function openDialog(id) {
    const dialog = document.getElementById(id);
    if (!dialog || dialog.open) return;
    dialog.showModal();
    if (id === "palette") openPalette();
  }
  function confirmThen(source, go) {
    const dialog = $("#confirm");
    const typed = source.dataset.confirmType ?? "";
    const label = $("#confirm-type");
    const field = $("input", label);
    const yes = $("#confirm-yes");
    $("#confirm-title").textContent = source.dataset.confirm;
    $("#confirm-detail").textContent = source.dataset.confirmDetail ?? "";
    $("span", label).textContent = words.type.replace("{name}", typed);
    label.hidden = !typed;
    field.value = "";
    yes.textContent = source.dataset.confirmVerb || words.ok;
    yes.disabled = Boolean(typed);
    field.oninput = () => (yes.disabled = field.value.trim() !== typed);
    dialog.returnValue = "";
    dialog.onclose = () => dialog.returnValue === "yes" && go();
    dialog.showModal();
  }
  document.addEventListener(
    "submit",
    (event) => {
      const source = event.submitter?.dataset.confirm ? event.submitter : event.target;
      if (!source.dataset.confirm || source.dataset.confirmed) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      confirmThen(source, () => {
        source.dataset.confirmed = "1";
        event.target.requestSubmit(event.submitter);
        delete source.dataset.confirmed;
      });
    },
    true,
  );
  document.addEventListener("htmx:confirm", (event) => {
    const source = event.detail.elt;
    if (!source.dataset.confirm || source.matches("form") || source.dataset.confirmed) return;
    event.preventDefault();
    confirmThen(source, () => event.detail.issueRequest(true));
  });

  // --- Drawer: any link with data-drawer opens its address in the side panel --------------------------------
  function openDrawer(link) {
    const body = $("#drawer-body");
    $("#drawer-title").textContent = link.dataset.drawer || link.textContent.trim();
    body.replaceChildren();
    body.setAttribute("aria-busy", "true");
    tabler.Offcanvas.getOrCreateInstance("#drawer").show(link);
    htmx.ajax("GET", link.getAttribute("href"), { target: body, swap: "innerHTML" }).then(() => body.removeAttribute("aria-busy"));
  }

  // --- Search and palette -----------------------------------------------------------------------------------
  const paletteInput = () => $("#palette-input");
  function paletteItems() {
    return $$("#palette-list a").filter((link) => !link.closest("[hidden]"));
  }
  function paletteMark(index) {
    const items = paletteItems();
    items.forEach((item, at) => {
      item.id ||= `palette-item-${Math.random().toString(36).slice(2)}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", String(at === index));
    });
    const chosen = items[index];
    paletteInput().setAttribute("aria-activedescendant", chosen?.id ?? "");
    chosen?.scrollIntoView({ block: "nearest" });
    const nothing = $(".palette-none");
    nothing.hidden = items.length > 0 || !paletteInput().value.trim();
  }
  function palettePages() {
    const asked = paletteInput().value.trim().toLowerCase();
    const found = $$("[data-page]").filter((link) => link.textContent.trim().toLowerCase().includes(asked));
    const box = $("#palette-pages");
    const head = document.createElement("div");
    head.className = "palette-head";
    head.textContent = box.dataset.heading;
    box.replaceChildren(
      ...(found.length ? [head] : []),
      ...found.map((page) => {
        const link = document.createElement("a");
        link.href = page.href;
        link.append(...[...page.childNodes].map((node) => node.cloneNode(true)));
        return link;
      }),
    );
    if (!asked) $("#palette-found").replaceChildren();
    paletteMark(0);
  }
  function openPalette() {
    paletteInput().value = "";
    $("#palette-found").replaceChildren();
    palettePages();
    paletteInput().focus();
  }
  function paletteKey(event) {
    const items = paletteItems();
    const at = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      paletteMark((at + step + items.length) % Math.max(items.length, 1));
    } else if (event.key === "Enter" && items[at]) {
      event.preventDefault();
      items[at].click();
    }
  }
  // Words that are searched for are asked for while somebody types. Leaving the field says nothing new, and a second
  // answer would take the list from under the hands of whoever goes on by keys.
  document.addEventListener("change", (event) => {
    if (event.target.closest(".filter-bar .filter-search")) event.stopPropagation();
  }, true);
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt === paletteInput() && !paletteInput().value.trim()) event.preventDefault();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "palette-found") paletteMark(0);
    const status = $("#list-status");
    if (status && ["list", "results"].includes(event.target.id)) {
      status.textContent = $(".list-count, .empty-state-title", event.target)?.textContent ?? "";
    }
  });

  // --- Lists ------------------------------------------------------------------------------------------------
  const rows = () => $$("#list tbody tr, [data-rows] tbody tr").filter((row) => $("a[href]", row));
  function moveRow(step) {
    const all = rows();
    const at = all.indexOf(document.activeElement?.closest("tr"));
    const next = all[Math.max(0, Math.min(all.length - 1, at + step))];
    $("a[href]", next ?? document.createElement("i"))?.focus();
  }
  function bulkCount(form) {
    const boxes = $$("input[name=selected]", form);
    const count = boxes.filter((box) => box.checked).length;
    $(".bulk-bar", form).hidden = count === 0;
    $("[data-bulk-count]", form).textContent = words.selected.replace("{count}", count);
    const all = $("[data-select-all]", form);
    if (all) {
      all.checked = count > 0 && count === boxes.length;
      all.indeterminate = count > 0 && count < boxes.length;
    }
  }

  // --- One listener each ------------------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest(selector);
    let found;
    if ((found = hit("[data-open]"))) openDialog(found.dataset.open);
    else if ((found = hit("[data-theme-set]"))) setTheme(found.dataset.themeSet);
    else if (hit("[data-rail-fold]")) foldRail();
    else if ((found = hit("[data-notice-close]"))) found.closest(".notice").remove();
    else if ((found = hit("[data-intro-close]"))) {
      const intro = found.closest("[data-intro]");
      intro.hidden = true;
      hidden.add(intro.dataset.intro);
      localStorage.setItem("intros-hidden", JSON.stringify([...hidden]));
    } else if ((found = hit("[data-copy]"))) {
      navigator.clipboard.writeText(found.dataset.copy).then(() => toast(words.copied, "success"));
    } else if ((found = hit("[data-print]"))) window.print();
    else if ((found = hit("a[data-drawer]")) && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      openDrawer(found);
    } else if (event.target.matches("dialog.palette, dialog.sheet")) event.target.close();
    else if ((found = hit("#list tbody tr, [data-rows] tbody tr")) && !hit("a, button, input, label, select, summary, time[title]")) {
      if (String(getSelection())) return; // somebody marks text to copy it
      const link = $("a[href]", found);
      if (!link) return;
      if (event.ctrlKey || event.metaKey) window.open(link.href, "_blank", "noopener");
      else link.click();
    }
  });
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.matches("[data-columns] input")) box.form.requestSubmit();
    if (box.matches("[data-autosubmit], [data-autosubmit] :is(select, input)")) box.form.requestSubmit();
    const bulk = box.closest("[data-bulk]");
    if (!bulk) return;
    if (box.matches("[data-select-all]")) $$("input[name=selected]", bulk).forEach((other) => (other.checked = box.checked));
    bulkCount(bulk);
  });
  document.addEventListener("input", (event) => {
    if (event.target.id === "palette-input") palettePages();
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.id === "palette-input") paletteKey(event);
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openDialog("palette");
      return;
    }
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]")) return;
    const actions = {
      "/": () => openDialog("palette"),
      "?": () => openDialog("shortcuts"),
      "[": foldRail,
      f: () => $(".filter-bar :is(input, select):not([type=hidden])")?.focus(),
      j: () => moveRow(1),
      k: () => moveRow(-1),
    };
    if (actions[event.key]) {
      event.preventDefault();
      actions[event.key]();
    }
  });
  document.addEventListener("htmx:load", (event) => hideIntros(event.detail.elt.parentElement ?? document));

  markTheme();
  hideIntros(document);
  // A long menu shows where one is.
  const rail = $(".rail-nav");
  const here = rail && $("[aria-current]", rail);
  if (here) {
    const top = here.getBoundingClientRect().top - rail.getBoundingClientRect().top;
    if (top > rail.clientHeight - here.offsetHeight) rail.scrollTop = top - rail.clientHeight / 2;
  }
  $(".error-summary")?.focus();
})();
