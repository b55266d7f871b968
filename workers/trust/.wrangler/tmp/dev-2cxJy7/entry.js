var __defProp = Object.defineProperty;
var __name = (target, value) => __defProp(target, "name", { value, configurable: true });
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};

// js/entry.mjs
import { DurableObject } from "cloudflare:workers";

// build/snippets/trust-499cecefea944a1d/js/glue.js
var glue_exports = {};
__export(glue_exports, {
  batch: () => batch,
  body: () => body,
  challenge: () => challenge,
  panicked: () => panicked,
  settings: () => settings,
  spend: () => spend
});
var MOST = 1024 * 1024 + 32 * 1024;
async function body(stream) {
  const parts = [];
  let size = 0;
  if (stream) {
    const reader = stream.getReader();
    for (; ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.byteLength;
      if (size > MOST) {
        reader.cancel().catch(() => {
        });
        return new Uint8Array();
      }
      parts.push(value);
    }
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all;
}
__name(body, "body");
function settings(env) {
  return [String(env.ROOT ?? ""), String(env.WORK ?? "")];
}
__name(settings, "settings");
function bytes(hex) {
  const out = new Uint8Array(hex.length / 2);
  for (let at = 0; at < out.length; at += 1) out[at] = Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16);
  return out;
}
__name(bytes, "bytes");
async function batch(env, statements) {
  try {
    const prepared = JSON.parse(statements).map(([sql, values]) => {
      const statement = env.TRUST_DB.prepare(sql);
      return values.length === 0 ? statement : statement.bind(...values.map((value) => value?.x === void 0 ? value : bytes(value.x)));
    });
    const done = await env.TRUST_DB.batch(prepared);
    return done.map(({ results }) => JSON.stringify(results)).join("\n");
  } catch (error) {
    throw /full|exceeded|overloaded|too many/i.test(`${error?.message} ${error?.cause?.message}`) ? "full" : "";
  }
}
__name(batch, "batch");
function intake(env) {
  return env.INTAKE.get(env.INTAKE.idFromName("intake"));
}
__name(intake, "intake");
async function challenge(env) {
  return intake(env).challenge();
}
__name(challenge, "challenge");
async function spend(env, challenge2, send) {
  return intake(env).spend(challenge2.slice(), send);
}
__name(spend, "spend");
function panicked() {
  globalThis.mansapTrustPanicked?.();
}
__name(panicked, "panicked");

