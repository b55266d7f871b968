// Making a passkey: the browser's part. Bytes travel as base64url.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** Whether this browser can. */
export function canMakePasskeys() {
  return typeof PublicKeyCredential !== "undefined";
}

/** Makes one for the options of the server; undefined where the person has called it off. */
export async function makePasskey(options) {
  const publicKey = JSON.parse(options);
  publicKey.challenge = bytes(publicKey.challenge);
  publicKey.user.id = bytes(publicKey.user.id);
  for (const one of publicKey.excludeCredentials) one.id = bytes(one.id);
  try {
    const made = await navigator.credentials.create({ publicKey });
    const { clientDataJSON } = made.response;
    return JSON.stringify({
      id: made.id,
      client_data: text(clientDataJSON),
      authenticator_data: text(made.response.getAuthenticatorData()),
      public_key: text(made.response.getPublicKey()),
    });
  } catch {
    return undefined;
  }
}
