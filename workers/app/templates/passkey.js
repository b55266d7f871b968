// Signing in with a passkey. Where the browser cannot, the button stays hidden.
const way = document.querySelector("#passkey");
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const post = (path, body) =>
  fetch(`/api/v1/cabinet/passkey/${path}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

async function enter() {
  const asked = await post("options", {});
  if (!asked.ok) throw asked.status;
  const publicKey = await asked.json();
  publicKey.challenge = bytes(publicKey.challenge);
  const { id, response } = await navigator.credentials.get({ publicKey });
  const signed = await post("sign-in", {
    id, client_data: text(response.clientDataJSON), authenticator_data: text(response.authenticatorData), signature: text(response.signature),
  });
  if (!signed.ok) throw signed.status;
  const to = new URL(way.dataset.next || "/app/my/", location.origin);
  location.assign(to.origin === location.origin ? to.href : "/app/my/");
}

if (way && typeof PublicKeyCredential !== "undefined") {
  const [button, wrong] = [way.querySelector("button"), way.querySelector("[role=alert]")];
  way.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = wrong.hidden = true;
    try {
      await enter();
    } catch {
      wrong.hidden = false;
    }
    button.disabled = false;
  });
}
