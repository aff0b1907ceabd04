// Calls in progress: how long somebody has waited ticks on between two looks at the server.
(() => {
  "use strict";
  // The clock of this machine may be off: counted from what the server said.
  const seen = new WeakMap();
  const seconds = (text) => text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  setInterval(() => {
    document.querySelectorAll("[data-since]").forEach((place) => {
      if (!seen.has(place)) seen.set(place, { at: performance.now(), from: seconds(place.textContent) });
      const { at, from } = seen.get(place);
      const now = Math.floor(from + (performance.now() - at) / 1000);
      place.textContent = `${Math.floor(now / 60)}:${String(now % 60).padStart(2, "0")}`;
    });
  }, 1000);
})();
