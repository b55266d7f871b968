//! The person who acts, with the roles that hold today.

use serde::{Deserialize, Serialize};

use super::{
    permission::Permission,
    role::{Role, Scope},
};
use crate::shared::refusal::Refusal;

/// A role that holds now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Identifier of the organisation.
    pub organisation: String,
    /// Path of the organisation in the tree: identifiers from the root, each closed by `/`.
    pub path: String,
    /// How far it reaches.
    pub scope: Scope,
}

impl Grant {
    /// Whether the role reaches an organisation.
    pub fn reaches(&self, path: &str) -> bool {
        match self.scope {
            Scope::Own => self.path == path,
            Scope::Subtree => path.starts_with(&self.path),
        }
    }
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Identifier of the account.
    pub account: String,
    /// Identifier of the person.
    pub person: String,
    /// Identifier of the session (not its secret).
    pub session: String,
    /// Name to show: surname and given names.
    pub name: String,
    /// Roles that hold now.
    pub grants: Vec<Grant>,
}

impl Actor {
    /// Whether any role allows it, anywhere.
    pub fn may_somewhere(&self, permission: Permission) -> bool {
        self.grants.iter().any(|grant| grant.role.permissions().contains(&permission))
    }

    /// Whether a role allows it for the organisation with this path.
    pub fn may(&self, permission: Permission, path: &str) -> bool {
        self.grants
            .iter()
            .any(|grant| grant.role.permissions().contains(&permission) && grant.reaches(path))
    }

    /// Refuses unless [`Actor::may`]. What the person may not even see is "not found", so that
    /// identifiers of other organisations tell nothing.
    pub fn check(&self, permission: Permission, path: &str) -> Result<(), Refusal> {
        if self.may(permission, path) {
            Ok(())
        } else if self.may(Permission::VacancyRead, path) {
            Err(Refusal::forbidden())
        } else {
            Err(Refusal::not_found())
        }
    }

    /// The reach of a permission as path patterns: exact paths and prefixes, for the WHERE of a
    /// list. Empty = nothing is visible.
    pub fn reach(&self, permission: Permission) -> Vec<(&str, Scope)> {
        self.grants
            .iter()
            .filter(|grant| grant.role.permissions().contains(&permission))
            .map(|grant| (grant.path.as_str(), grant.scope))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clerk(scope: Scope) -> Actor {
        Actor {
            account: "a".into(),
            person: "p".into(),
            session: "s".into(),
            name: "N".into(),
            grants: vec![Grant {
                role: Role::HrClerk,
                organisation: "b".into(),
                path: "a/b/".into(),
                scope,
            }],
        }
    }

    #[test]
    fn scope_is_respected() {
        let own = clerk(Scope::Own);
        assert!(own.may(Permission::VacancyEdit, "a/b/"));
        assert!(!own.may(Permission::VacancyEdit, "a/b/c/"));
        assert!(!own.may(Permission::VacancyEdit, "a/"));
        let tree = clerk(Scope::Subtree);
        assert!(tree.may(Permission::VacancyEdit, "a/b/c/"));
        assert!(!tree.may(Permission::VacancyEdit, "a/bc/"));
    }

    #[test]
    fn a_stranger_is_told_nothing_a_colleague_is_told_no() {
        let own = clerk(Scope::Own);
        assert_eq!(own.check(Permission::VacancyEdit, "a/x/"), Err(Refusal::not_found()));
        assert_eq!(own.check(Permission::AccountManage, "a/b/"), Err(Refusal::forbidden()));
    }
}
