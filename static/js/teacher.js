/* The teacher pages, made better: what is marked is saved at once, waits on the phone while there is
   no connection, and says so. Every page works without this file, as plain forms.

   Queue    saves one thing at a time; what is not saved survives a reload (localStorage)
   roll     each tap is a request of its own
   marks    each cell is a request of its own
   photos   each is made smaller on the phone, sent by itself with its progress, and sent again     */
"use strict";

/* Requests that must not be lost. Each says a whole state under a key ("k12": absent, 2 hours), so that
   sending one twice does no harm and a newer one replaces an older one that still waits.
   show(key, state, answer) is told: "saving", "waiting", "saved" or "refused".                      */
class Queue {
  constructor(name, form, show) {
    this.name = `izmek.${name}`;
    this.form = form;
    this.show = show;
    this.notice = form.querySelector(".unsaved");
    this.words = this.notice.dataset;
    this.items = new Map(Object.entries(this.stored()));
    this.wait = 2;
    addEventListener("online", () => this.pump());
    document.addEventListener("visibilitychange", () => document.hidden || this.pump());
    this.notice.querySelector("button").addEventListener("click", () => this.pump());
  }

  stored() {
    try {
      return JSON.parse(localStorage.getItem(this.name)) || {};
    } catch {
      return {};
    }
  }

  keep() {
    try {
      if (this.items.size) localStorage.setItem(this.name, JSON.stringify(Object.fromEntries(this.items)));
      else localStorage.removeItem(this.name);
    } catch { /* a browser that keeps nothing: it is still sent, and the page says what is open */ }
  }

  put(key, url, body) {
    this.items.delete(key);
    this.items.set(key, { url, body: String(body) });
    this.keep();
    this.show(key, "saving");
    this.pump();
  }

  async pump() {
    if (this.busy) return;
    this.busy = true;
    clearTimeout(this.timer);
    let trouble = "";
    while (this.items.size && !trouble) {
      // "done" comes after everything that it ends.
      const keys = [...this.items.keys()];
      const key = keys.find((name) => name !== "done") || keys[0];
      const item = this.items.get(key);
      const answer = await this.send(item);
      trouble = answer.trouble || "";
      if (trouble || this.items.get(key) !== item) continue;
      this.items.delete(key);
      this.keep();
      this.show(key, answer.error ? "refused" : "saved", answer);
    }
    this.busy = false;
    this.tell(trouble);
  }

  /* The server's answer; {trouble} when it is to be tried again, {error} when it was refused. */
  async send({ url, body }) {
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), 20000);
    try {
      const response = await fetch(url, {
        method: "POST",
        body,
        redirect: "manual",
        signal: control.signal,
        headers: {
          Accept: "application/json",
          "Content-Type": "application/x-www-form-urlencoded",
          "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value,
        },
      });
      const told = (response.headers.get("Content-Type") || "").startsWith("application/json");
      if (told && response.status < 500) return await response.json();
      if (response.type === "opaqueredirect" || response.status === 403) return { trouble: "signedout" };
      if (response.status < 500 && response.status !== 429) return { error: this.words.broken };
    } catch { /* no connection, or one that hangs */ } finally {
      clearTimeout(timer);
    }
    return { trouble: "unsaved" };
  }

  tell(trouble) {
    this.notice.hidden = !trouble;
    this.notice.querySelector("a").hidden = trouble !== "signedout";
    this.notice.querySelector("[role=alert]").textContent = trouble && `${this.words[trouble]} ${this.items.size}`;
    if (!trouble) {
      this.wait = 2;
      return;
    }
    for (const key of this.items.keys()) this.show(key, "waiting");
    this.timer = setTimeout(() => this.pump(), this.wait * 1000);
    this.wait = Math.min(this.wait * 2, 30);
  }
}

/* Whether a field was changed before this script ran: on two bars of signal a page is tapped while its
   script is still on the way, and what nobody heard must be saved all the same. */
function touched(field) {
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (!field.options) return field.value !== field.defaultValue;
  return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
}

