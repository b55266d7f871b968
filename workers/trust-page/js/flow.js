// How the page goes from step to step, and where it waits for the keys.
import { h } from "./parts.js";
import { errorText, forget, keys, kept, LATER, t } from "./state.js";
import { button, show } from "./view.js";

/** The first step and the way out; the entry of the page puts them here. */
export const steps = {};

/** The module is lost: what was written is still here, what was made of it is not. */
export function afresh(then) {
  forget();
  opened(then);
}

function failed(error, again) {
  show(t("write.heading"), h("p", { class: "wrong", role: "alert" }, errorText(error)), h("div", { class: "row" }, button("again", again)));
}

/**
 * A step that needs no key yet is shown at once, and the keys come while it is read or filled in: on a bad
 * line they take seconds. What is typed meanwhile is in this document alone, and no step behind it opens
 * without them. What forbids writing takes the place of the step as soon as it is known; what was typed
 * comes back with it. A broken line is told of when it is in the way.
 */
export function early(view) {
  view();
  const at = kept.views;
  keys().catch((error) => at === kept.views && !LATER.includes(error) && failed(error, () => early(view)));
}

/** Waits for the keys before a step that needs them. */
export async function opened(then) {
  if (!kept.draft.open) {
    show(t("write.heading"), h("p", { role: "status" }, t("loading")));
    const at = kept.views;
    try {
      await keys();
    } catch (error) {
      return at === kept.views && failed(error, () => opened(then));
    }
    // Whoever has left in between is not brought back.
    if (at !== kept.views) return;
  }
  then();
}
