//! Places in an image. The list beside it holds the same places by number and name: what a finger
//! does on the image, a key and a reader do in the list.

use kit::{
    bank::show::shape,
    dom::{AnyView, El, div, el, live, live_text, nothing},
    json::{self, Json, map},
    reactive::RwSignal,
};
use wasm_bindgen::JsValue;
use web_sys::Event;

use super::{Choice, Shown, legend};
use crate::{
    files,
    line::{self, answer_now},
    text::{fill, t},
};

/// The controls.
pub fn places(shown: &Shown, held: &Json) -> AnyView {
    if shown.task.list("areas").is_empty() { points(shown, held) } else { areas(shown, held) }
}

/// Width and height of the image; the browser knows where the item does not say.
fn size_of(image: &Json) -> RwSignal<(i64, i64)> {
    let side = |name: &str| image.int(name).unwrap_or(0).max(0);
    RwSignal::new((side("width"), side("height")))
}

fn number(target: &JsValue, name: &str) -> f64 {
    let value = js_sys::Reflect::get(target, &name.into()).ok();
    value.and_then(|value| value.as_f64()).unwrap_or(0.0)
}

/// The image with what is drawn over it.
fn picture(
    image: &Json,
    size: RwSignal<(i64, i64)>,
    over: impl Fn(El, (i64, i64)) -> El + Clone + 'static,
) -> AnyView {
    let alt = match image.str("alt") {
        "" => t("task.image").to_owned(),
        words => words.to_owned(),
    };
    files::with(image.str("hash"), image.str("alt"), move |address| {
        let over = over.clone();
        let loaded = move |event: Event| {
            let Some(target) = event.target() else { return };
            let natural = |name| number(&target, name) as i64;
            let found = (natural("naturalWidth"), natural("naturalHeight"));
            if size.get_untracked().0 == 0 || size.get_untracked().1 == 0 {
                size.set(found);
            }
        };
        div("spots")
            .child(el("img").attr("src", address).attr("alt", &alt).on("load", loaded))
            .child(live(move || {
                let (width, height) = size.get();
                if width == 0 || height == 0 {
                    return nothing();
                }
                let made = el("svg:svg")
                    .attr("viewBox", format!("0 0 {width} {height}"))
                    .attr("aria-hidden", "true");
                over(made, (width, height)).done()
            }))
    })
}

/// A number at a place, as large as can be read on a phone.
fn sign(text: String, (x, y): (i64, i64), (width, _): (i64, i64)) -> El {
    el("svg:text")
        .attr("x", x.to_string())
        .attr("y", y.to_string())
        .attr("font-size", (width / 20).max(8).to_string())
        .attr("text-anchor", "middle")
        .attr("dominant-baseline", "central")
        .child(text)
}

/// About the middle of a shape.
fn middle(shape: &Json, whole: (i64, i64)) -> (i64, i64) {
    let digits = |one: &Json| match one {
        Json::Number(digits) => digits.parse::<i64>().unwrap_or(0),
        _ => 0,
    };
    let all = |name: &str| shape.list(name).iter().map(digits).collect::<Vec<_>>();
    if let [left, top, right, bottom] = all("rect").as_slice() {
        return (left.midpoint(*right), top.midpoint(*bottom));
    }
    for name in ["circle", "ellipse"] {
        if let [x, y, ..] = all(name).as_slice() {
            return (*x, *y);
        }
    }
    let corners: Vec<(i64, i64)> = shape
        .list("poly")
        .iter()
        .filter_map(|one| match one {
            Json::List(two) => Some((digits(two.first()?), digits(two.get(1)?))),
            _ => None,
        })
        .collect();
    let n = i64::try_from(corners.len()).unwrap_or(1).max(1);
    match corners.is_empty() {
        true => (whole.0 / 2, whole.1 / 2),
        false => {
            let sum = corners.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
            (sum.0 / n, sum.1 / n)
        }
    }
}

fn areas(shown: &Shown, held: &Json) -> AnyView {
    let image = shown.task.at("image");
    let most = shown.task.int("most").unwrap_or(0);
    let choice =
        Choice { slot: shown.slot, chosen: RwSignal::new(held.texts("options")), one: most == 1 };
    let all: Vec<(String, Json)> = shown
        .task
        .list("areas")
        .iter()
        .map(|area| (area.str("id").to_owned(), area.at("shape").clone()))
        .collect();
    let drawn = picture(image, size_of(image), move |svg, size| {
        let parts = all.iter().enumerate().map(|(at, (id, place))| {
            let (mine, pressed) = (id.clone(), id.clone());
            el("svg:g")
                .attr_live("class", move || {
                    let on = choice.chosen.with(|all| all.contains(&mine));
                    Some(if on { "area on" } else { "area" }.to_owned())
                })
                .on("click", move |_| {
                    if line::can_answer() {
                        let on = choice.chosen.with_untracked(|all| !all.contains(&pressed));
                        choice.turn(&pressed, on || choice.one);
                    }
                })
                .child(shape(place, size))
                .child(sign((at + 1).to_string(), middle(place, size), size))
        });
        svg.attr("class", "pressed").children(parts)
    });
    let options = shown.task.list("areas").iter().enumerate().map(|(at, area)| {
        let number = fill("task.place", &[("n", &(at + 1).to_string())]);
        let words = match area.str("name") {
            "" => number,
            name => format!("{number}: {name}"),
        };
        choice.option(area.str("id"), el("span").child(words).done())
    });
    el("fieldset")
        .child(legend(match most {
            1 => t("task.place_one").to_owned(),
            0 => t("task.place_some").to_owned(),
            n => fill("task.some_most", &[("n", &n.to_string())]),
        }))
        .child(drawn)
        .child(
            crate::rich::in_language(el("ul").class("checks options"), &shown.lang)
                .children(options),
        )
        .maybe(choice.clear())
        .done()
}