/* --- Roll call ---------------------------------------------------------------------------------- */
function rollCall(form) {
  const button = form.querySelector(".bar > .btn");
  const state = form.querySelector(".bar__state");
  const word = button.textContent;
  const part = (line, name) => line.querySelector(`[name$=-${name}]`);

  const count = () => {
    const absent = form.querySelectorAll("[name$=-absent]:checked").length;
    button.textContent = absent ? `${word} · ${absent} ${queue.words.count}` : word;
  };
  const queue = new Queue(`roll.${form.dataset.store}`, form, (key, what, answer) => {
    const stamp = key === "done" ? state : document.getElementById(key)?.querySelector(".stamp");
    if (!stamp) return;
    const absent = key === "done" || part(stamp.parentNode, "absent").checked;
    stamp.classList.toggle("is-open", what === "waiting");
    stamp.classList.toggle("is-wrong", what === "refused");
    stamp.textContent =
      what === "refused" ? answer.error
      : what !== "saved" ? queue.words[what]
      : key === "done" ? `${form.dataset.called} ${answer.stamp}`
      : absent ? answer.stamp : "";
  });
  const body = (line) => new URLSearchParams({
    enrolment: line.id.slice(1),
    absent: part(line, "absent").checked ? "on" : "",
    hours: part(line, "hours").value,
    excused: part(line, "excused").checked ? "on" : "",
    note: part(line, "note").value,
  });

  // What an earlier visit could not save is on the page again.
  for (const [key, item] of queue.items) {
    const line = document.getElementById(key);
    if (!line) continue;
    const data = new URLSearchParams(item.body);
    for (const name of ["absent", "excused"]) part(line, name).checked = data.get(name) === "on";
    for (const name of ["hours", "note"]) part(line, name).value = data.get(name);
    queue.show(key, "waiting");
  }
  for (const line of form.querySelectorAll("li[id]")) {
    const early = ["absent", "hours", "excused", "note"].some((name) => touched(part(line, name)));
    if (early && !queue.items.has(line.id)) queue.put(line.id, form.dataset.roll, body(line));
  }
  count();
  queue.pump();

  form.addEventListener("change", (event) => {
    const line = event.target.closest("li");
    if (!line) return;
    queue.put(line.id, form.dataset.roll, body(line));
    count();
  });
  // A finger that bounces taps twice: the second tap would take back the first.
  let last = {};
  form.addEventListener("click", (event) => {
    if (!event.target.name?.endsWith("-absent")) return;
    if (last.target === event.target && event.timeStamp - last.timeStamp < 400) event.preventDefault();
    else last = event;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    queue.put("done", form.action, "done=1");
  });
}

/* --- Marks -------------------------------------------------------------------------------------- */
function markTable(form) {
  const cell = (key) => document.getElementById(`m${key}`);
  const queue = new Queue(`marks.${form.dataset.store}`, form, (key, what, answer) => {
    const input = cell(key);
    if (!input) return;
    const stamp = document.getElementById(`s${key}`);
    stamp.className = `stamp${what === "waiting" ? " is-open" : what === "refused" ? " is-wrong" : ""}`;
    stamp.textContent = what === "refused" ? answer.error : what === "saved" ? "" : queue.words[what];
    input.classList.toggle("is-invalid", what === "refused");
    input.setAttribute("aria-invalid", what === "refused");
    form.querySelector(".bar__state").textContent = what === "saved" && !queue.items.size ? queue.words.saved : "";
    if (what === "saved") input.closest("tr").querySelector(".outcome").textContent = answer.outcome;
    // After a conflict the next entry is deliberate: it was told what somebody else has entered.
    if (what === "saved") input.dataset.shown = input.value.trim();
    if (what === "refused" && "now" in answer) input.dataset.shown = answer.now;
  });
  const save = (input) => {
    const key = input.id.slice(1);
    const [enrolment, module] = key.split("-");
    const value = input.value.trim();
    const shown = input.dataset.shown ?? input.defaultValue;
    queue.put(key, form.dataset.marks, new URLSearchParams({ enrolment, module, value, shown }));
  };
  for (const [key, item] of queue.items) {
    if (!cell(key)) continue;
    cell(key).value = new URLSearchParams(item.body).get("value");
    queue.show(key, "waiting");
  }
  for (const input of form.querySelectorAll("td input")) {
    if (touched(input) && !queue.items.has(input.id.slice(1))) save(input);
  }
  queue.pump();

  // A keyboard of digits has no M.
  for (const input of form.querySelectorAll("td input")) {
    input.inputMode = "numeric";
    const exempt = document.createElement("button");
    exempt.type = "button";
    exempt.className = "exempt";
    exempt.textContent = "M";
    exempt.disabled = input.disabled;
    exempt.setAttribute("aria-label", `M: ${input.getAttribute("aria-label")}`);
    exempt.addEventListener("click", () => {
      input.value = input.value === "M" ? "" : "M";
      save(input);
    });
    input.after(exempt);
  }
  form.addEventListener("change", (event) => event.target.matches("td input") && save(event.target));
  // Down the column, as on paper.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("td input")) return;
    event.preventDefault();
    const at = event.target.closest("td").cellIndex;
    const next = event.target.closest("tr").nextElementSibling;
    (next ? next.cells[at].querySelector("input") : event.target).focus();
    event.target.blur();
    if (next) next.cells[at].querySelector("input").focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    document.activeElement.blur();
    queue.pump();
  });
}

