// The entry of the worker `office`. Only the portal's binding leads here; what it asks for itself
// has a host of its own, which no request from outside can be handed on with: the portal hands on
// the paths of the cabinets and of files alone.
import { serve } from "../../edge/js/entry.mjs";
import * as wasm from "../build/office.js";
import module from "../build/office_bg.wasm";

const { run, fetch } = serve(wasm, module);

/** What the portal asks for itself. */
const OWN = { "/drain": (env) => wasm.drain(env), "/sweep": (env) => wasm.sweep(env) };

export default {
  async fetch(request, env, ctx) {
    const { host, pathname } = new URL(request.url);
    if (host !== "office") return fetch(request, env, ctx);
    const work = request.method === "POST" ? OWN[pathname] : undefined;
    if (!work) return new Response(null, { status: 404 });
    await run(env, () => work(env));
    return new Response(null, { status: 204 });
  },
};
