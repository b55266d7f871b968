//! Addresses under /app. The address is the state: everything that a person would send to a
//! colleague is in it.

/// A page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Route {
    /// What needs action.
    #[default]
    Home,
    /// The list of vacancies; filters are in the query.
    Vacancies,
    /// Opens a draft.
    NewVacancy,
    /// A vacancy.
    Vacancy(String),
    /// The wizard: a vacancy and its step, empty = the list of steps.
    Edit(String, String),
    /// Applications of a vacancy or of all; filters are in the query.
    Applications,
    /// An application.
    Application(String),
    /// Records of people's profiles to be compared with their originals: which, empty = the list.
    Records(String),
    /// Templates.
    Templates,
    /// Import of a list.
    Import,
    /// Organisations within reach.
    Organisations,
    /// The card of an organisation.
    Organisation(String),
    /// People and roles.
    Accounts,
    /// Opens an account.
    NewAccount,
    /// Who may do what.
    Permissions,
    /// The journal.
    Journal,
    /// The queue of the service desk; filters are in the query.
    Desk,
    /// A ticket of the service desk.
    Ticket(String),
    /// Messages to people, what follows `/app/messages/`: how they arrive, what was sent, the texts.
    Messages(String),
    /// What everybody chooses from, what follows `/app/directories/`: directories, places, calendar.
    Directories(String),
    /// The bank of test items, what follows `/app/bank/`.
    Bank(String),
    /// Running tests: forms, sessions, appeals, analysis.
    Testing(String),
    /// Where I am signed in.
    Security,
    /// A page of one's own things: what follows `/app/my/`.
    My(String),
    /// No such page.
    Unknown,
}

impl Area {
    /// Whether it is about one's own things, which everybody has.
    pub const fn is_mine(self) -> bool {
        matches!(self, Area::Applicant | Area::Own)
    }
}

/// Which of the cabinets a page belongs to. Each is a program of its own; going from one to
/// another is an ordinary page load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// Those who hire.
    Staff,
    /// Those who write vacancies.
    Writing,
    /// Those who keep the service.
    Administration,
    /// Those who choose among applications.
    Selection,
    /// Those who keep messages.
    Messages,
    /// Those who keep directories, places and the calendar.
    Directories,
    /// Those who review and keep test items.
    Bank,
    /// Those who run tests.
    Testing,
    /// Those who judge what came out of them.
    Judging,
    /// Those who write test items.
    Authoring,
    /// A person who looks for work: applications.
    Applicant,
    /// One's own profile, messages, data and security.
    Own,
}

impl Route {
    /// The cabinet of the page; `None` for an address that is no page.
    pub fn area(&self) -> Option<Area> {
        Some(match self {
            Route::Home | Route::Vacancies | Route::Vacancy(_) | Route::Security => Area::Staff,
            Route::NewVacancy | Route::Edit(..) | Route::Templates => Area::Writing,
            Route::Import
            | Route::Organisations
            | Route::Organisation(_)
            | Route::Accounts
            | Route::NewAccount
            | Route::Permissions
            | Route::Journal
            | Route::Desk
            | Route::Ticket(_) => Area::Administration,
            Route::Applications | Route::Application(_) | Route::Records(_) => Area::Selection,
            Route::Messages(_) => Area::Messages,
            Route::Directories(_) => Area::Directories,
            Route::Bank(rest) if rest == "new" || rest.ends_with("/edit") => Area::Authoring,
            Route::Bank(_) => Area::Bank,
            Route::Testing(rest) if rest == "forms/new" || rest.ends_with("/edit") => Area::Judging,
            Route::Testing(rest) => match rest.split('/').next().unwrap_or_default() {
                "appeals" | "rulings" | "analyses" => Area::Judging,
                _ => Area::Testing,
            },
            Route::My(rest) => match rest.split('/').next().unwrap_or_default() {
                "profile" | "tests" | "saved" | "inbox" | "privacy" | "security" | "feedback" => {
                    Area::Own
                }
                _ => Area::Applicant,
            },
            Route::Unknown => return None,
        })
    }
}

/// A page with the query of its address, decoded, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The page.
    pub route: Route,
    /// The query.
    pub query: Vec<(String, String)>,
}

