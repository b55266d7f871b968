//! The object store in memory, as strict as the real one: a body must have the length that was
//! named, parts must have the names that were given, what was joined is there at once.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};

use app::ports::{Local, Received, Store, StoreError};
use domain::file::look::{HEAD, TAIL};

/// An upload by parts.
#[derive(Default)]
struct Upload {
    object: String,
    parts: BTreeMap<u32, (String, Vec<u8>)>,
}

/// A store that remembers.
#[derive(Default)]
pub struct TestStore {
    /// Objects by name.
    pub objects: RefCell<BTreeMap<String, Vec<u8>>>,
    /// The body of the request under way.
    pub body: RefCell<Option<Vec<u8>>>,
    /// Whether the next calls fail.
    pub down: Cell<bool>,
    uploads: RefCell<BTreeMap<String, Upload>>,
    count: Cell<u64>,
}

impl TestStore {
    /// Number of uploads by parts that are open.
    pub fn open_uploads(&self) -> usize {
        self.uploads.borrow().len()
    }

    fn next(&self, prefix: &str) -> String {
        self.count.set(self.count.get() + 1);
        format!("{prefix}{}", self.count.get())
    }

    fn up(&self) -> Result<(), StoreError> {
        if self.down.get() { Err(StoreError::Other("the store is down".into())) } else { Ok(()) }
    }

    fn take(&self, size: i64) -> Result<Vec<u8>, StoreError> {
        self.up()?;
        let body = self.body.borrow_mut().take().unwrap_or_default();
        match (body.len() as i64).cmp(&size) {
            std::cmp::Ordering::Less => Err(StoreError::Cut),
            std::cmp::Ordering::Greater => Err(StoreError::Longer),
            std::cmp::Ordering::Equal => Ok(body),
        }
    }
}

/// SHA-256 in hex.
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn now<'a, T: 'a>(value: T) -> Local<'a, T> {
    Box::pin(async move { value })
}

impl Store for TestStore {
    fn receive<'a>(
        &'a self,
        object: &'a str,
        size: i64,
    ) -> Local<'a, Result<Received, StoreError>> {
        now(self.take(size).map(|body| {
            let received = Received {
                sha256: sha256(&body),
                etag: self.next("etag"),
                head: body[..body.len().min(HEAD)].to_vec(),
                tail: body[body.len().saturating_sub(TAIL)..].to_vec(),
            };
            self.objects.borrow_mut().insert(object.to_owned(), body);
            received
        }))
    }

    fn begin<'a>(&'a self, object: &'a str) -> Local<'a, Result<String, StoreError>> {
        now(self.up().map(|()| {
            let id = self.next("upload");
            let upload = Upload { object: object.to_owned(), ..Upload::default() };
            self.uploads.borrow_mut().insert(id.clone(), upload);
            id
        }))
    }

    fn receive_part<'a>(
        &'a self,
        object: &'a str,
        upload: &'a str,
        n: u32,
        size: i64,
    ) -> Local<'a, Result<Received, StoreError>> {
        now(self.take(size).and_then(|body| {
            let mut uploads = self.uploads.borrow_mut();
            let upload = uploads.get_mut(upload).filter(|one| one.object == object);
            let upload = upload.ok_or(StoreError::NoUpload)?;
            let (etag, sha256) = (self.next("etag"), sha256(&body));
            upload.parts.insert(n, (etag.clone(), body));
            Ok(Received { sha256, etag, ..Received::default() })
        }))
    }

    fn complete<'a>(
        &'a self,
        object: &'a str,
        upload: &'a str,
        parts: &'a [(u32, String)],
    ) -> Local<'a, Result<(), StoreError>> {
        now(self.up().and_then(|()| {
            let mut uploads = self.uploads.borrow_mut();
            let there = uploads.get(upload).filter(|one| one.object == object);
            let there = there.ok_or(StoreError::NoUpload)?;
            let mut whole = Vec::new();
            for (n, etag) in parts {
                let part = there.parts.get(n).filter(|(have, _)| have == etag);
                whole.extend_from_slice(&part.ok_or(StoreError::Parts)?.1);
            }
            self.objects.borrow_mut().insert(object.to_owned(), whole);
            uploads.remove(upload);
            Ok(())
        }))
    }

    fn abort<'a>(&'a self, _: &'a str, upload: &'a str) -> Local<'a, Result<(), StoreError>> {
        now(self.up().map(|()| {
            self.uploads.borrow_mut().remove(upload);
        }))
    }

    fn size<'a>(&'a self, object: &'a str) -> Local<'a, Result<Option<i64>, StoreError>> {
        now(self.up().map(|()| self.objects.borrow().get(object).map(|all| all.len() as i64)))
    }

    fn read<'a>(
        &'a self,
        object: &'a str,
        from: i64,
        length: i64,
    ) -> Local<'a, Result<Option<Vec<u8>>, StoreError>> {
        now(self.up().map(|()| {
            self.objects.borrow().get(object).map(|all| {
                let from = (from as usize).min(all.len());
                all[from..(from + length as usize).min(all.len())].to_vec()
            })
        }))
    }

    fn write<'a>(&'a self, object: &'a str, bytes: Vec<u8>) -> Local<'a, Result<(), StoreError>> {
        now(self.up().map(|()| {
            self.objects.borrow_mut().insert(object.to_owned(), bytes);
        }))
    }

    fn remove<'a>(&'a self, objects: &'a [String]) -> Local<'a, Result<(), StoreError>> {
        now(self.up().map(|()| {
            self.objects.borrow_mut().retain(|name, _| !objects.contains(name));
        }))
    }
}
