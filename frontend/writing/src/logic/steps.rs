//! The steps of the wizard: which field is where, and how far each step is.

use domain::{
    shared::lang::Text,
    vacancy::{api::Issue, model::Content},
};

use super::merge;

/// A step of the wizard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Post and subject.
    Post,
    /// Load and pay.
    Load,
    /// Texts in both languages.
    Texts,
    /// Requirements and documents.
    Requirements,
    /// Contacts and dates.
    Contacts,
    /// Check and publish.
    Check,
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Nothing is filled.
    NotStarted,
    /// Something is missing.
    Partial,
    /// Nothing is missing.
    Complete,
}

impl Step {
    /// All steps in their order.
    pub const ALL: [Step; 6] =
        [Step::Post, Step::Load, Step::Texts, Step::Requirements, Step::Contacts, Step::Check];

    /// The word in the address and in the keys of texts.
    pub const fn code(self) -> &'static str {
        match self {
            Step::Post => "post",
            Step::Load => "load",
            Step::Texts => "texts",
            Step::Requirements => "requirements",
            Step::Contacts => "contacts",
            Step::Check => "check",
        }
    }

    /// The step of a word of the address.
    pub fn parse(code: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|step| step.code() == code)
    }

    /// The fields of the announcement that this step asks for.
    pub const fn fields(self) -> &'static [&'static str] {
        match self {
            Step::Post => {
                &["position", "subject", "title", "language", "term", "temporary_until", "openings"]
            }
            Step::Load => {
                &["rate", "hours", "schedule", "start_on", "salary_from", "salary_to", "bonuses"]
            }
            Step::Texts => &["duties", "requirements", "conditions"],
            Step::Requirements => &["experience", "category", "documents", "extras"],
            Step::Contacts => {
                &["address", "contact_name", "contact_phone", "contact_email", "accept_to"]
            }
            Step::Check => &[],
        }
    }

    /// The step that asks for a field (`duties.kk` is asked where `duties` is).
    pub fn of_field(field: &str) -> Step {
        let name = field.split('.').next().unwrap_or_default();
        Step::ALL.into_iter().find(|step| step.fields().contains(&name)).unwrap_or(Step::Check)
    }

    /// The step after this one.
    pub fn next(self) -> Option<Step> {
        let at = Step::ALL.iter().position(|step| *step == self)?;
        Step::ALL.get(at + 1).copied()
    }

    /// How far the step is. `issues` is what the server finds missing; it decides what complete
    /// means, so that the rule is written once.
    pub fn progress(self, content: &Content, issues: &[Issue]) -> Progress {
        if self == Step::Check {
            return if issues.is_empty() { Progress::Complete } else { Progress::NotStarted };
        }
        let touched = merge::changed(content, &Content::default());
        let mine = |field: &str| self.fields().contains(&field);
        let missing = issues.iter().any(|issue| Step::of_field(&issue.field) == self);
        match (touched.iter().any(|field| mine(field)), missing) {
            (_, false) => Progress::Complete,
            (true, true) => Progress::Partial,
            (false, true) => Progress::NotStarted,
        }
    }
}

/// How many of the texts that readers see are filled: Kazakh, Russian, of how many. A text that
/// may be left out counts once either language has it.
pub fn languages(content: &Content) -> (usize, usize, usize) {
    let always = [&content.duties, &content.requirements];
    let optional = [&content.title, &content.bonuses, &content.conditions, &content.address];
    let texts: Vec<&Text> = always
        .into_iter()
        .chain(optional.into_iter().filter(|text| !text.kk.is_empty() || !text.ru.is_empty()))
        .collect();
    let filled =
        |of: fn(&Text) -> &String| texts.iter().filter(|text| !of(text).trim().is_empty()).count();
    (filled(|text| &text.kk), filled(|text| &text.ru), texts.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issue(field: &str) -> Issue {
        Issue { field: field.into(), code: "required".into(), text: String::new() }
    }

    #[test]
    fn every_field_has_one_step() {
        let all = serde_json::to_value(Content::default()).unwrap();
        for field in all.as_object().unwrap().keys() {
            let steps: Vec<_> =
                Step::ALL.into_iter().filter(|s| s.fields().contains(&field.as_str())).collect();
            assert_eq!(steps.len(), 1, "{field}: {steps:?}");
        }
        assert_eq!(Step::of_field("duties.kk"), Step::Texts);
        assert_eq!(Step::of_field("unheard_of"), Step::Check);
        for step in Step::ALL {
            assert_eq!(Step::parse(step.code()), Some(step));
        }
    }

    #[test]
    fn the_server_says_what_is_complete() {
        let mut content = Content::default();
        let issues = [issue("duties.kk"), issue("requirements.ru")];
        assert_eq!(Step::Texts.progress(&content, &issues), Progress::NotStarted);
        content.duties.ru = "Уроки".into();
        assert_eq!(Step::Texts.progress(&content, &issues), Progress::Partial);
        assert_eq!(Step::Texts.progress(&content, &[]), Progress::Complete);
        assert_eq!(Step::Post.progress(&content, &issues), Progress::Complete);
        assert_eq!(Step::Check.progress(&content, &issues), Progress::NotStarted);
    }

    #[test]
    fn both_languages_are_counted() {
        let mut content = Content { duties: Text::new("а", "а"), ..Content::default() };
        assert_eq!(languages(&content), (1, 1, 2));
        content.bonuses.ru = "б".into();
        assert_eq!(languages(&content), (1, 2, 3));
    }
}
