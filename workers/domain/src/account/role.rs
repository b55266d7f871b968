//! Roles of staff and where they hold.

use serde::{Deserialize, Serialize};

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)+) => {
        /// A role of staff (requirements C0.2).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum Role {
            $($(#[$doc])* #[serde(rename = $code)] $name,)+
        }

        impl Role {
            /// All roles.
            pub const ALL: &[Role] = &[$(Role::$name,)+];

            /// The code, as stored.
            pub const fn code(self) -> &'static str {
                match self { $(Role::$name => $code,)+ }
            }
        }
    };
}

roles! {
    /// Clerk of a school: prepares and publishes vacancies.
    HrClerk = "hr_clerk",
    /// First head of an organisation.
    OrgHead = "org_head",
    /// Deputy head.
    Deputy = "deputy",
    /// Methodist.
    Methodist = "methodist",
    /// Chair of a commission.
    CommissionChair = "commission_chair",
    /// Member of a commission, with a vote.
    CommissionMember = "commission_member",
    /// Secretary of a commission, without a vote.
    CommissionSecretary = "commission_secretary",
    /// Specialist of a district department.
    DistrictSpecialist = "district_specialist",
    /// Head of a district department.
    DistrictHead = "district_head",
    /// Specialist of a regional department.
    RegionSpecialist = "region_specialist",
    /// Head of a regional department.
    RegionHead = "region_head",
    /// The ministry: sees, does not act.
    MinistryViewer = "ministry_viewer",
    /// Receives anonymous reports of other organisations.
    TrustOfficer = "trust_officer",
    /// Answers at the service desk.
    SupportOperator = "support_operator",
    /// Keeps the directories, KATO and the calendar.
    DirectoryAdmin = "directory_admin",
    /// Keeps accounts and the technical settings.
    SysAdmin = "sys_admin",
    /// Reads the journal and nothing else.
    Auditor = "auditor",
    /// Writes test items.
    ItemAuthor = "item_author",
    /// Reads test items that others wrote.
    ItemReviewer = "item_reviewer",
    /// Compares the Kazakh and Russian of test items.
    LanguageEditor = "language_editor",
    /// Judges test items and forms by their figures.
    Psychometrician = "psychometrician",
    /// Keeps the bank of test items.
    BankAdmin = "bank_admin",
    /// Keeps forms, sessions and places of tests.
    TestAdmin = "test_admin",
    /// Watches over the secrecy of items.
    SecurityOfficer = "security_officer",
    /// Checks who comes to a test and watches the room.
    TestProctor = "test_proctor",
    /// Member of the commission on appeals against tests.
    TestAppeals = "test_appeals",
}

impl Role {
    /// The role of a code.
    pub fn parse(code: &str) -> Option<Role> {
        Role::ALL.iter().copied().find(|role| role.code() == code)
    }
}

/// How far a role reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// The organisation itself.
    Own,
    /// The organisation and all below it.
    Subtree,
}
