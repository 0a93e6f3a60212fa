/* Passkeys: ties allauth's ceremony (mfa/js/webauthn.js) to our pages. [data-passkey] is shown where
   the browser can; elsewhere – no JavaScript, no https, a number for a host – the page stays as it is,
   with the other ways in. */
(() => {
  const part = document.querySelector("[data-passkey]")
  const isNumber = /^(\d+\.){3}\d+$|^\[/.test(location.hostname)
  if (!part || !window.PublicKeyCredential || isNumber) return

  const ids = { credential: "id_credential", data: "js_data", passwordless: "id_passwordless" }
  const { loginForm, addForm, authenticateForm } = window.allauth.webauthn.forms
  const start = {
    login: () => loginForm({ ids: { ...ids, login: "passkey_button" } }),
    add: () => addForm({ ids: { ...ids, add: "passkey_button" } }),
    authenticate: () => authenticateForm({ ids: { ...ids, authenticate: "passkey_button" } })
  }
  start[part.dataset.passkey]()

  const button = document.getElementById("passkey_button")
  const says = document.getElementById("passkey_says")
  // Enter in a field is the button, not a form without the browser's answer.
  button.form.addEventListener("submit", event => { event.preventDefault(); button.click() })
  button.addEventListener("click", () => { says.textContent = "" })
  document.addEventListener("allauth.error", event => {
    event.preventDefault()
    const known = event.detail.exception.name === "InvalidStateError"
    says.textContent = known ? says.dataset.known : says.dataset.failed
  })

  document.querySelectorAll("[data-no-passkey]").forEach(element => { element.hidden = true })
  part.hidden = false
})()
