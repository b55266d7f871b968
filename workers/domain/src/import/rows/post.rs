//! Post and subject of a row.

use super::{
    super::{
        headers::Field,
        values,
        words::{telling, words},
    },
    Finding, Post, Reader, finding,
};
use crate::vacancy::content::Directories;

impl Reader<'_> {
    /// The post and its subject; the same cells in the same kind of organisation mean the same.
    pub(super) fn post(&mut self, written: String, subject: String, kind: String) -> Post {
        let key = (written, subject, kind);
        if let Some(known) = self.posts.get(&key) {
            return known.clone();
        }
        let post = self.understand(&key.0, &key.1, &key.2);
        self.posts.insert(key, post.clone());
        post
    }

    fn understand(&self, written: &str, subject: &str, kind: &str) -> Post {
        let book = self.reference.book;
        let lang = self.reference.lang;
        let list = |directory: &str, codes: &[String]| {
            let names: Vec<String> = codes
                .iter()
                .take(5)
                .map(|code| book.name(directory, code).get(lang).to_owned())
                .collect();
            vec![("list", names.join("; "))]
        };
        let mut post = Post::default();
        if written.is_empty() {
            post.errors.push(finding(Field::Position, "position_missing"));
            return post;
        }
        let words_of = telling(written);
        let mut used = vec![false; words_of.len()];
        let pair = words().pairs.iter().find(|pair| words_of.iter().any(|t| t.word == pair.text));
        let found = self.positions.find(&words_of, &used);
        let mut subject_code = None;
        match (found.codes.as_slice(), pair) {
            (_, Some(pair)) => {
                post.position.clone_from(&pair.position);
                subject_code = Some(pair.subject.clone());
            }
            ([one], None) => {
                post.position.clone_from(one);
                used = found.used;
            }
            ([], None) => {}
            (several, None) => post.errors.push(Finding {
                args: list("position", several),
                ..finding(Field::Position, "position_ambiguous")
            }),
        }
        // The subject: its own column first, else what is left of the post's cell.
        let own = telling(subject);
        if !own.is_empty() {
            let named = self.subjects.find(&own, &vec![false; own.len()]);
            match named.codes.as_slice() {
                [one] => subject_code = Some(one.clone()),
                [] => post.errors.push(finding(Field::Subject, "subject_unknown")),
                several => post.errors.push(Finding {
                    args: list("subject", several),
                    ..finding(Field::Subject, "subject_ambiguous")
                }),
            }
        }
        let rest = self.subjects.find(&words_of, &used);
        let field = if self.headings.of(Field::Subject).is_some() {
            Field::Subject
        } else {
            Field::Position
        };
        if subject_code.is_none() && own.is_empty() {
            match rest.codes.as_slice() {
                [one] => {
                    subject_code = Some(one.clone());
                    used.clone_from(&rest.used);
                }
                [] => {}
                several if self.needs_subject(&post.position) => post.errors.push(Finding {
                    args: list("subject", several),
                    ..finding(field, "subject_ambiguous")
                }),
                _ => {}
            }
        } else if !rest.codes.is_empty() {
            used.clone_from(&rest.used);
        }
        // "математик": a subject alone stands for its teacher.
        if post.position.is_empty() && post.errors.is_empty() {
            if subject_code.is_some() && !rest.codes.is_empty() {
                post.position = "subject_teacher".into();
            } else {
                post.errors.push(finding(Field::Position, "position_unknown"));
                return post;
            }
        }
        if let Some(there) = words().by_organisation.get(&post.position).and_then(|by| by.get(kind))
        {
            post.position.clone_from(there);
        }
        if self.needs_subject(&post.position) {
            if subject_code.is_none() && post.errors.is_empty() {
                post.errors.push(finding(field, "subject_missing"));
            }
            post.subject = subject_code;
        }
        // "воспитатель каз. группы"
        let left: Vec<_> =
            words_of.iter().zip(&used).filter(|(_, used)| !**used).map(|(t, _)| t).collect();
        let about_group = left.iter().any(|token| {
            ["групп", "топ", "тоб", "класс", "сынып"]
                .iter()
                .any(|word| token.word.starts_with(word))
        });
        if about_group {
            let text: Vec<&str> = left.iter().map(|token| token.word.as_str()).collect();
            post.language = values::language(&text.join(" ")).ok().flatten();
        }
        let unread = left
            .iter()
            .filter(|t| t.word.chars().count() > 3 && t.word.chars().all(char::is_alphabetic));
        if post.errors.is_empty() && unread.count() > words_of.len() - left.len() && !about_group {
            let mut note = finding(Field::Position, "position_guess");
            note.args.push(("name", book.name("position", &post.position).get(lang).to_owned()));
            post.warnings.push(note);
        }
        post
    }

    fn needs_subject(&self, position: &str) -> bool {
        self.reference.book.needs_subject(position)
    }
}
