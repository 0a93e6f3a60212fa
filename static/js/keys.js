/* Keys of a page: a single key does what bears it in `data-key` – it goes to a field, presses a button, opens
   a part. Never while one types, never with another key held; and not at all for whoever has switched them off
   (`data-keys`, kept in this browser: WCAG 2.1.4). Escape in an empty field leads back from it. Without this
   script no key is shown. */
"use strict";
{
  const switches = document.querySelectorAll("[data-keys] input");
  const kept = (() => {
    try {
      return localStorage;
    } catch {
      return {}; // a browser that keeps nothing
    }
  })();
  let from = null;

  const types = (target) =>
    target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio], [type=submit]), textarea, select");

  function show() {
    for (const hint of document.querySelectorAll("kbd[data-hint]")) hint.hidden = kept.keys === "off";
    for (const box of switches) box.checked = kept.keys !== "off";
  }

  function press(found) {
    found.focus();
    if (types(found)) return found.select();
    found.click();
    return found.closest("details[open]")?.querySelector("textarea")?.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (types(event.target)) {
      if (event.key !== "Escape" || !from || event.target.value) return;
      event.target.blur();
      from.focus();
    } else if (kept.keys !== "off") {
      const key = event.key.toLocaleLowerCase("tr");
      const found = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
      if (!found) return;
      event.preventDefault();
      from = document.activeElement;
      press(found);
    }
  });

  for (const box of switches) {
    box.closest("[data-keys]").hidden = false;
    box.addEventListener("change", () => {
      kept.keys = box.checked ? "on" : "off";
      show();
    });
  }
  show();
}