type Points = RwSignal<Vec<(i64, i64)>>;

fn points(shown: &Shown, held: &Json) -> AnyView {
    let (slot, image) = (shown.slot, shown.task.at("image"));
    let most = usize::try_from(shown.task.int("most").unwrap_or(0)).unwrap_or(0);
    let digits = |one: &Json| match one {
        Json::Number(digits) => digits.parse::<i64>().ok(),
        _ => None,
    };
    let pair = |one: &Json| match one {
        Json::List(two) => Some((digits(two.first()?)?, digits(two.get(1)?)?)),
        _ => None,
    };
    let given: Points = RwSignal::new(held.list("points").iter().filter_map(pair).collect());
    let size = size_of(image);
    let send = move || {
        let all = given.get_untracked();
        let list = all.iter().map(|(x, y)| Json::List(vec![(*x).into(), (*y).into()])).collect();
        let value = if all.is_empty() {
            String::new()
        } else {
            json::write(&map([("points", Json::List(list))]))
        };
        answer_now(slot, &value);
    };
    let add = move |point: (i64, i64)| {
        given.update(|all| {
            if most > 0 && all.len() >= most {
                all.pop();
            }
            all.push(point);
        });
        send();
    };
    let drawn = picture(image, size, move |svg, size| {
        let radius = (size.0 / 40).max(4).to_string();
        svg.child(live(move || {
            let all = given.get();
            let marks = all.iter().enumerate().map(|(at, (x, y))| {
                el("svg:g")
                    .attr("class", "area on")
                    .child(
                        el("svg:circle")
                            .attr("cx", x.to_string())
                            .attr("cy", y.to_string())
                            .attr("r", &radius),
                    )
                    .child(sign((at + 1).to_string(), (*x, *y), size))
            });
            el("svg:g").children(marks.collect::<Vec<_>>()).done()
        }))
    });
    let clicked = move |event: Event| {
        let (width, height) = size.get_untracked();
        let Some(target) = event.target() else { return };
        let (wide, high) = (number(&target, "clientWidth"), number(&target, "clientHeight"));
        if !line::can_answer() || wide <= 0.0 || high <= 0.0 || width == 0 {
            return;
        }
        let x = number(&event, "offsetX") * width as f64 / wide;
        let y = number(&event, "offsetY") * height as f64 / high;
        add((x.round() as i64, y.round() as i64));
    };
    let list = live(move || {
        let all = given.get();
        let rows = all.iter().enumerate().map(|(at, point)| row(at, *point, given, size, send));
        el("ol").class("order points").children(rows.collect::<Vec<_>>()).done()
    });
    el("fieldset")
        .child(legend(t("task.point").to_owned()))
        .child(div("aim").on("click", clicked).child(drawn))
        .child(el("p").class("hint").t("task.point_keys"))
        .child(list)
        .child(
            el("button")
                .class("button second")
                .attr("type", "button")
                .t("task.point_add")
                .flag("disabled", || !line::can_answer())
                .on("click", move |_| {
                    let (width, height) = size.get_untracked();
                    add((width / 2, height / 2));
                }),
        )
        .done()
}

/// A point with buttons that move it: a twentieth of the image a step.
fn row(
    at: usize,
    (x, y): (i64, i64),
    given: Points,
    size: RwSignal<(i64, i64)>,
    send: impl Fn() + Copy + 'static,
) -> El {
    let name = fill("task.point_n", &[("n", &(at + 1).to_string())]);
    let place = live_text(move || {
        let (width, height) = size.get();
        let share = |part: i64, whole: i64| (part * 100 / whole.max(1)).to_string();
        let place = [("x", share(x, width)), ("y", share(y, height))];
        fill("task.point_at", &[("x", &place[0].1), ("y", &place[1].1)])
    });
    let button = |key: &'static str, sign: &'static str| {
        el("button")
            .class("button second move")
            .attr("type", "button")
            .id(format!("{key}-{at}"))
            .attr("aria-label", format!("{name}: {}", t(key)))
            .flag("disabled", || !line::can_answer())
            .child(sign)
    };
    let step = |key: &'static str, sign: &'static str, dx: i64, dy: i64| {
        button(key, sign).on("click", move |_| {
            let (width, height) = size.get_untracked();
            given.update(|all| {
                if let Some(point) = all.get_mut(at) {
                    point.0 = (point.0 + dx * (width / 20).max(1)).clamp(0, width);
                    point.1 = (point.1 + dy * (height / 20).max(1)).clamp(0, height);
                }
            });
            send();
            let again = format!("{key}-{at}");
            crate::browser::soon(move || crate::browser::focus(&again));
        })
    };
    let drop = button("task.point_drop", "✕").on("click", move |_| {
        given.update(|all| {
            all.remove(at);
        });
        send();
    });
    el("li").child(el("span").class("what").child(place)).child(
        el("span")
            .class("moves")
            .child(step("task.left", "←", -1, 0))
            .child(step("task.right", "→", 1, 0))
            .child(step("task.up", "↑", 0, -1))
            .child(step("task.down", "↓", 0, 1))
            .child(drop),
    )
}
