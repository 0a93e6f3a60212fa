/* Names for the parts of select2 (Django's autocomplete), which gives its boxes none (WCAG 4.1.2); and no
   identity number in an address. Loaded deferred, so that it runs after Django's own scripts have made the
   boxes. */
"use strict";
{
  const $ = django.jQuery;
  const refused = document.currentScript.dataset.refused;

  /* As `holds_number` in izmek/secrets/identity.py: 11 digits in a row, the first not 0 (but for a year and a
     short phone beside a name), or 11 that check out among others. */
  const YEAR_AND_PHONE = /^(?:(?:19|20)\d\d\s\d{3}[\s.\-]?\d\d[\s.\-]?\d\d|\d{3}[\s.\-]?\d\d[\s.\-]?\d\d\s(?:19|20)\d\d)$/;

  function holdsNumber(text) {
    const plain = text.normalize("NFKC");
    const named = /\p{L}/u.test(plain);
    const found = plain.match(/\p{Nd}(?:[\s.\-]*\p{Nd})*/gu) ?? [];
    const rows = found.filter((row) => !(named && YEAR_AND_PHONE.test(row)));
    if (rows.some((row) => /^(?!0)\p{Nd}{11}$/u.test(row.replace(/[\s.\-]/g, "")))) return true;
    return (plain.match(/\d+(?:[^\p{L}\d]+\d+)*/gu) ?? []).some((row) => {
      const groups = row.match(/\d+/g);
      return groups.some((_group, first) =>
        groups.some((_other, last) => checksOut(groups.slice(first, last + 1).join(""))),
      );
    });
  }

  function checksOut(number) {
    if (!/^[1-9]\d{10}$/.test(number)) return false;
    const digits = [...number].map(Number);
    const sum = (some) => some.reduce((total, digit) => total + digit, 0);
    const [odd, even] = [0, 1].map((rest) => sum(digits.slice(0, 9).filter((_digit, at) => at % 2 === rest)));
    return (odd * 7 - even + 40) % 10 === digits[9] && sum(digits.slice(0, 10)) % 10 === digits[10];
  }

  /* What is typed into an autocomplete is sent in an address, and addresses are logged. */
  $.ajaxPrefilter((_options, asked, request) => {
    if (!holdsNumber(String(asked.data?.term ?? ""))) return;
    request.abort();
    setTimeout(() => {
      const message = $("<li>").attr({ role: "alert", class: "select2-results__option" }).text(refused);
      $(".select2-container--open .select2-results__options").last().empty().append(message);
    });
  });

  function nameOf(select) {
    return select.getAttribute("aria-label") || select.labels[0]?.textContent.trim() || select.name;
  }

  function label(index, select) {
    const box = select.nextElementSibling;
    if (!box?.classList.contains("select2")) return;
    const name = nameOf(select);
    for (const part of box.querySelectorAll("[role=combobox], [role=textbox], [role=searchbox]")) {
      part.removeAttribute("aria-labelledby");
      part.setAttribute("aria-label", name);
    }
  }

  $(() => {
    $("select.admin-autocomplete").each(label);
    document.querySelector("select.admin-autocomplete[autofocus] + .select2 .select2-selection")?.focus();
  });
  document.addEventListener("formset:added", (event) => {
    $(event.target).find("select.admin-autocomplete").each(label);
  });
  $(document).on("select2:open", "select", (event) => {
    const fields = document.querySelectorAll(".select2-container--open .select2-search__field");
    for (const field of fields) field.setAttribute("aria-label", nameOf(event.target));
    // The list stands at the end of the page, in no landmark, and its box says only that it owns it.
    const list = $(".select2-container--open .select2-results__options").last();
    $(event.target).next().find("[role=combobox]").attr("aria-controls", list.attr("id"));
    list.closest(".select2-container").attr({ role: "region", "aria-label": nameOf(event.target) });
  });
}
