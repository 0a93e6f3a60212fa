/* Search boxes of the admin: what fits shows below a box while one types; without this, Enter looks for it.

   <input data-search="ID of the place for it" data-url="who answers" data-fewest="2">. The text is sent by POST,
   so that it comes into no address. Arrow keys walk over what was found, Escape leads back into the box. */
"use strict";
{
  const PAUSE = 150;

  function searches(box) {
    const found = document.getElementById(box.dataset.search);
    const said = document.getElementById(`${found.id}-said`);
    const fewest = Number(box.dataset.fewest ?? 2);
    const overlay = found.hasAttribute("data-overlay"); // lies over the page, and goes when one leaves it
    let timer, asked, last;

    function show(html) {
      found.innerHTML = html;
      if (said) said.textContent = found.querySelector(".found__said")?.textContent ?? "";
    }

    function close() {
      clearTimeout(timer);
      asked?.abort();
      last = undefined;
      show("");
    }

    async function look() {
      const text = box.value.trim();
      if (text === last) return;
      last = text;
      asked?.abort();
      if (text.length < fewest) return show("");
      asked = new AbortController();
      const body = new FormData();
      body.set("csrfmiddlewaretoken", box.form.elements.csrfmiddlewaretoken.value);
      body.set(box.name, text);
      try {
        const answer = await fetch(box.dataset.url, { method: "POST", body, signal: asked.signal, redirect: "error" });
        if (answer.ok) show(await answer.text());
      } catch {
        // Typed on meanwhile, or no connection: Enter still looks for it.
      }
    }

    function walk(event) {
      const hits = [...found.querySelectorAll("[data-hit]")];
      const at = hits.indexOf(document.activeElement.closest("li")?.querySelector("[data-hit]"));
      const to = { ArrowDown: hits[at + 1], ArrowUp: hits[at - 1] ?? box, Escape: box }[event.key];
      if (to && hits.length) {
        event.preventDefault();
        event.stopPropagation();
        to.focus();
      }
      if (event.key === "Escape") close(); // what is on its way comes to nothing too
    }

    box.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(look, PAUSE);
    });
    if (!fewest || overlay) box.addEventListener("focus", look);
    for (const part of [box, found]) part.addEventListener("keydown", walk);
    if (overlay) {
      box.form.addEventListener("submit", close);
      for (const leaves of ["pointerdown", "focusin"])
        document.addEventListener(leaves, (event) => {
          if (!box.form.contains(event.target) && !found.contains(event.target)) close();
        });
    } else if (box.value || (!fewest && document.activeElement === box)) {
      look(); // somebody typed before this file was here
    }
  }

  document.querySelectorAll("input[data-search]").forEach(searches);
}
