/* The counter: the guardian is asked as soon as the date of birth says so; and printing. */
"use strict";
{
  const form = document.querySelector("form[data-counter]");

  /* Under 18 by what is typed. While it is typed, not afterwards: nothing may move under a mouse that clicks. */
  function asksGuardian(part) {
    const born = form.elements.birth_date;
    form.elements.birth_year?.addEventListener("input", ({ target }) => {
      if (/^\d{4}$/.test(target.value)) part.open = new Date().getFullYear() - target.value <= 18;
    });
    born?.addEventListener("input", () => {
      const [, day, month, year] = born.value.match(/^\s*(\d{1,2})[.\s/-]?(\d{1,2})[.\s/-]?(\d{4})\s*$/) ?? [];
      if (year) part.open = new Date(Number(year) + 18, month - 1, day) > new Date();
    });
  }

  form?.querySelectorAll("[data-guardian]").forEach(asksGuardian);

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
}