impl Route {
    /// Reads a path.
    pub fn parse(path: &str) -> Route {
        let mut parts = path.trim_start_matches('/').split('/').filter(|part| !part.is_empty());
        if parts.next() != Some("app") {
            return Route::Unknown;
        }
        let parts: Vec<&str> = parts.collect();
        match parts.as_slice() {
            [] => Route::Home,
            ["vacancies"] => Route::Vacancies,
            ["vacancies", "new"] => Route::NewVacancy,
            ["vacancies", id] => Route::Vacancy((*id).to_owned()),
            ["vacancies", id, "edit"] => Route::Edit((*id).to_owned(), String::new()),
            ["vacancies", id, "edit", step] => Route::Edit((*id).to_owned(), (*step).to_owned()),
            ["applications"] => Route::Applications,
            ["applications", "records"] => Route::Records(String::new()),
            ["applications", "records", id] => Route::Records((*id).to_owned()),
            ["applications", id] => Route::Application((*id).to_owned()),
            ["templates"] => Route::Templates,
            ["import"] => Route::Import,
            ["organisations"] => Route::Organisations,
            ["organisations", id] => Route::Organisation((*id).to_owned()),
            ["accounts"] => Route::Accounts,
            ["accounts", "new"] => Route::NewAccount,
            ["permissions"] => Route::Permissions,
            ["journal"] => Route::Journal,
            ["desk"] => Route::Desk,
            ["desk", id] => Route::Ticket((*id).to_owned()),
            ["messages", rest @ ..] => Route::Messages(rest.join("/")),
            ["directories", rest @ ..] => Route::Directories(rest.join("/")),
            ["bank", rest @ ..] => Route::Bank(rest.join("/")),
            ["testing", rest @ ..] => Route::Testing(rest.join("/")),
            ["security"] => Route::Security,
            ["my", rest @ ..] => Route::My(rest.join("/")),
            _ => Route::Unknown,
        }
    }

    /// Writes the path.
    pub fn path(&self) -> String {
        match self {
            Route::Home | Route::Unknown => "/app/".into(),
            Route::Vacancies => "/app/vacancies".into(),
            Route::NewVacancy => "/app/vacancies/new".into(),
            Route::Vacancy(id) => format!("/app/vacancies/{id}"),
            Route::Edit(id, step) if step.is_empty() => format!("/app/vacancies/{id}/edit"),
            Route::Edit(id, step) => format!("/app/vacancies/{id}/edit/{step}"),
            Route::Applications => "/app/applications".into(),
            Route::Application(id) => format!("/app/applications/{id}"),
            Route::Records(id) if id.is_empty() => "/app/applications/records".into(),
            Route::Records(id) => format!("/app/applications/records/{id}"),
            Route::Templates => "/app/templates".into(),
            Route::Import => "/app/import".into(),
            Route::Organisations => "/app/organisations".into(),
            Route::Organisation(id) => format!("/app/organisations/{id}"),
            Route::Accounts => "/app/accounts".into(),
            Route::NewAccount => "/app/accounts/new".into(),
            Route::Permissions => "/app/permissions".into(),
            Route::Journal => "/app/journal".into(),
            Route::Desk => "/app/desk".into(),
            Route::Ticket(id) => format!("/app/desk/{id}"),
            Route::Messages(rest) if rest.is_empty() => "/app/messages".into(),
            Route::Messages(rest) => format!("/app/messages/{rest}"),
            Route::Directories(rest) if rest.is_empty() => "/app/directories".into(),
            Route::Directories(rest) => format!("/app/directories/{rest}"),
            Route::Bank(rest) if rest.is_empty() => "/app/bank".into(),
            Route::Bank(rest) => format!("/app/bank/{rest}"),
            Route::Testing(rest) if rest.is_empty() => "/app/testing".into(),
            Route::Testing(rest) => format!("/app/testing/{rest}"),
            Route::Security => "/app/security".into(),
            Route::My(rest) if rest.is_empty() => "/app/my/".into(),
            Route::My(rest) => format!("/app/my/{rest}"),
        }
    }

    /// The path, for comparing: an unknown page is not home.
    pub fn path_or_unknown(&self) -> String {
        if *self == Route::Unknown { "/unknown".into() } else { self.path() }
    }

