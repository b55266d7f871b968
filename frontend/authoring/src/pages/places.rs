//! Places in an image: the image, areas by their corners or by two clicks, which of them are right.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, MouseEvent};

use kit::bank::show;

use super::fields::{At, Editor, order_buttons, send_image};
use crate::{
    browser,
    dom::{El, div, el, live, live_text, many, nothing},
    json::Json,
    model::{self, LANGS},
    reactive::{AnyView, RwSignal},
    text::fill,
};

/// The part of the form.
pub fn places(editor: Editor) -> AnyView {
    let first = RwSignal::new(None::<(i64, i64)>);
    let kept = editor.form.whole.with_untracked(|all| !all.is_empty("places"));
    many([
        el("p").class("hint").t("bank.places_hint").done(),
        if kept { el("p").class("notice").t("bank.places_kept").done() } else { nothing() },
        file(editor).done(),
        div("pair")
            .children(LANGS.map(|lang| {
                editor.line(
                    At::Path(if lang == "kk" { "image.kk" } else { "image.ru" }),
                    "alt",
                    if lang == "kk" { "bank.alt_kk" } else { "bank.alt_ru" },
                )
            }))
            .done(),
        picture(editor, first),
        areas(editor),
        crate::ui::button("button second", "bank.add_area", move |_| {
            push(editor, [0, 0, 50, 50]);
        })
        .done(),
    ])
}

/// One image for both languages.
fn file(editor: Editor) -> El {
    div("field").child(el("label").attr("for", "f-place-file").t("bank.image")).child(
        el("input")
            .attr("type", "file")
            .id("f-place-file")
            .attr("accept", "image/png,image/jpeg,image/gif,image/webp")
            .on("change", move |event| {
                send_image(&event, editor, move |image| {
                    editor.change(|all| {
                        for lang in LANGS {
                            let path = format!("image.{lang}.hash");
                            all.put(&path, image.at("hash").clone());
                        }
                    });
                });
            }),
    )
}

fn size_of(target: &JsValue, name: &str) -> i64 {
    let value = js_sys::Reflect::get(target, &name.into()).ok().and_then(|value| value.as_f64());
    value.map_or(0, |value| value as i64)
}

fn picture(editor: Editor, first: RwSignal<Option<(i64, i64)>>) -> AnyView {
    let hash = crate::dom::settled(move || editor.read(|all| all.str("image.kk.hash").to_owned()));
    live(move || {
        let hash = hash.get();
        if hash.is_empty() {
            return nothing();
        }
        // The browser knows how large it is.
        let loaded = move |event: Event| {
            let Some(target) = event.target() else { return };
            let sizes = [("width", "naturalWidth"), ("height", "naturalHeight")];
            editor.change(|all| {
                for (name, of) in sizes {
                    for lang in LANGS {
                        all.put(&format!("image.{lang}.{name}"), size_of(&target, of).into());
                    }
                }
            });
        };
        let clicked = move |event: Event| {
            let Some(mouse) = event.dyn_ref::<MouseEvent>() else { return };
            let Some(target) = event.current_target() else { return };
            let (wide, high) = (size_of(&target, "clientWidth"), size_of(&target, "clientHeight"));
            let (width, height) = editor.form.whole.with_untracked(|all| {
                let size = |name: &str| all.int(&format!("image.kk.{name}")).unwrap_or_default();
                (size("width"), size("height"))
            });
            if wide == 0 || high == 0 {
                return;
            }
            let x = i64::from(mouse.offset_x()) * width / wide;
            let y = i64::from(mouse.offset_y()) * height / high;
            match first.get_untracked() {
                None => first.set(Some((x, y))),
                Some((x0, y0)) => {
                    first.set(None);
                    push(editor, [x0.min(x), y0.min(y), x0.max(x), y0.max(y)]);
                }
            }
        };
        div("places editable")
            .on("click", clicked)
            .child(el("img").attr("src", show::address(&hash)).attr("alt", "").on("load", loaded))
            .child(live(move || {
                let (areas, width, height) = editor.read(|all| {
                    let size =
                        |name: &str| all.int(&format!("image.kk.{name}")).unwrap_or_default();
                    (all.list("areas").to_vec(), size("width"), size("height"))
                });
                el("svg:svg")
                    .attr("viewBox", format!("0 0 {width} {height}"))
                    .attr("aria-hidden", "true")
                    .children(areas.iter().map(|one| {
                        let class = if one.flag("right") { "area right" } else { "area" };
                        show::shape(one.at("kk"), (width, height)).attr("class", class)
                    }))
                    .done()
            }))
            .done()
    })
}

fn push(editor: Editor, corners: [i64; 4]) {
    editor.change(|all| {
        let id = model::fresh(all.list("areas"), "ABCDEFGHIJ");
        let mut area = model::row(&id);
        let list = Json::List(corners.map(Json::from).into());
        for lang in LANGS {
            area.put(&format!("{lang}.rect"), list.clone());
        }
        all.items("areas").push(area);
    });
}

fn areas(editor: Editor) -> AnyView {
    let count = crate::dom::settled(move || editor.count("areas").to_string());
    live(move || {
        let count = count.get().parse::<usize>().unwrap_or_default();
        crate::dom::quietly(|| many((0..count).map(|at| area(editor, at).done())))
    })
}

fn area(editor: Editor, at: usize) -> El {
    let here = At::Item("areas", at);
    let rect = editor.form.whole.with_untracked(|all| !here.look(all).is_empty("kk.rect"));
    let names = ["bank.left", "bank.top", "bank.right_edge", "bank.bottom"];
    let corner = |n: usize| {
        let (shown, put) = (here.clone(), here.clone());
        let id = format!("f-area-{at}-{n}");
        div("field short").child(el("label").attr("for", &id).t(names[n])).child(
            el("input")
                .id(&id)
                .attr("type", "text")
                .attr("inputmode", "numeric")
                .value(move || {
                    editor.read(|all| {
                        let list = shown.look(all).list("kk.rect");
                        list.get(n).map(super::fields::text_of).unwrap_or_default()
                    })
                })
                .on("change", move |event| {
                    let value = browser::value_of(&event).trim().parse::<i64>().unwrap_or_default();
                    editor.change(|all| {
                        put.act(all, |one| {
                            for lang in LANGS {
                                let list = one.items(&format!("{lang}.rect"));
                                if let Some(corner) = list.get_mut(n) {
                                    *corner = value.into();
                                }
                            }
                        });
                    });
                }),
        )
    };
    let number = (at + 1).to_string();
    el("fieldset")
        .class("thing")
        .child(el("legend").child(live_text(move || fill("bank.area_n", &[("n", &number)]))))
        .child(editor.tick(here.clone(), "right", "bank.right"))
        .child(
            div("row-fields")
                .child(editor.line(here.clone(), "name.kk", "bank.area_name_kk"))
                .child(editor.line(here.clone(), "name.ru", "bank.area_name_ru")),
        )
        .maybe(rect.then(|| div("row-fields").children((0..4).map(corner))))
        .child(div("buttons small").child(order_buttons(editor, "areas", at, 0)))
}
