/* What the pages of works and exhibitions do better with a script; without it, a photo is a link to
   its largest size, and the address can be copied from where addresses stand. */

const dialog = document.querySelector("dialog.zoom");
const photos = [...document.querySelectorAll("a[data-zoom]")];

if (dialog?.showModal && photos.length) {
  const part = (name) => dialog.querySelector(name);
  const stage = part(".zoom__photo");
  const near = part("[data-near]");
  const picture = new Image();
  stage.append(picture);
  let place = 0;

  const come = (closer) => {
    near.setAttribute("aria-pressed", closer);
    stage.classList.toggle("zoom__photo--near", closer);
    if (closer) stage.scrollTo((stage.scrollWidth - stage.clientWidth) / 2, (stage.scrollHeight - stage.clientHeight) / 2);
  };
  const show = (number) => {
    place = (number + photos.length) % photos.length;
    const small = photos[place].querySelector("img");
    picture.src = photos[place].href;
    picture.alt = small.alt;
    picture.lang = small.lang;
    // Known beforehand, so that nothing jumps while the large one comes.
    picture.width = small.width;
    picture.height = small.height;
    part("[role=status]").textContent = photos.length > 1 ? `${place + 1} / ${photos.length}` : "";
    part(".zoom__caption").textContent = photos[place].parentNode.querySelector("figcaption")?.textContent ?? "";
    come(false);
  };

  photos.forEach((photo, number) =>
    photo.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      show(number);
      dialog.showModal();
    }),
  );
  dialog.addEventListener("click", ({ target }) => {
    if (target.dataset.step) show(place + Number(target.dataset.step));
    else if (target === near || target === picture) come(near.ariaPressed !== "true");
    else if (target === stage || "close" in target.dataset) dialog.close();
  });
  dialog.addEventListener("keydown", ({ key }) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (step && near.ariaPressed !== "true") show(place + step);
  });
  // The browser would return to the first one; the eye has gone on.
  dialog.addEventListener("close", () => photos[place].focus());
}

const copy = document.querySelector("[data-copy]");
if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(copy.dataset.copy);
    copy.textContent = copy.dataset.done;
  });
}
