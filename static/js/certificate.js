/* Verifies the signed text of a certificate in the browser: nobody is asked, and nobody hears of it. On the
   page of a certificate the text stands behind the # of the address, elsewhere people paste it. Where a browser
   lacks Ed25519 the form goes to the server, which gives the same answer. What the text is: izmek/secrets/signing.py,
   trainees/certificate_text.py. The words stand in the page, in a template for each verdict. */

const place = document.querySelector("[data-certificate]");
const box = place.querySelector("[data-answer]");
const form = document.querySelector("form[data-verify]");
const given = (name) => JSON.parse(place.dataset[name] || "null");
const [keys, fields, dates, said] = ["keys", "fields", "dates", "said"].map(given);

const unpack = (text) => {
  const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const again = btoa(raw).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  if (again !== text) throw new RangeError("not as we write it");
  return Uint8Array.from(raw, (sign) => sign.charCodeAt(0));
};
const plain = (code) => code.toUpperCase().replace(/[^A-Z0-9]/g, "");

async function read(text) {
  const whole = text.replace(/\s+/g, "");
  const at = whole.lastIndexOf("#");
  const sealed = whole.slice(at + 1);
  const [version, id, payload, signature, ...more] = sealed.split(".");
  if (version !== "v1" || !signature || more.length || /[^!-~]/.test(sealed)) return { verdict: "not-ours" };
  if (!Object.hasOwn(keys, id)) return { verdict: "unknown-key" };
  let key;
  try {
    key = await crypto.subtle.importKey("raw", unpack(keys[id]), "Ed25519", false, ["verify"]);
  } catch {
    return { verdict: "unsupported" };
  }
  try {
    const signed = new TextEncoder().encode(`${version}.${id}.${payload}`);
    if (!(await crypto.subtle.verify("Ed25519", key, unpack(signature), signed))) return { verdict: "changed" };
    const values = JSON.parse(new TextDecoder().decode(unpack(payload)));
    const content = Object.fromEntries(fields.map((name, number) => [name, values[number]]));
    const address = whole.slice(0, Math.max(at, 0)).replace(/\?.*/, "").replace(/\/+$/, "");
    const isOther = at > 0 && plain(address.split("/").pop()) !== plain(content.code);
    return { verdict: isOther ? "other-code" : "genuine", content };
  } catch {
    return { verdict: "changed" };
  }
}

function show({ verdict, content }) {
  const answer = place.querySelector(`template[data-verdict="${verdict}"]`).content.cloneNode(true);
  const day = new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : "tr", { dateStyle: "long", timeZone: "UTC" });
  for (const fact of answer.querySelectorAll("[data-fact]")) {
    const value = content[fact.dataset.fact];
    fact.textContent = dates.includes(fact.dataset.fact) ? day.format(new Date(value)) : value;
  }
  for (const link of answer.querySelectorAll("[data-check]")) link.href = `${place.dataset.check}${content.code}/`;
  for (const link of answer.querySelectorAll("[data-elsewhere]")) link.href += location.hash;
  box.replaceChildren(answer);
}

/* Beside what the site says of the same certificate. */
function compared({ verdict, content }) {
  if (verdict !== "genuine") return { verdict, content };
  if (!said) return { verdict: "unknown-here", content };
  const same = Object.keys(said).every((name) => said[name] === content[name]);
  return { verdict: same ? "agrees" : "differs", content };
}

async function lookAtAddress() {
  const hash = location.hash.slice(1);
  if (!form) box.replaceChildren(); // what was told of another text; pasted text and its answer stay
  if (!hash || document.getElementById(hash)) return;
  if (form) form.elements.text.value = hash;
  const found = await read(form ? hash : location.href);
  if (!form) show(compared(found));
  else if (found.verdict !== "unsupported") show(found);
}

form?.addEventListener("submit", async (event) => {
  const text = form.elements.text.value;
  if (!text.trim()) return;
  event.preventDefault();
  const found = await read(text);
  if (found.verdict === "unsupported") form.submit();
  else show(found);
});
addEventListener("hashchange", lookAtAddress);
lookAtAddress();
