//! Lists that the fields of records choose from.

/// Levels of events, councils and groups.
pub const LEVELS: &[&str] = &["organisation", "district", "region", "republic", "international"];
/// Places taken in a contest.
pub const PLACES: &[&str] = &["grand_prix", "first", "second", "third", "prize", "participant"];
/// Levels of education, by the Act on education of 27 July 2007 No 319-III, article 12.
pub const EDUCATION: &[&str] =
    &["secondary", "vocational", "post_secondary", "bachelor", "specialist", "master", "doctor"];
/// What a period of experience was; which of them count stands in the settings.
pub const OCCUPATIONS: &[&str] =
    &["job", "self_employed", "military", "childcare", "study", "family_care", "other"];
/// Lists of contests.
pub const LISTS: &[&str] = &["national_list", "regional_list", "other"];
/// Indexes of publications.
pub const INDEXES: &[&str] = &["none", "recommended", "scopus", "web_of_science"];
/// Levels of the common European framework, and the mother tongue.
pub const LANGUAGE_LEVELS: &[&str] = &["a1", "a2", "b1", "b2", "c1", "c2", "native"];
/// Tests of languages.
pub const LANGUAGE_TESTS: &[&str] =
    &["none", "kaztest", "ielts", "toefl", "celta", "delta", "delf", "goethe", "other"];
/// Forms of spreading one's practice.
pub const DISSEMINATIONS: &[&str] =
    &["open_lesson", "master_class", "seminar", "course", "online", "mentoring", "other"];
/// Roles in a group.
pub const GROUP_ROLES: &[&str] = &["member", "leader", "expert", "jury", "author"];
/// How quality of knowledge went.
pub const DYNAMICS: &[&str] = &["growth", "level", "unstable", "decline"];
/// Languages of an essay or a test.
pub const TEXT_LANGUAGES: &[&str] = &["kk", "ru", "en"];
/// Documents that are kept in the profile as they are: codes of the directory `document_type`.
pub const DOCUMENTS: &[&str] = &[
    "criminal_record",
    "psychoneurological",
    "narcological",
    "tuberculosis",
    "health_075",
    "medical_book",
    "work_record",
    "qualification",
    "work_reference",
    "driving_licence",
    "safety_permit",
    "development_plan",
];
