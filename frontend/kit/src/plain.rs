//! A program without the frame of the cabinets: nobody is signed in and nothing is asked of their
//! server. The texts are learned, then the page is drawn.

use wasm_bindgen::JsCast;

use crate::{api, browser, dom, reactive::AnyView, state};

/// Draws a page once its texts are there.
pub fn start(draw: fn() -> AnyView) {
    api::run(async move {
        let boot = browser::document().get_element_by_id("boot");
        if crate::text::learn(state::first_lang()).await.is_err() {
            if let Some(boot) = browser::document().get_element_by_id("boot-says") {
                boot.set_text_content(boot.get_attribute("data-failed").as_deref());
            }
            return;
        }
        let Some(root) = browser::document().get_element_by_id("app") else { return };
        let Ok(place) = root.clone().dyn_into() else { return };
        leptos::mount::mount_to(place, move || {
            let app = state::app();
            dom::follow(move || {
                if let Some(root) = browser::document().document_element() {
                    let _ = root.set_attribute("lang", app.lang.get().code());
                }
            });
            let _ = root.append_child(&draw());
        })
        .forget();
        if let Some(boot) = boot {
            boot.remove();
        }
    });
}
