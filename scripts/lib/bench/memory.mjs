// Remembers the instances of WebAssembly; imported before the worker makes one.
const instances = [];
const Original = WebAssembly.Instance;
WebAssembly.Instance = class extends Original {
  constructor(...words) {
    super(...words);
    instances.push(this);
  }
};

/** Bytes of the memory of each instance. */
export const memories = () => instances.map((one) => one.exports.memory?.buffer.byteLength ?? 0);