/* --- Photos ------------------------------------------------------------------------------------- */
const LONGEST = 2400; // the server keeps no more; on two bars of signal a quarter of the bytes

async function smaller(file) {
  if (file.size < 1.5e6) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
    return blob && blob.size < file.size ? blob : file;
  } catch {
    return file; // a format that this browser cannot read; the server can
  }
}

function uploads(form, list) {
  const words = form.dataset;
  const waiting = [];
  let busy = false;

  const element = (name, text, parent) => {
    const made = document.createElement(name);
    made.textContent = text;
    parent.append(made);
    return made;
  };

  function choose(input) {
    const room = words.most - list.querySelectorAll("li").length - waiting.length;
    for (const file of [...input.files].slice(0, room)) {
      const row = element("li", "", form.querySelector(".upload__list"));
      const photo = { file, row, token: crypto.randomUUID?.() || `${Date.now()}-${Math.random().toString(16).slice(2)}` };
      element("strong", file.name, row);
      photo.progress = element("progress", "", row);
      photo.progress.max = 1;
      photo.progress.setAttribute("aria-label", `${words.sending}: ${file.name}`);
      photo.note = element("p", words.sending, row);
      photo.note.className = "stamp";
      photo.note.setAttribute("role", "status");
      waiting.push(photo);
    }
    if (input.files.length > room) alertFull();
    input.value = "";
    next();
  }
  function alertFull() {
    const row = element("li", "", form.querySelector(".upload__list"));
    element("p", words.full, row).className = "is-wrong";
  }

  async function next() {
    if (busy || !waiting.length) return;
    busy = true;
    const photo = waiting[0];
    photo.note.className = "stamp";
    photo.note.textContent = words.sending;
    photo.buttons?.remove();
    photo.small ||= await smaller(photo.file);
    const answer = await send(photo);
    busy = false;
    if (answer.html) {
      list.insertAdjacentHTML("beforeend", answer.html);
      document.querySelector(".shots [data-plain]").hidden = false;
      photo.row.remove();
      waiting.shift();
    } else if (answer.error) {
      waiting.shift();
      photo.progress.remove();
      photo.note.className = "is-wrong";
      photo.note.textContent = answer.error;
    } else {
      photo.note.className = "stamp is-open";
      photo.note.textContent = answer.signedout ? words.signedout : words.wait;
      photo.buttons = element("p", "", photo.row);
      const retry = element("button", words.retry, photo.buttons);
      const dismiss = element("button", words.dismiss, photo.buttons);
      photo.buttons.className = "actions";
      retry.type = dismiss.type = "button";
      retry.className = dismiss.className = "btn btn-secondary";
      retry.addEventListener("click", next);
      dismiss.addEventListener("click", () => {
        waiting.splice(waiting.indexOf(photo), 1);
        photo.row.remove();
        next();
      });
      setTimeout(next, 5000);
      return;
    }
    next();
  }

  /* Whether an answer is another page than the one that was asked: where one signs in. */
  const leads = (request) => request.status === 200 && new URL(request.responseURL).pathname !== new URL(form.action).pathname;

  /* {html} of the photo's row, {error} for good, {} or {signedout} to be tried again. */
  function send(photo) {
    return new Promise((done) => {
      const data = new FormData();
      data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      data.append("token", photo.token);
      data.append("photo", photo.small, photo.file.name);
      const request = new XMLHttpRequest();
      let last = setTimeout(() => request.abort(), 30000);
      request.upload.addEventListener("progress", (event) => {
        photo.progress.value = event.loaded / event.total;
        clearTimeout(last); // what moves is not given up
        last = setTimeout(() => request.abort(), 60000);
      });
      request.addEventListener("loadend", () => {
        clearTimeout(last);
        const told = (request.getResponseHeader("Content-Type") || "").startsWith("application/json");
        if (told && request.status < 500) return done(JSON.parse(request.responseText));
        if (request.status === 413) return done({ error: document.querySelector(".unsaved").dataset.broken });
        if (request.status === 403 || leads(request)) return done({ signedout: true });
        // The work was handed in meanwhile, or the course is another's: trying again mends nothing.
        if (request.status >= 400 && request.status < 500 && request.status !== 429) return done({ error: words.gone });
        done({});
      });
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "application/json");
      request.send(data);
    });
  }

  for (const plain of form.querySelectorAll("[data-plain]")) plain.hidden = true;
  form.addEventListener("change", (event) => event.target.files && choose(event.target));
  for (const input of form.querySelectorAll("[type=file]")) if (input.files.length) choose(input);
  addEventListener("online", next);
  addEventListener("beforeunload", (event) => waiting.length && event.preventDefault());
}

