//! What a role may do. This table is the only place that says it: the routes name a permission,
//! the cabinet shows the table, the tests walk it role by role and route by route.

use serde::{Deserialize, Serialize};

use super::role::Role;

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)+) => {
        /// Something that may be allowed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum Permission {
            $($(#[$doc])* #[serde(rename = $code)] $name,)+
        }

        impl Permission {
            /// All permissions.
            pub const ALL: &[Permission] = &[$(Permission::$name,)+];

            /// The code, as shown to administrators.
            pub const fn code(self) -> &'static str {
                match self { $(Permission::$name => $code,)+ }
            }
        }
    };
}

permissions! {
    /// See vacancies that are not public, and their statistics.
    VacancyRead = "vacancy.read",
    /// Create and change vacancies and templates.
    VacancyEdit = "vacancy.edit",
    /// Publish, extend, end, cancel, pause.
    VacancyPublish = "vacancy.publish",
    /// Import lists of vacancies.
    VacancyImport = "vacancy.import",
    /// See applications, their evidence and their history.
    ApplicationRead = "application.read",
    /// Register, check, ask to complete, admit, refuse, write the decision down.
    ApplicationProcess = "application.process",
    /// Change the card of an organisation.
    OrganisationEdit = "organisation.edit",
    /// Change directories, import KATO and calendars.
    DirectoryEdit = "directory.edit",
    /// See accounts and who holds which role.
    AccountRead = "account.read",
    /// Open accounts, grant and end roles.
    AccountManage = "account.manage",
    /// Issue keys of the public API.
    ApiKeyManage = "api_key.manage",
    /// Read the journal.
    JournalRead = "journal.read",
    /// Answer what users write to the service desk.
    TicketProcess = "ticket.process",
    /// See the table of permissions.
    PermissionRead = "permission.read",
    /// Edit the texts of messages, see what was sent and by which gateway, send again.
    MessageManage = "message.manage",
    /// Take the registry of consents along: numbers and dates, no names.
    ConsentRead = "consent.read",
    /// Compare records of a profile with their originals and confirm them.
    ProfileConfirm = "profile.confirm",
    /// See test items with their keys, their history and the passport of the bank.
    ItemRead = "item.read",
    /// Write test items.
    ItemWrite = "item.write",
    /// Review test items that others wrote.
    ItemReview = "item.review",
    /// Compare the languages of test items.
    ItemLanguage = "item.language",
    /// Accept figures of test items.
    ItemCalibrate = "item.calibrate",
    /// Decide about the use of test items, keep topics, decide complaints.
    ItemManage = "item.manage",
    /// Import test items.
    ItemImport = "item.import",
    /// Ask for an export of test items and take it.
    ItemExport = "item.export",
    /// Approve an export that somebody else asked for; suspend items that leaked.
    ItemGuard = "item.guard",
    /// Build forms, plan sessions, run tests.
    TestManage = "test.manage",
    /// Check who comes to a test, watch the room.
    TestWatch = "test.watch",
    /// Decide on appeals against tasks.
    TestAppeal = "test.appeal",
}

impl Role {
    /// What the role may do within its scope.
    pub const fn permissions(self) -> &'static [Permission] {
        use Permission::*;
        match self {
            Role::HrClerk => &[
                VacancyRead,
                VacancyEdit,
                VacancyPublish,
                VacancyImport,
                ApplicationRead,
                ApplicationProcess,
                ProfileConfirm,
            ],
            Role::OrgHead => &[
                VacancyRead,
                VacancyEdit,
                VacancyPublish,
                VacancyImport,
                ApplicationRead,
                ApplicationProcess,
                ProfileConfirm,
                OrganisationEdit,
                AccountRead,
            ],
            Role::Deputy => &[VacancyRead, VacancyEdit],
            Role::Methodist | Role::MinistryViewer => &[VacancyRead],
            Role::CommissionChair | Role::CommissionMember => &[VacancyRead, ApplicationRead],
            Role::CommissionSecretary => &[VacancyRead, ApplicationRead, ApplicationProcess],
            // District and region look on. Whoever keeps a commission's papers there is also its
            // secretary, and is told of applications as such.
            Role::DistrictSpecialist | Role::RegionSpecialist => &[
                VacancyRead,
                VacancyEdit,
                VacancyPublish,
                VacancyImport,
                ApplicationRead,
                OrganisationEdit,
            ],
            Role::DistrictHead | Role::RegionHead => &[
                VacancyRead,
                VacancyEdit,
                VacancyPublish,
                VacancyImport,
                OrganisationEdit,
                AccountRead,
                AccountManage,
            ],
            Role::DirectoryAdmin => &[DirectoryEdit],
            Role::SysAdmin => &[
                AccountRead,
                AccountManage,
                ApiKeyManage,
                OrganisationEdit,
                PermissionRead,
                MessageManage,
            ],
            Role::Auditor => &[JournalRead, PermissionRead, ConsentRead],
            Role::SupportOperator => &[TicketProcess],
            Role::TrustOfficer => &[],
            Role::ItemAuthor => &[ItemRead, ItemWrite, ItemImport],
            Role::ItemReviewer => &[ItemRead, ItemReview],
            Role::LanguageEditor => &[ItemRead, ItemLanguage],
            Role::Psychometrician => &[ItemRead, ItemCalibrate],
            Role::BankAdmin => &[ItemRead, ItemManage, ItemImport, ItemExport],
            Role::TestAdmin => &[TestManage],
            Role::SecurityOfficer => &[ItemRead, ItemGuard],
            Role::TestProctor => &[TestWatch],
            Role::TestAppeals => &[TestAppeal],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_auditor_only_reads_and_the_administrator_sees_no_vacancies() {
        assert!(Role::Auditor.permissions().iter().all(|p| matches!(
            p,
            Permission::JournalRead | Permission::PermissionRead | Permission::ConsentRead
        )));
        assert!(!Role::SysAdmin.permissions().contains(&Permission::JournalRead));
        assert!(!Role::SysAdmin.permissions().contains(&Permission::VacancyPublish));
    }
}