// build/trust.js
var Challenges = class {
  static {
    __name(this, "Challenges");
  }
  __destroy_into_raw() {
    const ptr = this.__wbg_ptr;
    this.__wbg_ptr = 0;
    ChallengesFinalization.unregister(this);
    return ptr;
  }
  free() {
    const ptr = this.__destroy_into_raw();
    __wbg_call_guard();
    try {
      wasm.__wbg_challenges_free(ptr, 0);
    } catch (e) {
      __wbg_handle_catch(e);
    }
  }
  /**
   * A challenge.
   * @returns {Uint8Array}
   */
  challenge() {
    if (this.__wbg_inst !== void 0 && this.__wbg_inst !== __wbg_instance_id) {
      throw new Error("Invalid stale object from previous Wasm instance");
    }
    let ret;
    __wbg_call_guard();
    try {
      ret = wasm.challenges_challenge(this.__wbg_ptr);
    } catch (e) {
      __wbg_handle_catch(e);
    }
    if (ret[3]) {
      throw takeFromExternrefTable0(ret[2]);
    }
    var v1 = getArrayU8FromWasm0(ret[0], ret[1]).slice();
    wasm.__wbindgen_free(ret[0], ret[1] * 1, 1);
    return v1;
  }
  /**
   * With a new key.
   * @param {any} env
   */
  constructor(env) {
    let ret;
    __wbg_call_guard();
    try {
      ret = wasm.challenges_new(env);
    } catch (e) {
      __wbg_handle_catch(e);
    }
    if (ret[2]) {
      throw takeFromExternrefTable0(ret[1]);
    }
    this.__wbg_ptr = ret[0];
    Object.defineProperty(this, "__wbg_inst", { value: __wbg_instance_id, writable: true });
    ChallengesFinalization.register(this, { ptr: ret[0], instance: __wbg_instance_id }, this);
    return this;
  }
  /**
   * Uses a challenge up.
   * @param {Uint8Array | number[]} challenge
   * @param {boolean} send
   * @returns {boolean}
   */
  spend(challenge2, send) {
    if (this.__wbg_inst !== void 0 && this.__wbg_inst !== __wbg_instance_id) {
      throw new Error("Invalid stale object from previous Wasm instance");
    }
    const val2 = +send;
    const ptr0 = passArray8ToWasm0(challenge2, wasm.__wbindgen_malloc);
    const len0 = WASM_VECTOR_LEN;
    let ret;
    __wbg_call_guard();
    try {
      ret = wasm.challenges_spend(this.__wbg_ptr, ptr0, len0, val2);
    } catch (e) {
      __wbg_handle_catch(e);
    }
    return ret !== 0;
  }
};
if (Symbol.dispose) Challenges.prototype[Symbol.dispose] = Challenges.prototype.free;
function __wbg_reset_state() {
  __wbg_instance_id++;
  cachedDataViewMemory0 = null;
  cachedInt32ArrayMemory0 = null;
  cachedUint8ArrayMemory0 = null;
  if (typeof numBytesDecoded !== "undefined") numBytesDecoded = 0;
  if (typeof WASM_VECTOR_LEN !== "undefined") WASM_VECTOR_LEN = 0;
  __wbg_called_abort = false;
  __wbg_reinit_scheduled = false;
  wasmInstance = new WebAssembly.Instance(wasmModule, __wbg_get_imports());
  wasm = wasmInstance.exports;
  wasm.__wbindgen_start();
}
__name(__wbg_reset_state, "__wbg_reset_state");
function answer(body3, env) {
  const ptr0 = passArray8ToWasm0(body3, wasm.__wbindgen_malloc);
  const len0 = WASM_VECTOR_LEN;
  let ret;
  __wbg_call_guard();
  try {
    ret = wasm.answer(ptr0, len0, env);
  } catch (e) {
    __wbg_handle_catch(e);
  }
  return ret;
}
__name(answer, "answer");
function tick(now, env) {
  let ret;
  __wbg_call_guard();
  try {
    ret = wasm.tick(now, env);
  } catch (e) {
    __wbg_handle_catch(e);
  }
  return ret;
}
__name(tick, "tick");
function __wbg_get_imports() {
  const import0 = {
    __proto__: null,
    __wbg_Error_208446807d0d1e30: /* @__PURE__ */ __name(function(arg0, arg1) {
      const ret = Error(getStringFromWasm0(arg0, arg1));
      return ret;
    }, "__wbg_Error_208446807d0d1e30"),
    __wbg___wbindgen_boolean_get_4f1baf9a00be3c74: /* @__PURE__ */ __name(function(arg0) {
      const v = arg0;
      const ret = typeof v === "boolean" ? v : void 0;
      return isLikeNone(ret) ? 16777215 : ret ? 1 : 0;
    }, "__wbg___wbindgen_boolean_get_4f1baf9a00be3c74"),
    __wbg___wbindgen_debug_string_f249a2a76caa9a55: /* @__PURE__ */ __name(function(arg0, arg1) {
      const ret = debugString(arg1);
      const ptr1 = passStringToWasm0(ret, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
      const len1 = WASM_VECTOR_LEN;
      getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 1, len1, true);
      getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 0, ptr1, true);
    }, "__wbg___wbindgen_debug_string_f249a2a76caa9a55"),
    __wbg___wbindgen_is_function_741ff2bb612836f5: /* @__PURE__ */ __name(function(arg0) {
      const ret = typeof arg0 === "function";
      return ret;
    }, "__wbg___wbindgen_is_function_741ff2bb612836f5"),
    __wbg___wbindgen_is_undefined_be5b34249ff1fc15: /* @__PURE__ */ __name(function(arg0) {
      const ret = arg0 === void 0;
      return ret;
    }, "__wbg___wbindgen_is_undefined_be5b34249ff1fc15"),
    __wbg___wbindgen_string_get_7ce8eee7fd327545: /* @__PURE__ */ __name(function(arg0, arg1) {
      const obj = arg1;
      const ret = typeof obj === "string" ? obj : void 0;
      var ptr1 = isLikeNone(ret) ? 0 : passStringToWasm0(ret, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
      var len1 = WASM_VECTOR_LEN;
      getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 1, len1, true);
      getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 0, ptr1, true);
    }, "__wbg___wbindgen_string_get_7ce8eee7fd327545"),
    __wbg___wbindgen_throw_4c88d8bf264fd984: /* @__PURE__ */ __name(function(arg0, arg1) {
      throw new WebAssembly.Exception(__wbindgen_wrapped_jstag, [new Error(getStringFromWasm0(arg0, arg1))]);
    }, "__wbg___wbindgen_throw_4c88d8bf264fd984"),
    __wbg__wbg_cb_unref_09736879a3f67559: /* @__PURE__ */ __name(function(arg0) {
      arg0._wbg_cb_unref();
    }, "__wbg__wbg_cb_unref_09736879a3f67559"),
    __wbg_batch_de4c18e682ce6b2c: /* @__PURE__ */ __name(function(arg0, arg1, arg2) {
      const ret = batch(arg0, getStringFromWasm0(arg1, arg2));
      return ret;
    }, "__wbg_batch_de4c18e682ce6b2c"),
    __wbg_call_a410eb4b59ed5965: /* @__PURE__ */ __name(function(arg0, arg1, arg2) {
      const ret = arg0.call(arg1, arg2);
      return ret;
    }, "__wbg_call_a410eb4b59ed5965"),
    __wbg_challenge_c70dd24968ca1ee4: /* @__PURE__ */ __name(function(arg0) {
      const ret = challenge(arg0);
      return ret;
    }, "__wbg_challenge_c70dd24968ca1ee4"),
    __wbg_getRandomValues_8b6f1f663e6f188d: /* @__PURE__ */ __name(function(arg0, arg1) {
      globalThis.crypto.getRandomValues(getArrayU8FromWasm0(arg0, arg1));
    }, "__wbg_getRandomValues_8b6f1f663e6f188d"),
    __wbg_length_186163212ffe79c3: /* @__PURE__ */ __name(function(arg0) {
      const ret = arg0.length;
      return ret;
    }, "__wbg_length_186163212ffe79c3"),
    __wbg_new_typed_e09da9dae6ee5935: /* @__PURE__ */ __name(function(arg0, arg1) {
      try {
        var state0 = { a: arg0, b: arg1 };
        var cb0 = /* @__PURE__ */ __name((arg02, arg12) => {
          const a = state0.a;
          state0.a = 0;
          try {
            return wasm_bindgen__convert__closures_____invoke__hc18ef5098e41b2b2(a, state0.b, arg02, arg12);
          } finally {
            state0.a = a;
          }
        }, "cb0");
        const ret = new Promise(cb0);
        return ret;
      } finally {
        state0.a = 0;
      }
    }, "__wbg_new_typed_e09da9dae6ee5935"),
    __wbg_now_463ac581d2fc7ea3: /* @__PURE__ */ __name(function() {
      const ret = Date.now();
      return ret;
    }, "__wbg_now_463ac581d2fc7ea3"),
    __wbg_prototypesetcall_13162965d1fe7aa3: /* @__PURE__ */ __name(function(arg0, arg1, arg2) {
      Uint8Array.prototype.set.call(getArrayU8FromWasm0(arg0, arg1), arg2);
    }, "__wbg_prototypesetcall_13162965d1fe7aa3"),
    __wbg_queueMicrotask_1e8503a8a690f0a3: /* @__PURE__ */ __name(function(arg0) {
      const ret = arg0.queueMicrotask;
      return ret;
    }, "__wbg_queueMicrotask_1e8503a8a690f0a3"),
    __wbg_queueMicrotask_4a1a4d8dd332373b: /* @__PURE__ */ __name(function(arg0) {
      queueMicrotask(arg0);
    }, "__wbg_queueMicrotask_4a1a4d8dd332373b"),
    __wbg_resolve_dbf78ab4942478b0: /* @__PURE__ */ __name(function(arg0) {
      const ret = Promise.resolve(arg0);
      return ret;
    }, "__wbg_resolve_dbf78ab4942478b0"),
    __wbg_run_5d165842aa3f43db: /* @__PURE__ */ __name(function(arg0, arg1, arg2) {
      try {
        var state0 = { a: arg1, b: arg2 };
        var cb0 = /* @__PURE__ */ __name(() => {
          const a = state0.a;
          state0.a = 0;
          try {
            return wasm_bindgen__convert__closures_____invoke__h09d67ef7846857da(a, state0.b);
          } finally {
            state0.a = a;
          }
        }, "cb0");
        const ret = arg0.run(cb0);
        return ret;
      } finally {
        state0.a = 0;
      }
    }, "__wbg_run_5d165842aa3f43db"),
    __wbg_settings_4bf07e38e33f21c5: /* @__PURE__ */ __name(function(arg0, arg1) {
      const ret = settings(arg1);
      const ptr1 = passArrayJsValueToWasm0(ret, wasm.__wbindgen_malloc);
      const len1 = WASM_VECTOR_LEN;
      getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 1, len1, true);
      getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 0, ptr1, true);
    }, "__wbg_settings_4bf07e38e33f21c5"),
    __wbg_spend_684b5fe8c96638d9: /* @__PURE__ */ __name(function(arg0, arg1, arg2, arg3) {
      const ret = spend(arg0, getArrayU8FromWasm0(arg1, arg2), arg3 !== 0);
      return ret;
    }, "__wbg_spend_684b5fe8c96638d9"),
    __wbg_static_accessor_CREATE_TASK_45d716e1f7bbe15f: /* @__PURE__ */ __name(function() {
      const ret = typeof console === "undefined" ? void 0 : console?.createTask;
      return isLikeNone(ret) ? 0 : addToExternrefTable0(ret);
    }, "__wbg_static_accessor_CREATE_TASK_45d716e1f7bbe15f"),
    __wbg_static_accessor_GLOBAL_THIS_003ee833af9699fc: /* @__PURE__ */ __name(function() {
      const ret = typeof globalThis === "undefined" ? void 0 : globalThis;
      return isLikeNone(ret) ? 0 : addToExternrefTable0(ret);
    }, "__wbg_static_accessor_GLOBAL_THIS_003ee833af9699fc"),
    __wbg_static_accessor_GLOBAL_e4293fb22cbe77da: /* @__PURE__ */ __name(function() {
      const ret = typeof global === "undefined" ? void 0 : global;
      return isLikeNone(ret) ? 0 : addToExternrefTable0(ret);
    }, "__wbg_static_accessor_GLOBAL_e4293fb22cbe77da"),
    __wbg_static_accessor_SELF_53bb20457401453d: /* @__PURE__ */ __name(function() {
      const ret = typeof self === "undefined" ? void 0 : self;
      return isLikeNone(ret) ? 0 : addToExternrefTable0(ret);
    }, "__wbg_static_accessor_SELF_53bb20457401453d"),
    __wbg_static_accessor_WINDOW_b5e0810bfecb7feb: /* @__PURE__ */ __name(function() {
      const ret = typeof window === "undefined" ? void 0 : window;
      return isLikeNone(ret) ? 0 : addToExternrefTable0(ret);
    }, "__wbg_static_accessor_WINDOW_b5e0810bfecb7feb"),
    __wbg_then_656f253a5dd7d8ea: /* @__PURE__ */ __name(function(arg0, arg1, arg2) {
      const ret = arg0.then(arg1, arg2);
      return ret;
    }, "__wbg_then_656f253a5dd7d8ea"),
    __wbg_then_e3f7f2d365708be8: /* @__PURE__ */ __name(function(arg0, arg1) {
      const ret = arg0.then(arg1);
      return ret;
    }, "__wbg_then_e3f7f2d365708be8"),
    __wbindgen_generic_0000000000000001: /* @__PURE__ */ __name(function(arg0, arg1) {
      const ret = makeMutClosure(arg0, arg1, wasm_bindgen__convert__closures_____invoke__h5d50a673a6348194);
      return ret;
    }, "__wbindgen_generic_0000000000000001"),
    __wbindgen_generic_0000000000000002: /* @__PURE__ */ __name(function(arg0, arg1) {
      const ret = getStringFromWasm0(arg0, arg1);
      return ret;
    }, "__wbindgen_generic_0000000000000002"),
    __wbindgen_generic_0000000000000003: /* @__PURE__ */ __name(function(arg0, arg1) {
      var v0 = getArrayU8FromWasm0(arg0, arg1).slice();
      wasm.__wbindgen_free(arg0, arg1 * 1, 1);
      const ret = v0;
      return ret;
    }, "__wbindgen_generic_0000000000000003"),
    __wbindgen_init_externref_table: /* @__PURE__ */ __name(function() {
      const table = wasm.__wbindgen_externrefs;
      table.set(0, void 0);
      table.set(1024, void 0);
      table.set(1025, null);
      table.set(1026, true);
      table.set(1027, false);
    }, "__wbindgen_init_externref_table"),
    __wbindgen_jstag: WebAssembly.JSTag,
    __wbindgen_rethrow_critical: /* @__PURE__ */ __name(function(cause) {
      throw new Error("Critical error", { cause });
    }, "__wbindgen_rethrow_critical")
  };
  return {
    __proto__: null,
    "./trust_bg.js": import0,
    "./snippets/trust-499cecefea944a1d/js/glue.js": glue_exports
  };
}
__name(__wbg_get_imports, "__wbg_get_imports");
var __wbindgen_wrapped_jstag = new WebAssembly.Tag({ parameters: ["externref"] });
var __wbg_terminated_addr;
var __wbg_called_abort = false;
function __wbg_call_abort_hook() {
  __wbg_called_abort = true;
  try {
    const idx = getInt32ArrayMemory0()[wasm.__abort_handler.value / 4];
    if (idx) wasm.__wbindgen_export.get(idx)();
  } catch (_) {
  }
}
__name(__wbg_call_abort_hook, "__wbg_call_abort_hook");
function __wbg_handle_catch(e) {
  if (e instanceof WebAssembly.Exception && e.is(__wbindgen_wrapped_jstag)) {
    throw e.getArg(__wbindgen_wrapped_jstag, 0);
  }
  getInt32ArrayMemory0()[__wbg_terminated_addr] = 1;
  __wbg_call_abort_hook();
  throw e;
}
__name(__wbg_handle_catch, "__wbg_handle_catch");
function __wbg_call_guard() {
  __wbg_terminated_addr ??= wasm.__instance_terminated.value / 4;
  const flag = getInt32ArrayMemory0()[__wbg_terminated_addr];
  if (flag) {
    if (!__wbg_called_abort) {
      __wbg_call_abort_hook();
    }
    if (__wbg_reinit_scheduled) {
      __wbg_reset_state();
      return;
    }
    throw new Error("Module terminated");
  } else if (__wbg_reinit_scheduled) {
    __wbg_reset_state();
  }
}
__name(__wbg_call_guard, "__wbg_call_guard");
function wasm_bindgen__convert__closures_____invoke__h09d67ef7846857da(arg0, arg1) {
  let ret;
  __wbg_call_guard();
  try {
    ret = wasm.wasm_bindgen__convert__closures_____invoke__h09d67ef7846857da(arg0, arg1);
  } catch (e) {
    __wbg_handle_catch(e);
  }
  return ret !== 0;
}
__name(wasm_bindgen__convert__closures_____invoke__h09d67ef7846857da, "wasm_bindgen__convert__closures_____invoke__h09d67ef7846857da");
function wasm_bindgen__convert__closures_____invoke__h5d50a673a6348194(arg0, arg1, arg2) {
  let ret;
  __wbg_call_guard();
  try {
    ret = wasm.wasm_bindgen__convert__closures_____invoke__h5d50a673a6348194(arg0, arg1, arg2);
  } catch (e) {
    __wbg_handle_catch(e);
  }
  if (ret[1]) {
    throw takeFromExternrefTable0(ret[0]);
  }
}
__name(wasm_bindgen__convert__closures_____invoke__h5d50a673a6348194, "wasm_bindgen__convert__closures_____invoke__h5d50a673a6348194");
function wasm_bindgen__convert__closures_____invoke__hc18ef5098e41b2b2(arg0, arg1, arg2, arg3) {
  __wbg_call_guard();
  try {
    wasm.wasm_bindgen__convert__closures_____invoke__hc18ef5098e41b2b2(arg0, arg1, arg2, arg3);
  } catch (e) {
    __wbg_handle_catch(e);
  }
}
__name(wasm_bindgen__convert__closures_____invoke__hc18ef5098e41b2b2, "wasm_bindgen__convert__closures_____invoke__hc18ef5098e41b2b2");
var __wbg_instance_id = 0;
var ChallengesFinalization = typeof FinalizationRegistry === "undefined" ? { register: /* @__PURE__ */ __name(() => {
}, "register"), unregister: /* @__PURE__ */ __name(() => {
}, "unregister") } : new FinalizationRegistry(({ ptr, instance }) => {
  if (instance === __wbg_instance_id) wasm.__wbg_challenges_free(ptr, 1);
});
function addToExternrefTable0(obj) {
  const idx = wasm.__externref_table_alloc();
  wasm.__wbindgen_externrefs.set(idx, obj);
  return idx;
}
__name(addToExternrefTable0, "addToExternrefTable0");
var CLOSURE_DTORS = typeof FinalizationRegistry === "undefined" ? { register: /* @__PURE__ */ __name(() => {
}, "register"), unregister: /* @__PURE__ */ __name(() => {
}, "unregister") } : new FinalizationRegistry((state) => {
  if (state.instance === __wbg_instance_id) {
    wasm.__wbindgen_destroy_closure(state.a, state.b);
  }
});
function debugString(val) {
  switch (typeof val) {
    // primitive types
    case "number":
    case "boolean":
    case "undefined":
      return `${val}`;
    case "string":
      return JSON.stringify(val);
    case "bigint":
      return `${val}n`;
    case "symbol":
      return val.description !== void 0 ? `Symbol(${val.description})` : "Symbol";
    case "function":
      return typeof val.name === "string" && val.name !== "" ? `Function(${val.name})` : "Function";
    case "object": {
      if (val === null) {
        return "null";
      }
      if (Array.isArray(val)) {
        return "[" + Array.from(val, debugString).join(", ") + "]";
      }
      if (val instanceof Error) {
        return `${val.name}: ${val.message}
${val.stack}`;
      }
      const toStringOutput = toString.call(val);
      const className = /\[object ([^\]]+)\]/.exec(toStringOutput)?.[1];
      if (className === void 0) {
        return toStringOutput;
      }
      if (className === "Object") {
        try {
          return "Object(" + JSON.stringify(val) + ")";
        } catch (_) {
          return "Object";
        }
      }
      return className;
    }
  }
}
__name(debugString, "debugString");
function getArrayU8FromWasm0(ptr, len) {
  ptr = ptr >>> 0;
  return getUint8ArrayMemory0().subarray(ptr / 1, ptr / 1 + len);
}
__name(getArrayU8FromWasm0, "getArrayU8FromWasm0");
var cachedDataViewMemory0 = null;
function getDataViewMemory0() {
  if (cachedDataViewMemory0 === null || cachedDataViewMemory0.buffer.detached === true || cachedDataViewMemory0.buffer.detached === void 0 && cachedDataViewMemory0.buffer !== wasm.memory.buffer) {
    cachedDataViewMemory0 = new DataView(wasm.memory.buffer);
  }
  return cachedDataViewMemory0;
}
__name(getDataViewMemory0, "getDataViewMemory0");
var cachedInt32ArrayMemory0 = null;
function getInt32ArrayMemory0() {
  if (cachedInt32ArrayMemory0 === null || cachedInt32ArrayMemory0.byteLength === 0) {
    cachedInt32ArrayMemory0 = new Int32Array(wasm.memory.buffer);
  }
  return cachedInt32ArrayMemory0;
}
__name(getInt32ArrayMemory0, "getInt32ArrayMemory0");
function getStringFromWasm0(ptr, len) {
  ptr = ptr >>> 0;
  return decodeText(getUint8ArrayMemory0().subarray(ptr, ptr + len));
}
__name(getStringFromWasm0, "getStringFromWasm0");
var cachedUint8ArrayMemory0 = null;
function getUint8ArrayMemory0() {
  if (cachedUint8ArrayMemory0 === null || cachedUint8ArrayMemory0.byteLength === 0) {
    cachedUint8ArrayMemory0 = new Uint8Array(wasm.memory.buffer);
  }
  return cachedUint8ArrayMemory0;
}
__name(getUint8ArrayMemory0, "getUint8ArrayMemory0");
function isLikeNone(x) {
  return x === void 0 || x === null;
}
__name(isLikeNone, "isLikeNone");
function makeMutClosure(arg0, arg1, f) {
  const state = { a: arg0, b: arg1, cnt: 1, instance: __wbg_instance_id };
  const real = /* @__PURE__ */ __name((...args) => {
    if (state.instance !== __wbg_instance_id) {
      throw new Error("Cannot invoke closure from previous WASM instance");
    }
    state.cnt++;
    const a = state.a;
    state.a = 0;
    try {
      return f(a, state.b, ...args);
    } finally {
      state.a = a;
      real._wbg_cb_unref();
    }
  }, "real");
  real._wbg_cb_unref = () => {
    if (--state.cnt === 0) {
      wasm.__wbindgen_destroy_closure(state.a, state.b);
      state.a = 0;
      CLOSURE_DTORS.unregister(state);
    }
  };
  CLOSURE_DTORS.register(real, state, state);
  return real;
}
__name(makeMutClosure, "makeMutClosure");
function passArray8ToWasm0(arg, malloc) {
  const ptr = malloc(arg.length * 1, 1) >>> 0;
  getUint8ArrayMemory0().set(arg, ptr / 1);
  WASM_VECTOR_LEN = arg.length;
  return ptr;
}
__name(passArray8ToWasm0, "passArray8ToWasm0");
function passArrayJsValueToWasm0(array, malloc) {
  const ptr = malloc(array.length * 4, 4) >>> 0;
  for (let i = 0; i < array.length; i++) {
    const add = addToExternrefTable0(array[i]);
    getDataViewMemory0().setUint32(ptr + 4 * i, add, true);
  }
  WASM_VECTOR_LEN = array.length;
  return ptr;
}
__name(passArrayJsValueToWasm0, "passArrayJsValueToWasm0");
function passStringToWasm0(arg, malloc, realloc) {
  if (realloc === void 0) {
    const buf = cachedTextEncoder.encode(arg);
    const ptr2 = malloc(buf.length, 1) >>> 0;
    getUint8ArrayMemory0().subarray(ptr2, ptr2 + buf.length).set(buf);
    WASM_VECTOR_LEN = buf.length;
    return ptr2;
  }
  let len = arg.length;
  let ptr = malloc(len, 1) >>> 0;
  const mem = getUint8ArrayMemory0();
  let offset = 0;
  for (; offset < len; offset++) {
    const code = arg.charCodeAt(offset);
    if (code > 127) break;
    mem[ptr + offset] = code;
  }
  if (offset !== len) {
    if (offset !== 0) {
      arg = arg.slice(offset);
    }
    ptr = realloc(ptr, len, len = offset + arg.length * 3, 1) >>> 0;
    const view = getUint8ArrayMemory0().subarray(ptr + offset, ptr + len);
    const ret = cachedTextEncoder.encodeInto(arg, view);
    offset += ret.written;
    ptr = realloc(ptr, len, offset, 1) >>> 0;
  }
  WASM_VECTOR_LEN = offset;
  return ptr;
}
__name(passStringToWasm0, "passStringToWasm0");
var __wbg_reinit_scheduled = false;
function takeFromExternrefTable0(idx) {
  const value = wasm.__wbindgen_externrefs.get(idx);
  wasm.__externref_table_dealloc(idx);
  return value;
}
__name(takeFromExternrefTable0, "takeFromExternrefTable0");
var cachedTextDecoder = new TextDecoder("utf-8", { ignoreBOM: true });
cachedTextDecoder.decode();
var MAX_SAFARI_DECODE_BYTES = 2146435072;
var numBytesDecoded = 0;
function decodeText(bytes2) {
  numBytesDecoded += bytes2.length;
  if (numBytesDecoded >= MAX_SAFARI_DECODE_BYTES) {
    cachedTextDecoder = new TextDecoder("utf-8", { ignoreBOM: true });
    cachedTextDecoder.decode();
    numBytesDecoded = bytes2.length;
  }
  return cachedTextDecoder.decode(bytes2);
}
__name(decodeText, "decodeText");
var cachedTextEncoder = new TextEncoder();
if (!("encodeInto" in cachedTextEncoder)) {
  cachedTextEncoder.encodeInto = function(arg, view) {
    const buf = cachedTextEncoder.encode(arg);
    view.set(buf);
    return {
      read: arg.length,
      written: buf.length
    };
  };
}
var WASM_VECTOR_LEN = 0;
var wasmModule;
var wasmInstance;
var wasm;
function __wbg_finalize_init(instance, module2) {
  wasmInstance = instance;
  wasm = instance.exports;
  wasmModule = module2;
  cachedDataViewMemory0 = null;
  cachedInt32ArrayMemory0 = null;
  cachedUint8ArrayMemory0 = null;
  wasm.__wbindgen_start();
  return wasm;
}
__name(__wbg_finalize_init, "__wbg_finalize_init");
function initSync(module2) {
  if (wasm !== void 0) return wasm;
  if (module2 !== void 0) {
    if (Object.getPrototypeOf(module2) === Object.prototype) {
      ({ module: module2 } = module2);
    } else {
      console.warn("using deprecated parameters for `initSync()`; pass a single object instead");
    }
  }
  const imports = __wbg_get_imports();
  if (!(module2 instanceof WebAssembly.Module)) {
    module2 = new WebAssembly.Module(module2);
  }
  const instance = new WebAssembly.Instance(module2, imports);
  return __wbg_finalize_init(instance, module2);
}
__name(initSync, "initSync");

