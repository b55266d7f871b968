//! Keys of attempts. A command that may have got through is sent again under the same key, and
//! the server does it once; a command that says something else is another attempt.

use std::cell::RefCell;

/// The attempt that is under way.
#[derive(Debug, Default)]
pub struct Attempt(RefCell<Option<(String, String)>>);

impl Attempt {
    /// The key for a body: the same as before while the body is the same.
    pub fn key(&self, body: &str, fresh: impl FnOnce() -> String) -> String {
        let mut last = self.0.borrow_mut();
        if let Some((said, key)) = last.as_ref()
            && said == body
        {
            return key.clone();
        }
        let key = fresh();
        *last = Some((body.to_owned(), key.clone()));
        key
    }

    /// It is done; the next one is another, though it may say the same.
    pub fn done(&self) {
        self.0.borrow_mut().take();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_are_the_same_attempt_until_it_is_done() {
        let attempt = Attempt::default();
        let key = |body: &str, fresh: &str| attempt.key(body, || fresh.to_owned());
        assert_eq!(key("a", "1"), "1");
        assert_eq!(key("a", "2"), "1");
        assert_eq!(key("b", "3"), "3");
        attempt.done();
        assert_eq!(key("b", "4"), "4");
    }
}