    /// The key of the page's title.
    pub fn title_key(&self) -> &'static str {
        match self {
            Route::Home => "nav.home",
            Route::Vacancies | Route::Vacancy(_) => "nav.vacancies",
            Route::NewVacancy => "new.title",
            Route::Edit(..) => "wizard.title",
            Route::Applications | Route::Application(_) | Route::Records(_) => "nav.applications",
            Route::Templates => "nav.templates",
            Route::Import => "nav.import",
            Route::Organisations | Route::Organisation(_) => "nav.organisations",
            Route::Accounts => "nav.accounts",
            Route::NewAccount => "account.new",
            Route::Permissions => "nav.permissions",
            Route::Journal => "nav.journal",
            Route::Desk | Route::Ticket(_) => "nav.desk",
            Route::Messages(_) => "nav.messages",
            Route::Directories(_) => "nav.directories",
            Route::Bank(_) => "nav.bank",
            Route::Testing(_) => "nav.testing",
            Route::Security => "nav.security",
            Route::My(rest) => match rest.split('/').next().unwrap_or_default() {
                "applications" | "apply" => "nav.my_applications",
                "profile" => "profile.title",
                "tests" => "nav.tests",
                "saved" => "nav.saved",
                "inbox" => "nav.inbox",
                "privacy" => "nav.privacy",
                "security" => "nav.security",
                "feedback" => "nav.feedback",
                _ => "my.home",
            },
            Route::Unknown => "unknown.title",
        }
    }
}

impl Place {
    /// Reads an address: `/app/vacancies?state=draft`.
    pub fn parse(address: &str) -> Place {
        let address = address.split('#').next().unwrap_or_default();
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        Place { route: Route::parse(path), query: parse_query(query) }
    }

    /// Writes the address.
    pub fn address(&self) -> String {
        let query = write_query(&self.query);
        if query.is_empty() { self.route.path() } else { format!("{}?{query}", self.route.path()) }
    }

    /// A value of the query, empty where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.query.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    /// The same page with another value in the query; an empty value takes the name out.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Place {
        self.query.retain(|(key, _)| key != name);
        if !value.is_empty() {
            self.query.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

impl From<Route> for Place {
    fn from(route: Route) -> Place {
        Place { route, query: Vec::new() }
    }
}

fn parse_query(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(key, value)| (decode(key), decode(value)))
        .collect()
}

/// A query as it stands in an address.
pub fn write_query(query: &[(String, String)]) -> String {
    let pairs: Vec<String> = query
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| format!("{}={}", encode(key), encode(value)))
        .collect();
    pairs.join("&")
}

/// Percent-encodes everything but what RFC 3986 leaves alone.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for digit in [byte >> 4, byte & 15] {
                out.extend(char::from_digit(digit.into(), 16).map(|c| c.to_ascii_uppercase()));
            }
        }
    }
    out
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = bytes.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        match (byte, hex.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (b'%', Some(value)) => {
                out.push(value);
                at += 2;
            }
            (b'+', _) => out.push(b' '),
            _ => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_finds_its_way_back() {
        let id = || "01jd".to_owned();
        let all = [
            Route::Home,
            Route::Vacancies,
            Route::NewVacancy,
            Route::Vacancy(id()),
            Route::Edit(id(), String::new()),
            Route::Edit(id(), "texts".into()),
            Route::Applications,
            Route::Application(id()),
            Route::Records(String::new()),
            Route::Records(id()),
            Route::Templates,
            Route::Import,
            Route::Organisations,
            Route::Organisation(id()),
            Route::Accounts,
            Route::NewAccount,
            Route::Permissions,
            Route::Journal,
            Route::Desk,
            Route::Ticket(id()),
            Route::Messages(String::new()),
            Route::Messages("sent/01jd".into()),
            Route::Directories(String::new()),
            Route::Directories("list/position/librarian".into()),
            Route::Bank(String::new()),
            Route::Bank("items/01jd/edit".into()),
            Route::Testing(String::new()),
            Route::Testing("sessions/01jd/room".into()),
            Route::Security,
            Route::My(String::new()),
            Route::My("applications/1/check".into()),
        ];
        for route in all {
            assert_eq!(Route::parse(&route.path()), route);
            assert!(route.area().is_some(), "{route:?}");
        }
        assert_eq!(Route::parse("/app/"), Route::Home);
        for strange in ["/", "/apple", "/app/vacancies/a/b/c", "/app/nothing", ""] {
            assert_eq!(Route::parse(strange), Route::Unknown, "{strange}");
        }
    }

    #[test]
    fn filters_live_in_the_address() {
        let place = Place::from(Route::Vacancies).with("q", "мұғалім & co").with("state", "draft");
        assert_eq!(Place::parse(&place.address()), place);
        assert_eq!(place.get("q"), "мұғалім & co");
        assert_eq!(place.clone().with("q", "").address(), "/app/vacancies?state=draft");
        assert_eq!(Place::parse("/app/vacancies?q=a+b%20c#top").get("q"), "a b c");
        assert_eq!(Place::parse("/app?x=%zz&y=%").get("x"), "%zz");
    }
}