// js/entry.mjs
import module from "./bf1171f4b5bacce3a5162fd125843a0e4ab4d720-trust_bg.wasm";

// js/glue.js
var MOST2 = 1024 * 1024 + 32 * 1024;
async function body2(stream) {
  const parts = [];
  let size = 0;
  if (stream) {
    const reader = stream.getReader();
    for (; ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.byteLength;
      if (size > MOST2) {
        reader.cancel().catch(() => {
        });
        return new Uint8Array();
      }
      parts.push(value);
    }
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all;
}
__name(body2, "body");

// js/entry.mjs
initSync({ module });
var PATH = "/t";
var USUAL = 8192;
var HEADERS = {
  "content-type": "application/octet-stream",
  // no-transform: compressed answers would tell by their length what they hold.
  "cache-control": "no-store, no-transform",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=63072000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex"
};
var running = /* @__PURE__ */ new Set();
var broken = false;
var life = 0;
globalThis.mansapTrustPanicked = () => {
  broken = true;
  for (const end of [...running]) end();
  running.clear();
};
function run(work) {
  if (broken) {
    __wbg_reset_state();
    broken = false;
    life += 1;
  }
  return new Promise((resolve, reject) => {
    const end = /* @__PURE__ */ __name(() => reject(new Error()), "end");
    running.add(end);
    const over = /* @__PURE__ */ __name((then) => (value) => {
      running.delete(end);
      then(value);
    }, "over");
    const failed = over((error) => {
      if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) globalThis.mansapTrustPanicked();
      reject(error);
    });
    try {
      Promise.resolve(work()).then(over(resolve), failed);
    } catch (error) {
      failed(error);
    }
  });
}
__name(run, "run");
function say(bytes2, status = 200) {
  return new Response(bytes2, { status, headers: HEADERS });
}
__name(say, "say");
async function answer2(request, env) {
  if (request.method !== "POST" || new URL(request.url).pathname !== PATH) {
    await request.body?.cancel();
    return say(null, 404);
  }
  try {
    const bytes2 = await body2(request.body);
    return say(await run(() => answer(bytes2, env)));
  } catch {
    return say(crypto.getRandomValues(new Uint8Array(USUAL)));
  }
}
__name(answer2, "answer");
var entry_default = {
  fetch: answer2,
  async scheduled(event, env) {
    await run(() => tick(event.scheduledTime, env));
  }
};
var Intake = class extends DurableObject {
  static {
    __name(this, "Intake");
  }
  #made;
  #life = -1;
  async #challenges() {
    return run(() => {
      if (this.#life !== life) {
        this.#made = new Challenges(this.env);
        this.#life = life;
      }
      return this.#made;
    });
  }
  async challenge() {
    const made = await this.#challenges();
    return run(() => made.challenge());
  }
  async spend(challenge2, send) {
    const made = await this.#challenges();
    return run(() => made.spend(challenge2, send));
  }
};