/* What is said of the photos, saved as it is written. */
function descriptions(form) {
  const queue = new Queue(`photos.${form.dataset.store}`, form, (key, what, answer) => {
    const stamp = document.getElementById(`p${key}`)?.querySelector(".stamp");
    if (!stamp) return;
    stamp.className = `stamp${what === "waiting" ? " is-open" : what === "refused" ? " is-wrong" : ""}`;
    stamp.textContent = what === "refused" ? answer.error : queue.words[what];
    const row = stamp.closest("li");
    const now =
      what === "saved" ? {
        shown_alt: row.querySelector("[data-describe]").value,
        shown_decorative: row.querySelector("[type=checkbox]").checked ? "True" : "False",
      }
      : what === "refused" ? answer.now : null;
    for (const [name, value] of Object.entries(now || {})) row.querySelector(`[name$=-${name}]`).value = value;
  });
  const save = (field) => {
    const row = field.closest("li");
    const text = row.querySelector("[data-describe]");
    const box = row.querySelector("[type=checkbox]");
    if (field === text && text.value.trim()) box.checked = false;
    const body = new URLSearchParams({ [text.name]: text.value });
    for (const hidden of row.querySelectorAll("[name*=-shown_]")) body.append(hidden.name, hidden.value);
    if (box.checked) body.append(box.name, "on");
    queue.put(row.id.slice(1), text.dataset.describe, body);
  };
  form.addEventListener("change", (event) => save(event.target));
  for (const field of form.querySelectorAll("li input")) if (touched(field)) save(field);
  queue.pump();
}

/* --- All pages ---------------------------------------------------------------------------------- */
for (const form of document.querySelectorAll("form.roll")) rollCall(form);
for (const form of document.querySelectorAll("form.marks")) markTable(form);
for (const form of document.querySelectorAll("form.shots")) descriptions(form);
for (const form of document.querySelectorAll("form.upload")) uploads(form, document.querySelector(".shots__list"));
// The back button leads to the page, not to the question whether a form is to be sent once more.
history.replaceState(null, "", location.href);
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
