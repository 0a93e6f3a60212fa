/* The order of the works in an exhibition: rows are dragged by their handle and dropped between others.
   Each drop is sent at once; when that fails the page is loaded anew, so that it shows what is true.
   Without this script, and on a touch screen, the buttons of each row do the same. */
"use strict";
{
  const body = document.querySelector("table.order tbody");
  const form = body?.closest("form");
  const status = form?.querySelector("[role=status]");
  let dragged = null;

  function rowUnder(event) {
    return event.target.closest?.("tr[data-work]");
  }

  function number() {
    const first = Number(body.dataset.first);
    for (const [index, row] of [...body.rows].entries()) row.querySelector(".place").textContent = first + index;
  }

  async function drop(row) {
    const next = row.nextElementSibling;
    const data = new FormData(form);
    data.set("work", row.dataset.work);
    // Below the last row of a page there may be another page.
    if (next) data.set("before", next.dataset.work);
    else if (row.previousElementSibling) data.set("after", row.previousElementSibling.dataset.work);
    else return;
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      const { place } = await answer.json();
      number();
      const said = { work: row.querySelector(".title").textContent, place };
      status.textContent = status.dataset.said.replace(/\{(\w+)\}/g, (whole, name) => said[name]);
    } catch {
      location.reload();
    }
  }

  if (body && matchMedia("(pointer: fine)").matches) {
    for (const hidden of document.querySelectorAll(".by-hand, .handle")) hidden.hidden = false;
    for (const handle of body.querySelectorAll(".handle")) {
      const row = handle.closest("tr");
      handle.addEventListener("pointerdown", () => { row.draggable = true; });
      handle.addEventListener("pointerup", () => { row.draggable = false; });
    }
    body.addEventListener("dragstart", (event) => {
      dragged = rowUnder(event);
      dragged.classList.add("dragged");
      event.dataTransfer.effectAllowed = "move";
    });
    body.addEventListener("dragover", (event) => {
      const over = rowUnder(event);
      if (!dragged || !over) return;
      event.preventDefault();
      if (over === dragged) return;
      const box = over.getBoundingClientRect();
      over[event.clientY < box.top + box.height / 2 ? "before" : "after"](dragged);
    });
    body.addEventListener("drop", (event) => event.preventDefault());
    body.addEventListener("dragend", () => {
      const row = dragged;
      dragged = null;
      row.classList.remove("dragged");
      row.draggable = false;
      drop(row);
    });
  }
}
