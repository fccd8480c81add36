"use strict";
(() => {
  const form = document.querySelector("form[data-options]");
  if (!form || !window.PublicKeyCredential) return;
  const flip = (text, from, to) => text.replaceAll(from[0], to[0]).replaceAll(from[1], to[1]);
  const bytes = (text) => Uint8Array.from(atob(flip(text, "-_", "+/")), (sign) => sign.charCodeAt(0));
  const text = (raw) => flip(btoa(String.fromCharCode(...new Uint8Array(raw))), "+/", "-_").replaceAll("=", "");
  const told = JSON.parse(form.dataset.options);
  told.challenge = bytes(told.challenge);
  if (told.user) told.user.id = bytes(told.user.id);
  for (const one of [...(told.excludeCredentials || []), ...(told.allowCredentials || [])]) one.id = bytes(one.id);
  const go = async () => {
    const key = await navigator.credentials[told.user ? "create" : "get"]({ publicKey: told });
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
      if (key.response[name]) response[name] = text(key.response[name]);
    form.elements.credential.value = JSON.stringify({ id: key.id, rawId: key.id, type: key.type, response });
    form.submit();
  };
  document.getElementById("without").hidden = true;
  const button = form.querySelector("button");
  button.hidden = false;
  button.addEventListener("click", (event) => {
    event.preventDefault();
    go().catch(() => { document.getElementById("failed").hidden = false; });
  });
})();
