//! What a search can be narrowed by.

/// A filter: a parameter of the address with codes. Several codes of one filter mean "or",
/// several filters mean "and".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Filter {
    /// Region: KATO code of the first level.
    Region,
    /// District or city: KATO code of the second level.
    District,
    /// Group of positions.
    Group,
    /// Position.
    Position,
    /// Subject.
    Subject,
    /// Language of instruction.
    Language,
    /// Type of organisation.
    Type,
    /// Permanent or temporary.
    Term,
    /// Help and relief.
    Extra,
    /// Rate in hundredths of a full post.
    Rate,
    /// Organisation: last segment of its address.
    Org,
}

impl Filter {
    /// All filters, in the order of the address and of the page.
    pub const ALL: [Filter; 11] = [
        Filter::Region,
        Filter::District,
        Filter::Group,
        Filter::Position,
        Filter::Subject,
        Filter::Language,
        Filter::Type,
        Filter::Term,
        Filter::Extra,
        Filter::Rate,
        Filter::Org,
    ];

    /// The name of the parameter and of the facet.
    pub const fn name(self) -> &'static str {
        match self {
            Filter::Region => "region",
            Filter::District => "district",
            Filter::Group => "group",
            Filter::Position => "position",
            Filter::Subject => "subject",
            Filter::Language => "language",
            Filter::Type => "type",
            Filter::Term => "term",
            Filter::Extra => "extra",
            Filter::Rate => "rate",
            Filter::Org => "org",
        }
    }

    /// The filter of a parameter.
    pub fn parse(name: &str) -> Option<Filter> {
        Filter::ALL.into_iter().find(|filter| filter.name() == name)
    }

    /// The letter of its tokens.
    pub(super) const fn letter(self) -> char {
        match self {
            Filter::Region => 'r',
            Filter::District => 'd',
            Filter::Group => 'g',
            Filter::Position => 'p',
            Filter::Subject => 'j',
            Filter::Language => 'l',
            Filter::Type => 'y',
            Filter::Term => 't',
            Filter::Extra => 'x',
            Filter::Rate => 'a',
            Filter::Org => 'o',
        }
    }

    /// The directory whose names its codes have, as in the table `name`. The terms and rates
    /// have texts of the interface, organisations their own names.
    pub const fn directory(self) -> Option<&'static str> {
        match self {
            Filter::Region | Filter::District => Some("kato"),
            Filter::Group => Some("position_group"),
            Filter::Position => Some("position"),
            Filter::Subject => Some("subject"),
            Filter::Language => Some("language_of_instruction"),
            Filter::Type => Some("organisation_type"),
            Filter::Extra => Some("extra"),
            Filter::Term | Filter::Rate | Filter::Org => None,
        }
    }

    /// The expression on a row `f` of the table `fact` by which values are counted.
    pub(super) const fn column(self) -> Option<&'static str> {
        match self {
            Filter::Region => Some("f.region"),
            Filter::District => Some("f.district"),
            Filter::Group => Some("f.grp"),
            Filter::Position => Some("f.position"),
            Filter::Subject => Some("f.subject"),
            Filter::Language => Some("f.language"),
            Filter::Type => Some("f.type"),
            Filter::Term => Some("f.term"),
            Filter::Rate => Some("f.rate"),
            Filter::Extra | Filter::Org => None,
        }
    }

    /// A code as it is kept, or `None` where it cannot be one. Regions may be given by their
    /// first two digits, districts by their first four.
    pub fn code(self, text: &str) -> Option<String> {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        match self {
            Filter::Region => {
                (digits && (text.len() == 2 || text.len() == 9)).then(|| region_of(text))
            }
            Filter::District => {
                (digits && (text.len() == 4 || text.len() == 9)).then(|| district_of(text))
            }
            Filter::Term => matches!(text, "permanent" | "temporary").then(|| text.to_owned()),
            Filter::Rate => text
                .parse::<u32>()
                .ok()
                .filter(|rate| (25..=200).contains(rate) && rate.is_multiple_of(25))
                .map(|rate| rate.to_string()),
            Filter::Org => (1..=100)
                .contains(&text.len())
                .then(|| {
                    text.bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
                        .then(|| text.to_owned())
                })
                .flatten(),
            _ => (1..=48)
                .contains(&text.len())
                .then(|| {
                    text.bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
                        .then(|| text.to_owned())
                })
                .flatten(),
        }
    }
}

/// The region of a KATO code.
pub fn region_of(kato: &str) -> String {
    format!("{}0000000", kato.get(..2).unwrap_or("00"))
}

/// The district (or city) of a KATO code; the region itself where it names no district.
pub fn district_of(kato: &str) -> String {
    format!("{}00000", kato.get(..4).unwrap_or("0000"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_checked() {
        assert_eq!(Filter::Region.code("33").as_deref(), Some("330000000"));
        assert_eq!(Filter::District.code("331000000").as_deref(), Some("331000000"));
        assert_eq!(Filter::Rate.code("60"), None);
        assert_eq!(Filter::Rate.code("150").as_deref(), Some("150"));
        for bad in ["", "A", "a b", "math\"", "ә", "a-b"] {
            assert_eq!(Filter::Subject.code(bad), None, "{bad}");
            assert_eq!(Filter::Region.code(bad), None, "{bad}");
            assert_eq!(Filter::Term.code(bad), None, "{bad}");
        }
        assert_eq!(Filter::Org.code("school-1").as_deref(), Some("school-1"));
    }

    #[test]
    fn letters_and_names_are_distinct() {
        let mut letters: Vec<_> = Filter::ALL.iter().map(|f| f.letter()).collect();
        letters.sort_unstable();
        letters.dedup();
        assert_eq!(letters.len(), Filter::ALL.len());
        for filter in Filter::ALL {
            assert_eq!(Filter::parse(filter.name()), Some(filter));
        }
    }
}
