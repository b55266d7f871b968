//! What came of a file: counts, columns, rows with remarks by cell, the next step.

use crate::reactive::{AnyView, RwSignal};
use domain::{
    import::api::{ImportReport, Mode, Note, RowReport, RowStatus},
    vacancy::model::State,
};

use crate::{
    dom::{El, div, el, live, live_text, nothing},
    nav::link,
    router::{Place, Route},
    text::{count, fill, number_of, pick, t, t_of},
    ui::{self, status::tag, table::table},
};

const HEADS: &[&str] = &["import.row", "import.title", "import.state", "import.errors"];
const COLUMNS: &[&str] = &["import.column", "import.meaning"];

/// As many rows are drawn at once; the rest by a press.
const AT_ONCE: usize = 50;

/// The report, and buttons for what may be done next.
pub fn view(report: ImportReport, act: impl Fn(Mode) + Copy + 'static) -> AnyView {
    let total = i64::from(report.total);
    let next = next_step(&report, act);
    let troubled = report.refused + report.warned > 0;
    let only = RwSignal::new(report.refused > 0 && report.mode == Mode::Check);
    let shown = RwSignal::new(AT_ONCE);
    let columns = columns(&report);
    let rows = RwSignal::new(report.rows.clone());
    div("report")
        .child(
            el("h2")
                .id("import-report")
                .attr("tabindex", "-1")
                .child(live_text(move || count("import.rows", total))),
        )
        .child(el("p").class("soft").child(report.format.clone()))
        .child(counts(&report))
        .children(report.notes.iter().map(|note| el("p").class("notice").child(note.clone())))
        .child(next)
        .child(columns)
        .maybe(troubled.then(|| {
            el("label")
                .class("chip")
                .child(
                    el("input")
                        .attr("type", "checkbox")
                        .checked(move || only.get())
                        .on("change", move |_| only.update(|only| *only = !*only)),
                )
                .t("import.only_errors")
        }))
        .child(live(move || {
            let (only, limit) = (only.get(), shown.get());
            let all = rows.with_untracked(|rows| {
                let wanted = rows
                    .iter()
                    .filter(|row| !only || !row.errors.is_empty() || !row.warnings.is_empty());
                wanted.cloned().collect::<Vec<_>>()
            });
            let more = all.len() > limit;
            div("rows-shown")
                .child(table("nav.import", HEADS, all.into_iter().take(limit).map(cells)))
                .child(if more {
                    let act = move |_| shown.update(|n| *n += AT_ONCE * 4);
                    ui::button("button second", "vacancies.more", act).done()
                } else {
                    nothing()
                })
                .done()
        }))
        .done()
}

fn counts(report: &ImportReport) -> El {
    let all = [
        (RowStatus::Ready, report.ready),
        (RowStatus::Created, report.created),
        (RowStatus::Updated, report.updated),
        (RowStatus::Unchanged, report.unchanged),
        (RowStatus::Kept, report.kept),
        (RowStatus::Duplicate, report.duplicates),
        (RowStatus::Refused, report.refused),
    ];
    el("ul").class("counts").children(
        all.into_iter()
            .filter(|(_, n)| *n > 0)
            .map(|(status, n)| el("li").child(status_tag(status, Some(n)))),
    )
}

fn status_tag(status: RowStatus, n: Option<u32>) -> El {
    let (class, sign, code) = match status {
        RowStatus::Ready => ("tag done", "✓", "ready"),
        RowStatus::Created => ("tag done", "✓", "created"),
        RowStatus::Updated => ("tag", "↻", "updated"),
        RowStatus::Unchanged => ("tag mute", "=", "unchanged"),
        RowStatus::Kept => ("tag wait", "!", "kept"),
        RowStatus::Duplicate => ("tag mute", "⧉", "duplicate"),
        RowStatus::Refused => ("tag late", "✕", "refused"),
    };
    el("span").class(class).child(live_text(move || {
        let name = t_of("import.status", code);
        match n {
            Some(n) => format!("{sign} {name}: {}", number_of(n)),
            None => format!("{sign} {name}"),
        }
    }))
}

fn next_step(report: &ImportReport, act: impl Fn(Mode) + Copy + 'static) -> El {
    let useful = report.ready + report.updated > 0;
    match report.mode {
        Mode::Check if useful => {
            let publishable = report.publishable;
            let publish = (publishable > 0).then(|| {
                ui::button("button second", "import.publish", move |_| act(Mode::Publish))
            });
            div("next")
                .child(el("p").child(live_text(move || {
                    fill("import.publishable", &[("n", &number_of(publishable))])
                })))
                .child(
                    div("buttons")
                        .child(ui::button("button", "import.drafts", move |_| act(Mode::Draft)))
                        .maybe(publish),
                )
        }
        Mode::Check => div("none"),
        Mode::Draft | Mode::Publish => {
            let state = if report.published > 0 { State::Published } else { State::Draft };
            let list = Place::from(Route::Vacancies).with("state", state.code());
            div("buttons").child(link(list).class("button").t("import.to_list"))
        }
    }
}

fn columns(report: &ImportReport) -> El {
    let rows = report.columns.iter().cloned().map(|column| {
        let (label, used) = (column.label, column.field.is_some());
        vec![
            el("span")
                .child(el("strong").child(column.letter))
                .child(" ")
                .child(column.header)
                .done(),
            live_text(move || if used { label.clone() } else { t("import.unused").to_owned() }),
        ]
    });
    el("details").class("fold").child(el("summary").t("import.columns")).child(table(
        "import.columns",
        COLUMNS,
        rows,
    ))
}

fn cells(row: RowReport) -> Vec<AnyView> {
    let RowReport { row: place, title, organisation, status, errors, warnings, .. } = row;
    let name = move || pick(&title);
    let title = match row.vacancy {
        Some(id) => link(Route::Vacancy(id)).child(live_text(name)).done(),
        None => live_text(name),
    };
    let note = |class: &'static str, note: Note| {
        let cell = if note.column.is_empty() {
            String::new()
        } else {
            format!("{}{place} · {}: ", note.column, note.header)
        };
        let value = Some(note.value).filter(|value| !value.is_empty());
        el("li")
            .class(class)
            .child(el("span").class("soft").child(cell))
            .child(note.text)
            .maybe(value.map(|value| el("span").class("soft").child(format!(" «{value}»"))))
    };
    let notes = errors
        .into_iter()
        .map(|one| note("wrong", one))
        .chain(warnings.into_iter().map(|one| note("guess", one)));
    vec![
        el("span").class("num").child(place.to_string()).done(),
        div("cell-title")
            .child(title)
            .maybe(organisation.map(|one| {
                let name = one.name;
                el("div").class("small soft").child(live_text(move || pick(&name)))
            }))
            .done(),
        div("row-side")
            .child(status_tag(status, None))
            .maybe(row.published.then(|| tag("tag done", "state.published")))
            .maybe(row.duplicate_of.map(|of| el("span").class("small").child(format!("→ {of}"))))
            .done(),
        el("ul").class("roles-list small").children(notes).done(),
    ]
}
