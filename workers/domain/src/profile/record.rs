//! The records of a profile, a type a kind. The macro writes the type and, from the same lines,
//! the table of its fields ([`super::kind::Spec`]): the server checks by the table, the cabinet
//! draws its forms by it, so that the three cannot drift apart.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    choices::{
        DISSEMINATIONS, DOCUMENTS, DYNAMICS, EDUCATION, GROUP_ROLES, INDEXES, LANGUAGE_LEVELS,
        LANGUAGE_TESTS, LEVELS, LISTS, OCCUPATIONS, PLACES, TEXT_LANGUAGES,
    },
    kind::{Field, Form, Spec},
};

/// Whether a field says nothing, so that it is left out.
fn empty<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

macro_rules! records {
    ($(
        $(#[$doc:meta])*
        $kind:ident = $code:literal key($($key:literal),*) {
            $($(#[$fdoc:meta])* $field:ident: $type:ty = $form:expr, $need:ident;)+
        }
    )+) => {
        /// The kind of a record.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum Kind {
            $($(#[$doc])* #[serde(rename = $code)] $kind,)+
        }

        impl Kind {
            /// All kinds, in the order of the profile.
            pub const ALL: &[Kind] = &[$(Kind::$kind,)+];

            /// The code, as stored and as in the tag `kind`.
            pub const fn code(self) -> &'static str {
                match self { $(Kind::$kind => $code,)+ }
            }

            /// The kind of a code.
            pub fn parse(code: &str) -> Option<Kind> {
                Kind::ALL.iter().copied().find(|kind| kind.code() == code)
            }

            /// The table of its fields.
            pub const fn spec(self) -> &'static Spec {
                match self {
                    $(Kind::$kind => const { &Spec {
                        kind: Kind::$kind,
                        key: &[$($key),*],
                        fields: &[$(Field {
                            name: stringify!($field),
                            form: $form,
                            required: matches!(stringify!($need).as_bytes(), b"required"),
                        },)+],
                    } },)+
                }
            }
        }

        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
            #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
            #[serde(default)]
            pub struct $kind {
                $($(#[$fdoc])* #[serde(skip_serializing_if = "empty")] pub $field: $type,)+
            }
        )+

        /// A record: its kind is the tag.
        ///
        /// ```json
        /// {"kind": "course", "title": "Дифференцированное обучение", "provider": "Өрлеу",
        ///  "agreed_programme": true, "hours": 80, "from": "2025-06-02", "to": "2025-06-13",
        ///  "number": "0412345"}
        /// ```
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(tag = "kind")]
        pub enum Record {
            $($(#[$doc])* #[serde(rename = $code)] $kind(Box<$kind>),)+
        }

        impl Record {
            /// Its kind.
            pub const fn kind(&self) -> Kind {
                match self { $(Record::$kind(_) => Kind::$kind,)+ }
            }
        }
    };
}

use Form::{Choice, Code, Count, Day, Flag, Hundredths, Long, Names, Text, Url, Year};

records! {
    /// Education: a diploma or a certificate of school education, retraining.
    Education = "education" key("number") {
        /// Level.
        level: String = Choice(EDUCATION), required;
        /// Name of the school, college or university.
        institution: String = Text(200), required;
        /// ISO 3166 code of its country, `KZ` unless said.
        country: String = Text(2), optional;
        /// Specialty.
        specialty: String = Text(200), optional;
        /// Qualification.
        qualification: String = Text(200), optional;
        /// Year of entry.
        started: Option<u32> = Year, optional;
        /// Year of leaving; empty = still studying.
        finished: Option<u32> = Year, optional;
        /// Series and number of the diploma.
        number: String = Text(40), optional;
        /// Day of issue.
        issued_on: Option<NaiveDate> = Day, optional;
        /// With distinction.
        honours: bool = Flag, optional;
    }
    /// Experience: a job, or another period that counts or explains a gap.
    Experience = "experience" key("organisation", "position", "from") {
        /// What it was.
        occupation: String = Choice(OCCUPATIONS), required;
        /// Employer as written in the work record.
        organisation: String = Text(200), optional;
        /// Post as written in the work record.
        position: String = Text(200), optional;
        /// Post in the directory `position`, where it is there.
        post: String = Code("position"), optional;
        /// Subject, where one was taught.
        subject: String = Code("subject"), optional;
        /// First day.
        from: Option<NaiveDate> = Day, required;
        /// Last day; empty = works there still.
        to: Option<NaiveDate> = Day, optional;
        /// Rate in hundredths of a full post.
        rate: Option<u32> = Hundredths(200), optional;
        /// Counts as pedagogical experience.
        pedagogical: bool = Flag, optional;
        /// Counts as experience of leading.
        administrative: bool = Flag, optional;
        /// Number of the order of employment.
        number: String = Text(40), optional;
    }
    /// Qualification category.
    Category = "category" key("number", "category") {
        /// Code in the directory `category`.
        category: String = Code("category"), required;
        /// Post for which it was given.
        position: String = Text(200), optional;
        /// Subject for which it was given.
        subject: String = Code("subject"), optional;
        /// Day of the decision.
        issued_on: Option<NaiveDate> = Day, required;
        /// Last day.
        valid_to: Option<NaiveDate> = Day, optional;
        /// Number of the order.
        order_no: String = Text(40), optional;
        /// Registration number of the certificate.
        number: String = Text(40), optional;
        /// Who issued the order.
        issuer: String = Text(200), optional;
    }
    /// Result of the test of pedagogues' knowledge.
    OzpResult = "ozp_result" key("number") {
        /// Block or subject.
        block: String = Text(200), required;
        /// Language of the test.
        language: String = Choice(TEXT_LANGUAGES), optional;
        /// Points scored.
        score: Option<u32> = Count(0, 500), required;
        /// Most points.
        max: Option<u32> = Count(1, 500), required;
        /// Day of the test.
        issued_on: Option<NaiveDate> = Day, required;
        /// Last day of the certificate.
        valid_to: Option<NaiveDate> = Day, optional;
        /// Number of the certificate.
        number: String = Text(40), optional;
    }
    /// Course of professional development.
    Course = "course" key("number") {
        /// Title.
        title: String = Text(300), required;
        /// Who taught it.
        provider: String = Text(200), required;
        /// Whether the programme was agreed with the authorised body.
        agreed_programme: bool = Flag, optional;
        /// Hours.
        hours: Option<u32> = Count(1, 2000), required;
        /// First day.
        from: Option<NaiveDate> = Day, required;
        /// Last day.
        to: Option<NaiveDate> = Day, required;
        /// Number of the certificate.
        number: String = Text(40), optional;
    }
    /// Observation of a lesson.
    LessonObservation = "lesson_observation" key("issued_on", "topic") {
        /// Topic.
        topic: String = Text(300), required;
        /// Subject.
        subject: String = Code("subject"), optional;
        /// Class, as `7 Ә`.
        class: String = Text(20), optional;
        /// Day.
        issued_on: Option<NaiveDate> = Day, required;
        /// Points of the sheet.
        score: Option<u32> = Count(0, 102), optional;
        /// Who observed: name and post.
        observer: String = Text(200), required;
        /// Level of the observer.
        level: String = Choice(LEVELS), optional;
    }
    /// Quality of knowledge in a class and year.
    QualityIndicator = "quality_indicator" key("year", "class", "subject") {
        /// Year in which the school year began.
        year: Option<u32> = Year, required;
        /// Class.
        class: String = Text(20), required;
        /// Subject.
        subject: String = Code("subject"), required;
        /// Quality of knowledge, hundredths of a percent: 7250 is 72.5 %.
        percent: Option<u32> = Hundredths(10_000), required;
        /// How it went.
        dynamics: String = Choice(DYNAMICS), optional;
    }
    /// Achievement of a pupil. Of the pupil nothing is kept but initials and class.
    StudentAchievement = "student_achievement" key("event", "initials", "issued_on") {
        /// Contest.
        event: String = Text(300), required;
        /// Which list the contest is in.
        list: String = Choice(LISTS), optional;
        /// Level.
        level: String = Choice(LEVELS), required;
        /// Place.
        place: String = Choice(PLACES), required;
        /// Initials of the pupil, as `Н. А.`.
        initials: String = Form::Initials, required;
        /// Class.
        class: String = Text(20), optional;
        /// Subject.
        subject: String = Code("subject"), optional;
        /// Day.
        issued_on: Option<NaiveDate> = Day, required;
        /// Number of the diploma.
        number: String = Text(40), optional;
    }
    /// Own achievement in a contest.
    OwnAchievement = "own_achievement" key("number", "event", "issued_on") {
        /// Contest.
        event: String = Text(300), required;
        /// Which list the contest is in.
        list: String = Choice(LISTS), optional;
        /// Level.
        level: String = Choice(LEVELS), required;
        /// Place.
        place: String = Choice(PLACES), required;
        /// Who held it.
        organiser: String = Text(200), optional;
        /// Day.
        issued_on: Option<NaiveDate> = Day, required;
        /// Number of the diploma.
        number: String = Text(40), optional;
    }
    /// Methodical material approved by a council.
    MethodMaterial = "method_material" key("title") {
        /// Title.
        title: String = Text(300), required;
        /// Level of the council.
        level: String = Choice(LEVELS), required;
        /// Number of the protocol.
        number: String = Text(40), optional;
        /// Day of the protocol.
        issued_on: Option<NaiveDate> = Day, required;
        /// Co-authors.
        co_authors: Vec<String> = Names(3), optional;
    }
    /// Speech at a conference or seminar.
    Speech = "speech" key("event", "topic") {
        /// Conference or seminar.
        event: String = Text(300), required;
        /// Topic.
        topic: String = Text(300), required;
        /// Level.
        level: String = Choice(LEVELS), required;
        /// Day.
        issued_on: Option<NaiveDate> = Day, required;
    }
    /// Publication.
    Publication = "publication" key("doi", "title") {
        /// Title.
        title: String = Text(300), required;
        /// Journal, collection or publisher.
        edition: String = Text(200), required;
        /// Day of publication.
        issued_on: Option<NaiveDate> = Day, required;
        /// DOI, `10.…/…`.
        doi: String = Form::Doi, optional;
        /// Index.
        index: String = Choice(INDEXES), optional;
        /// Address.
        url: String = Url, optional;
        /// Co-authors.
        co_authors: Vec<String> = Names(3), optional;
    }
    /// Work in a creative or expert group, in a jury.
    GroupWork = "group_work" key("title", "from") {
        /// Group.
        title: String = Text(300), required;
        /// Role.
        role: String = Choice(GROUP_ROLES), required;
        /// Level.
        level: String = Choice(LEVELS), required;
        /// Number of the order.
        number: String = Text(40), optional;
        /// First day.
        from: Option<NaiveDate> = Day, required;
        /// Last day.
        to: Option<NaiveDate> = Day, optional;
    }
    /// Spreading one's practice.
    Dissemination = "dissemination" key("title", "issued_on") {
        /// Topic.
        title: String = Text(300), required;
        /// Form.
        form: String = Choice(DISSEMINATIONS), required;
        /// Level.
        level: String = Choice(LEVELS), required;
        /// Day.
        issued_on: Option<NaiveDate> = Day, required;
    }
    /// Award.
    Award = "award" key("number", "title") {
        /// Name.
        title: String = Text(300), required;
        /// Who awarded it.
        issuer: String = Text(200), required;
        /// Level.
        level: String = Choice(LEVELS), optional;
        /// Day.
        issued_on: Option<NaiveDate> = Day, required;
        /// Number.
        number: String = Text(40), optional;
    }
    /// Language.
    Language = "language" key("language", "test") {
        /// ISO 639-1 code: `kk`, `ru`, `en`, `de` …
        language: String = Form::Language, required;
        /// Level.
        level: String = Choice(LANGUAGE_LEVELS), required;
        /// Test.
        test: String = Choice(LANGUAGE_TESTS), optional;
        /// Score, as on the certificate.
        score: String = Text(20), optional;
        /// Number of the certificate.
        number: String = Text(40), optional;
        /// Day of the certificate.
        issued_on: Option<NaiveDate> = Day, optional;
        /// Last day of the certificate.
        valid_to: Option<NaiveDate> = Day, optional;
    }
    /// Essay.
    Essay = "essay" key("title") {
        /// Title.
        title: String = Text(300), required;
        /// Language.
        language: String = Choice(TEXT_LANGUAGES), required;
        /// The text.
        text: String = Long(20_000), optional;
    }
    /// Video in which the person presents himself or herself: a file, or an address.
    Presentation = "presentation" key("title") {
        /// Title.
        title: String = Text(200), required;
        /// Address, where it is not a file.
        url: String = Url, optional;
        /// Minutes.
        minutes: Option<u32> = Count(1, 120), optional;
    }
    /// Recommendation.
    Recommendation = "recommendation" key("author", "issued_on") {
        /// Who recommends.
        author: String = Text(120), required;
        /// Post.
        post: String = Text(200), required;
        /// Organisation.
        organisation: String = Text(200), required;
        /// Phone to ask at.
        phone: String = Form::Phone, optional;
        /// Day.
        issued_on: Option<NaiveDate> = Day, required;
    }
    /// Certificate that applying asks for: of no criminal record, medical, a permit.
    Document = "document" key("document", "number", "issued_on") {
        /// Code in the directory `document_type`, one of [`super::choices::DOCUMENTS`].
        document: String = Choice(DOCUMENTS), required;
        /// Number.
        number: String = Text(40), optional;
        /// Who issued it.
        issuer: String = Text(200), optional;
        /// Day of issue.
        issued_on: Option<NaiveDate> = Day, required;
        /// Last day.
        valid_to: Option<NaiveDate> = Day, optional;
    }
}
