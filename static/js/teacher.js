/* The teacher pages, made better: what is marked is saved at once, waits on the phone while there is
   no connection, and says so. Every page works without this file, as plain forms.

   Queue    saves one thing at a time; what is not saved survives a reload (localStorage)
   roll     each tap is a request of its own
   marks    each cell is a request of its own                                                      */
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

/* --- Roll call ---------------------------------------------------------------------------------- */
function rollCall(form) {
  const button = form.querySelector(".bar .btn");
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

for (const form of document.querySelectorAll("form.roll")) rollCall(form);
