/* A button pressed twice sends once. The browser's back button gives it back, and so does some time: whoever
   stops a page that does not come stays where they are, with everything typed. */
"use strict";
{
  const PRESSED = 8000; // milliseconds
  for (const form of document.querySelectorAll("form:is([data-once], [data-unsaved], [data-counter])")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      else setTimeout(() => delete form.dataset.sent, PRESSED);
      form.dataset.sent = "yes";
    });
    addEventListener("pageshow", () => delete form.dataset.sent);
  }
}
