/* What every form of the admin does beside what the server does: it warns before typed things are lost, leads
   to the fields that have to be corrected, opens a folded part to which a link leads, shuts a menu, and puts
   the browser's calendar beside a day. All forms work without it. */
"use strict";
{
  for (const form of document.querySelectorAll("form[data-unsaved]")) {
    const typed = () => JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value.name ?? value]));
    const says = form.querySelector(".unsaved");
    let saved = form.dataset.unsaved ? null : typed();

    function tell() {
      const text = typed() === saved ? "" : form.dataset.unsavedSays;
      if (says && says.textContent !== text) says.textContent = text;
    }

    for (const moment of ["input", "change", "focusin"]) form.addEventListener(moment, tell);
    form.addEventListener("submit", () => { saved = typed(); });
    addEventListener("beforeunload", (event) => { if (typed() !== saved) event.preventDefault(); });
    if (saved === null) tell();
  }

  /* The field of an error: of an autocomplete, the box that stands for the hidden select. */
  for (const note of document.querySelectorAll(".errornote")) note.addEventListener("click", (event) => {
    const box = document.getElementById(event.target.hash?.slice(1))?.nextElementSibling?.querySelector(".select2-selection");
    if (!box) return;
    event.preventDefault();
    box.focus();
  });

  function unfold() {
    const fold = document.getElementById(location.hash.slice(1))?.closest("details");
    if (fold) fold.open = true;
  }
  addEventListener("hashchange", unfold);
  unfold();

  /* A menu is open until something else is clicked or has the focus, or Escape is pressed. */
  function shut({ type, key, target }) {
    if (type === "keydown" && key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open], #changelist-filter details[open]")) {
      if (type !== "keydown" && menu.contains(target)) continue;
      if (type === "keydown" && menu.contains(target)) menu.firstElementChild.focus();
      menu.open = false;
    }
  }
  for (const moment of ["click", "focusin", "keydown"]) document.addEventListener(moment, shut);

  /* One is put beside the days of an empty row of a table, too, and is copied with it. */
  for (const typed of document.querySelectorAll("input[data-picker]")) {
    const picker = document.createElement("span");
    picker.className = "picker";
    picker.innerHTML = "<button type='button'></button><input type='date' tabindex='-1' aria-hidden='true'>";
    picker.firstChild.title = typed.dataset.picker;
    picker.firstChild.setAttribute("aria-label", typed.dataset.picker);
    typed.after(picker);
  }
  document.addEventListener("click", (event) => {
    const picker = event.target.closest(".picker");
    if (!picker) return;
    const [, day, month, year] = picker.previousElementSibling.value.match(/^\s*(\d{1,2})[./-](\d{1,2})[./-](\d{4})\s*$/) ?? [];
    picker.lastChild.value = year ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : "";
    picker.lastChild.showPicker();
  });
  document.addEventListener("change", (event) => {
    const typed = event.target.closest(".picker")?.previousElementSibling;
    if (!typed || !event.target.value) return;
    typed.value = event.target.value.split("-").reverse().join(".");
    typed.dispatchEvent(new Event("input", { bubbles: true }));
    typed.dispatchEvent(new Event("change", { bubbles: true }));
    typed.focus();
  });
}
