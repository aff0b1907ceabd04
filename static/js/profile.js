// Puts a suggested column name into its field.
document.addEventListener("click", (event) => {
  const one = event.target.closest("[data-fill]");
  const buttons = one ? [one] : event.target.closest("[data-fill-all]") ? [...document.querySelectorAll("[data-fill]")] : [];
  for (const button of buttons) {
    const field = document.getElementById(button.dataset.fill);
    if (field) field.value = button.dataset.value;
    button.disabled = true;
  }
});
