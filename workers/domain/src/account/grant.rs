//! Granting a role: separation of duties (requirements C0.2, hard rules).

use super::{actor::Grant, role::Role};
use crate::shared::refusal::{Kind, Refusal};

/// Whether `new` may be given to the account `to`, which already holds `have`, by `by`.
///
/// Errors: nobody grants to himself; an auditor, a system administrator and a trust officer hold
/// no other kind of role that would let them check themselves; a secretary has no vote; a trust
/// officer is never staff of the organisation he serves.
pub fn check(by: &str, to: &str, have: &[Grant], new: &Grant) -> Result<(), Refusal> {
    let refuse = |code| Err(Refusal::new(Kind::Conflict, code));
    if by == to {
        return refuse("grant_self");
    }
    for held in have {
        if held.role == new.role && held.organisation == new.organisation {
            return refuse("grant_twice");
        }
        if exclusive(held.role) || exclusive(new.role) {
            return refuse("grant_exclusive");
        }
        let same = held.organisation == new.organisation;
        if same && votes_and_keeps_minutes(held.role, new.role) {
            return refuse("grant_secretary");
        }
        if same && (held.role == Role::TrustOfficer || new.role == Role::TrustOfficer) {
            return refuse("grant_trust");
        }
    }
    Ok(())
}

/// Roles that stand alone.
const fn exclusive(role: Role) -> bool {
    matches!(role, Role::Auditor | Role::SysAdmin)
}

/// The secretary of a commission has no vote in it.
const fn votes_and_keeps_minutes(a: Role, b: Role) -> bool {
    const fn votes(role: Role) -> bool {
        matches!(role, Role::CommissionChair | Role::CommissionMember)
    }
    const fn keeps(role: Role) -> bool {
        matches!(role, Role::CommissionSecretary)
    }
    (votes(a) && keeps(b)) || (keeps(a) && votes(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::role::Scope;

    fn grant(role: Role, organisation: &str) -> Grant {
        Grant { role, organisation: organisation.into(), path: String::new(), scope: Scope::Own }
    }

    #[test]
    fn duties_are_separate() {
        use Role::*;
        let table = [
            (vec![], HrClerk, "o", Ok(())),
            (vec![grant(HrClerk, "o")], HrClerk, "o", Err("grant_twice")),
            (vec![grant(HrClerk, "o")], HrClerk, "p", Ok(())),
            (vec![grant(HrClerk, "o")], Auditor, "o", Err("grant_exclusive")),
            (vec![grant(SysAdmin, "o")], HrClerk, "p", Err("grant_exclusive")),
            (vec![grant(CommissionMember, "o")], CommissionSecretary, "o", Err("grant_secretary")),
            (vec![grant(CommissionSecretary, "o")], CommissionChair, "o", Err("grant_secretary")),
            (vec![grant(CommissionMember, "o")], CommissionSecretary, "p", Ok(())),
            (vec![grant(HrClerk, "o")], TrustOfficer, "o", Err("grant_trust")),
            (vec![grant(HrClerk, "o")], TrustOfficer, "p", Ok(())),
        ];
        for (have, role, organisation, want) in table {
            let got = check("boss", "me", &have, &grant(role, organisation)).map_err(|r| r.code);
            assert_eq!(got, want, "{have:?} + {role:?}@{organisation}");
        }
        let own = check("me", "me", &[], &grant(HrClerk, "o")).map_err(|r| r.code);
        assert_eq!(own, Err("grant_self"));
    }
}