// ../../../../main/node_modules/wrangler/templates/middleware/middleware-ensure-req-body-drained.ts
var drainBody = /* @__PURE__ */ __name(async (request, env, _ctx, middlewareCtx) => {
  try {
    return await middlewareCtx.next(request, env);
  } finally {
    try {
      if (request.body !== null && !request.bodyUsed) {
        const reader = request.body.getReader();
        while (!(await reader.read()).done) {
        }
      }
    } catch (e) {
      console.error("Failed to drain the unused request body.", e);
    }
  }
}, "drainBody");
var middleware_ensure_req_body_drained_default = drainBody;

// ../../../../main/node_modules/wrangler/templates/middleware/middleware-miniflare3-json-error.ts
function reduceError(e) {
  return {
    name: e?.name,
    message: e?.message ?? String(e),
    stack: e?.stack,
    cause: e?.cause === void 0 ? void 0 : reduceError(e.cause)
  };
}
__name(reduceError, "reduceError");
var jsonError = /* @__PURE__ */ __name(async (request, env, _ctx, middlewareCtx) => {
  try {
    return await middlewareCtx.next(request, env);
  } catch (e) {
    const error = reduceError(e);
    const body3 = JSON.stringify(error);
    const headers = {
      "Content-Type": "application/json",
      "MF-Experimental-Error-Stack": "true"
    };
    const encoded = encodeURIComponent(body3);
    if (encoded.length <= 8192) {
      headers["MF-Experimental-Error-Stack-Payload"] = encoded;
    }
    return new Response(body3, { status: 500, headers });
  }
}, "jsonError");
var middleware_miniflare3_json_error_default = jsonError;

