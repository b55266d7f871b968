//! Subjects that the same people teach: offered where few vacancies were found.

/// Groups of codes of the directory `subject`.
const SUBJECTS: &[&[&str]] = &[
    &["mathematics", "algebra", "geometry"],
    &["informatics", "digital_literacy", "robotics"],
    &["kazakh_language", "kazakh_literature", "kazakh_language_literature"],
    &["russian_language", "russian_literature", "russian_language_literature"],
    &["physics", "astronomy"],
    &["biology", "chemistry", "natural_science"],
    &["geography", "local_studies", "natural_science"],
    &["kazakhstan_history", "world_history", "law_basics"],
    &["business_basics", "economics"],
    &["art_labour", "technology", "fine_art", "graphics_design", "technical_drawing"],
    &["music", "dombra"],
    &["military_training", "life_safety"],
];

/// The subjects near to the given ones, without these.
pub fn subjects<'a>(given: impl Iterator<Item = &'a str> + Clone) -> Vec<&'static str> {
    let mut out: Vec<&'static str> = SUBJECTS
        .iter()
        .filter(|group| given.clone().any(|code| group.contains(&code)))
        .flat_map(|group| group.iter().copied())
        .filter(|code| !given.clone().any(|have| have == *code))
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours() {
        assert_eq!(subjects(["algebra"].into_iter()), ["geometry", "mathematics"]);
        assert_eq!(subjects(["chess"].into_iter()), Vec::<&str>::new());
    }
}
