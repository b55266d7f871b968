//! The fields of a role: which, where, how far, from when to when, by which order.

use std::rc::Rc;

use crate::reactive::RwSignal;
use domain::account::{
    api::RoleCreate,
    role::{Role, Scope},
};

use crate::{
    api::FieldProblem,
    dom::{El, div},
    text::{t, t_of},
    ui::{
        errors::Errors,
        field::{Options, field},
        organisation::department_field,
    },
};

/// What is typed.
#[derive(Clone, Copy)]
pub struct RoleForm {
    role: RwSignal<String>,
    organisation: RwSignal<String>,
    scope: RwSignal<String>,
    from: RwSignal<String>,
    to: RwSignal<String>,
    order: RwSignal<String>,
}

impl RoleForm {
    /// An empty form.
    pub fn new() -> RoleForm {
        let text = || RwSignal::new(String::new());
        RoleForm {
            role: text(),
            organisation: text(),
            scope: RwSignal::new("own".into()),
            from: text(),
            to: text(),
            order: text(),
        }
    }

    /// Its fields; `prefix` is where they stand in the body (`role.` in an account).
    pub fn view(self, names: [&'static str; 6], wrong: Errors) -> El {
        let [role, organisation, scope, from, to, order] = names;
        let roles: Options = Rc::new(|| {
            let mut out = vec![(String::new(), t("form.choose").to_owned())];
            out.extend(Role::ALL.iter().map(|r| (r.code().to_owned(), t_of("role", r.code()))));
            out
        });
        let scopes: Options = Rc::new(|| {
            ["own", "subtree"].iter().map(|c| ((*c).to_owned(), t_of("scope", c))).collect()
        });
        div("role-form")
            .child(field(role, "account.role", wrong).select(roles, self.role))
            .child(department_field(organisation, "form.choose", self.organisation, wrong))
            .child(field(scope, "account.scope", wrong).select(scopes, self.scope))
            .child(
                div("row-fields")
                    .child(
                        field(from, "account.from", wrong)
                            .hint("account.from_hint")
                            .short()
                            .input("date", self.from),
                    )
                    .child(
                        field(to, "account.to", wrong)
                            .hint("account.to_hint")
                            .short()
                            .input("date", self.to),
                    )
                    .child(field(order, "account.order", wrong).short().input("text", self.order)),
            )
    }

    /// The role, or what is missing.
    pub fn read(self, names: [&'static str; 6]) -> Result<RoleCreate, Vec<FieldProblem>> {
        let need = |field: &str, key: &'static str| FieldProblem {
            field: field.into(),
            detail: t(key).to_owned(),
        };
        let organisation = self.organisation.get_untracked();
        let role = Role::parse(&self.role.get_untracked());
        let mut missing = Vec::new();
        if role.is_none() {
            missing.push(need(names[0], "need.role"));
        }
        if organisation.is_empty() {
            missing.push(need(names[1], "need.organisation"));
        }
        match role {
            Some(role) if missing.is_empty() => Ok(RoleCreate {
                role,
                organisation,
                scope: match self.scope.get_untracked().as_str() {
                    "subtree" => Scope::Subtree,
                    _ => Scope::Own,
                },
                from_day: crate::api::wire::day(&self.from.get_untracked()),
                to_day: crate::api::wire::day(&self.to.get_untracked()),
                order_no: self.order.get_untracked(),
            }),
            _ => Err(missing),
        }
    }
}
