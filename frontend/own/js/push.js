// Web push: the browser's part. What a push shows is in the service worker.

/** Whether this browser can. */
export function canPush() {
  return typeof PushManager !== "undefined" && typeof Notification !== "undefined" && Boolean(navigator.serviceWorker);
}

/** Asks the person, who may have answered long ago. */
export async function allowed() {
  try {
    return (await Notification.requestPermission()) === "granted";
  } catch {
    return false;
  }
}

/** Subscribes with the server's key (base64url); the subscription as JSON, undefined where it fails. */
export async function subscribe(key) {
  try {
    const registration = await navigator.serviceWorker.getRegistration("/app/");
    const bytes = Uint8Array.from(atob(key.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
    // One made with another key of ours hears nothing any more.
    await (await registration.pushManager.getSubscription())?.unsubscribe();
    const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes });
    return JSON.stringify(made.toJSON());
  } catch {
    return undefined;
  }
}