// .wrangler/tmp/bundle-nR26A3/middleware-insertion-facade.js
var __INTERNAL_WRANGLER_MIDDLEWARE__ = [
  middleware_ensure_req_body_drained_default,
  middleware_miniflare3_json_error_default
];
var middleware_insertion_facade_default = entry_default;

// ../../../../main/node_modules/wrangler/templates/middleware/common.ts
var __facade_middleware__ = [];
function __facade_register__(...args) {
  __facade_middleware__.push(...args.flat());
}
__name(__facade_register__, "__facade_register__");
function __facade_invokeChain__(request, env, ctx, dispatch, middlewareChain) {
  const [head, ...tail] = middlewareChain;
  const middlewareCtx = {
    dispatch,
    next(newRequest, newEnv) {
      return __facade_invokeChain__(newRequest, newEnv, ctx, dispatch, tail);
    }
  };
  return head(request, env, ctx, middlewareCtx);
}
__name(__facade_invokeChain__, "__facade_invokeChain__");
function __facade_invoke__(request, env, ctx, dispatch, finalMiddleware) {
  return __facade_invokeChain__(request, env, ctx, dispatch, [
    ...__facade_middleware__,
    finalMiddleware
  ]);
}
__name(__facade_invoke__, "__facade_invoke__");

// .wrangler/tmp/bundle-nR26A3/middleware-loader.entry.ts
var __Facade_ScheduledController__ = class ___Facade_ScheduledController__ {
  constructor(scheduledTime, cron, noRetry) {
    this.scheduledTime = scheduledTime;
    this.cron = cron;
    this.#noRetry = noRetry;
  }
  scheduledTime;
  cron;
  static {
    __name(this, "__Facade_ScheduledController__");
  }
  #noRetry;
  noRetry() {
    if (!(this instanceof ___Facade_ScheduledController__)) {
      throw new TypeError("Illegal invocation");
    }
    this.#noRetry();
  }
};
function wrapExportedHandler(worker) {
  if (__INTERNAL_WRANGLER_MIDDLEWARE__ === void 0 || __INTERNAL_WRANGLER_MIDDLEWARE__.length === 0) {
    return worker;
  }
  for (const middleware of __INTERNAL_WRANGLER_MIDDLEWARE__) {
    __facade_register__(middleware);
  }
  const fetchDispatcher = /* @__PURE__ */ __name(function(request, env, ctx) {
    if (worker.fetch === void 0) {
      throw new Error("Handler does not export a fetch() function.");
    }
    return worker.fetch(request, env, ctx);
  }, "fetchDispatcher");
  return {
    ...worker,
    fetch(request, env, ctx) {
      const dispatcher = /* @__PURE__ */ __name(function(type, init) {
        if (type === "scheduled" && worker.scheduled !== void 0) {
          const controller = new __Facade_ScheduledController__(
            Date.now(),
            init.cron ?? "",
            () => {
            }
          );
          return worker.scheduled(controller, env, ctx);
        }
      }, "dispatcher");
      return __facade_invoke__(request, env, ctx, dispatcher, fetchDispatcher);
    }
  };
}
__name(wrapExportedHandler, "wrapExportedHandler");
function wrapWorkerEntrypoint(klass) {
  if (__INTERNAL_WRANGLER_MIDDLEWARE__ === void 0 || __INTERNAL_WRANGLER_MIDDLEWARE__.length === 0) {
    return klass;
  }
  for (const middleware of __INTERNAL_WRANGLER_MIDDLEWARE__) {
    __facade_register__(middleware);
  }
  return class extends klass {
    #fetchDispatcher = /* @__PURE__ */ __name((request, env, ctx) => {
      this.env = env;
      this.ctx = ctx;
      if (super.fetch === void 0) {
        throw new Error("Entrypoint class does not define a fetch() function.");
      }
      return super.fetch(request);
    }, "#fetchDispatcher");
    #dispatcher = /* @__PURE__ */ __name((type, init) => {
      if (type === "scheduled" && super.scheduled !== void 0) {
        const controller = new __Facade_ScheduledController__(
          Date.now(),
          init.cron ?? "",
          () => {
          }
        );
        return super.scheduled(controller);
      }
    }, "#dispatcher");
    fetch(request) {
      return __facade_invoke__(
        request,
        this.env,
        this.ctx,
        this.#dispatcher,
        this.#fetchDispatcher
      );
    }
  };
}
__name(wrapWorkerEntrypoint, "wrapWorkerEntrypoint");
var WRAPPED_ENTRY;
if (typeof middleware_insertion_facade_default === "object") {
  WRAPPED_ENTRY = wrapExportedHandler(middleware_insertion_facade_default);
} else if (typeof middleware_insertion_facade_default === "function") {
  WRAPPED_ENTRY = wrapWorkerEntrypoint(middleware_insertion_facade_default);
}
var middleware_loader_entry_default = WRAPPED_ENTRY;
export {
  Intake,
  __INTERNAL_WRANGLER_MIDDLEWARE__,
  middleware_loader_entry_default as default
};
//# sourceMappingURL=entry.js.map
