// Says at once that a file is too large, instead of after sending it; and shows that it may be dropped here.
(() => {
  "use strict";
  for (const field of document.querySelectorAll("input[type=file][data-max-bytes]")) {
    field.addEventListener("change", () => {
      const file = field.files[0];
      const large = file && file.size > Number(field.dataset.maxBytes);
      field.setCustomValidity(large ? field.dataset.tooLarge : "");
      if (large) field.reportValidity();
    });
    for (const [name, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
      field.addEventListener(name, () => field.classList.toggle("is-over", over));
    }
  }
})();
