// Evaluating by keys, kept as it is filled in: 1–9 and n answer, j and k move, c is the cause, r a remark, Ctrl Enter submits.
(() => {
  "use strict";
  const form = document.getElementById("fill-in");
  const own = document.getElementById("shortcuts-own");
  if (own) document.querySelector("#shortcuts dl")?.prepend(own.content);
  if (!form) return;
  const $ = (selector, from = form) => from.querySelector(selector);
  const questions = [...form.querySelectorAll("[data-question]")];
  const score = document.getElementById("score");

  // --- What is filled in is kept: one request at a time, the newest state last ------------------------------
  const PAUSE_MS = { change: 150, input: 900, retry: 5000 };
  let timer = 0;
  let isDirty = false;
  let isRunning = false;
  let isLeaving = false;
  const told = () => $("[data-saved]", score) ?? score;
  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  }
  function touched(pause) {
    isDirty = true;
    told().textContent = form.dataset.unsaved;
    later(pause);
  }
  async function save() {
    if (isRunning || isLeaving || !isDirty) return;
    isRunning = true;
    isDirty = false;
    const answer = await fetch(form.dataset.saveUrl, { method: "POST", body: new FormData(form) }).catch(() => null);
    isRunning = false;
    if (isLeaving) return;
    if (!answer || answer.redirected || answer.status >= 500) {
      // Nothing is lost: it stays on the page, and is sent again.
      isDirty = true;
      told().textContent = form.dataset.failed;
      return later(PAUSE_MS.retry);
    }
    const text = await answer.text();
    if (answer.ok && !isDirty) score.innerHTML = text;
    else if (!answer.ok) {
      isDirty = true;
      const part = new DOMParser().parseFromString(text, "text/html").querySelector("[data-refusal-of-save]");
      if (part) {
        part.setAttribute("data-saved", "");
        told().replaceWith(part);
      } else told().textContent = form.dataset.failed;
      return;
    }
    if (isDirty) later(PAUSE_MS.change);
  }
  form.addEventListener("change", () => touched(PAUSE_MS.change));
  form.addEventListener("input", (event) => event.target.matches("textarea") && touched(PAUSE_MS.input));
  form.addEventListener("submit", () => {
    isLeaving = true;
    clearTimeout(timer);
  });
  window.addEventListener("beforeunload", (event) => {
    if (isDirty && !isLeaving) event.preventDefault();
  });

  // --- Keys -------------------------------------------------------------------------------------------------
  let current = null;
  const isOpen = (question) => !$("input:checked", question);
  const cause = (question) => $(".question-cause select", question);
  const needsCause = (question) => Boolean($("[data-failure]:checked", question) && cause(question) && !cause(question).value);
  function goTo(question) {
    if (!question) return;
    current = question;
    question.focus({ preventScroll: true });
    question.scrollIntoView({ block: "nearest" });
  }
  function move(step) {
    const at = questions.indexOf(current);
    goTo(questions[Math.min(Math.max(at + step, 0), questions.length - 1)]);
  }
  function onward() {
    const at = questions.indexOf(current);
    const next = [...questions.slice(at + 1), ...questions.slice(0, at + 1)].find((each) => isOpen(each) || needsCause(each));
    if (next) goTo(next);
    else document.getElementById("submit-next").focus({ preventScroll: true });
  }
  function choose(digit) {
    const box = current && $(`input[data-digit="${CSS.escape(digit)}"]`, current);
    if (!box || box.disabled) return;
    box.checked = true;
    box.dispatchEvent(new Event("change", { bubbles: true }));
    if (needsCause(current)) goTo(current);
    else onward();
  }
  function nextCause() {
    const list = current && cause(current);
    if (!list || !$("[data-failure]:checked", current)) return;
    list.selectedIndex = list.selectedIndex + 1 < list.options.length ? list.selectedIndex + 1 : 1;
    list.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function remark() {
    const box = current && $(".question-remark", current);
    if (!box) return;
    box.open = true;
    $("textarea", box).focus();
  }
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    c: nextCause,
    r: remark,
    m: () => $(".sheet-comment textarea").focus(),
    p: () => document.querySelector("[data-recording]")?.click(),
    n: () => choose("n"),
  };
  for (let digit = 0; digit <= 9; digit++) keys[digit] = () => choose(String(digit));
  form.addEventListener("focusin", (event) => {
    current = event.target.closest("[data-question]") ?? current;
  });
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(document.getElementById("submit-next"));
      return;
    }
    const typing = event.target.closest("input:not([type=radio]), textarea, select, [contenteditable]");
    if (typing && event.key === "Escape" && form.contains(typing)) {
      goTo(current ?? questions[0]);
      return;
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    // Arrows within answers are the browser's.
    if (event.key.startsWith("Arrow") && event.target.matches("input[type=radio]")) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  const wrong = $(".question-wrong");
  goTo(wrong ?? questions.find(isOpen) ?? questions[0]);
})();
