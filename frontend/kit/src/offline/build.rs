//! Whole builds on the device: `js/build.js`.

use wasm_bindgen::prelude::*;
use web_sys::Blob;

use crate::{router::Area, state::app};

#[wasm_bindgen(module = "/js/build.js")]
extern "C" {
    #[wasm_bindgen(js_name = keepBuild)]
    fn keep_build(name: &str, newer: &Closure<dyn FnMut()>);
    /// Takes the newer build: the page is loaded anew.
    #[wasm_bindgen(js_name = takeBuild)]
    pub fn take();
    /// Gives the person a file that waits.
    #[wasm_bindgen(js_name = saveFile)]
    pub fn save_file(blob: &Blob, name: &str);
}

/// Keeps the build of this cabinet on the device.
pub fn keep(area: Area) {
    let name = match area {
        Area::Applicant => "applicant",
        Area::Own => "own",
        Area::Selection => "selection",
        Area::Staff => "staff",
        Area::Writing => "writing",
        Area::Administration => "administration",
        Area::Messages => "messages",
        Area::Directories => "directories",
        Area::Bank => "bank",
        Area::Testing => "testing",
        Area::Judging => "judging",
        Area::Authoring => "authoring",
    };
    let newer = Closure::<dyn FnMut()>::new(|| app().newer.set(true));
    keep_build(name, &newer);
    newer.forget();
}
