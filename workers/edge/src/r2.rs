//! The object store on R2. Bodies stream past WebAssembly in both directions.

use std::cell::RefCell;

use app::ports::{Local, Received, Store, StoreError};
use domain::file::look::{HEAD, TAIL};
use wasm_bindgen::{JsCast, JsValue};

use crate::glue;

/// The bucket behind the binding FILES, and the request whose body may be streamed into it.
pub struct R2 {
    env: JsValue,
    request: RefCell<JsValue>,
}

impl R2 {
    /// The bucket of an environment.
    pub fn new(env: &JsValue) -> R2 {
        R2 { env: env.clone(), request: RefCell::new(JsValue::UNDEFINED) }
    }

    /// From now on `receive` reads the body of this request.
    pub fn listen(&self, request: &JsValue) {
        self.request.replace(request.clone());
    }

    async fn take(
        &self,
        object: &str,
        size: i64,
        (upload, n): (&str, u32),
        (first, last): (usize, usize),
    ) -> Result<Received, StoreError> {
        let request = self.request.borrow().clone();
        let (first, last) = (first as u32, last as u32);
        let came = glue::receive(&self.env, &request, object, size as f64, upload, n, first, last)
            .await
            .map_err(error)?;
        let came = came.dyn_into::<js_sys::Array>().map_err(error)?;
        let text = |place| came.get(place).as_string().unwrap_or_default();
        Ok(Received {
            sha256: text(0),
            etag: text(1),
            head: bytes(came.get(2)),
            tail: bytes(came.get(3)),
        })
    }

    async fn step(&self, what: &str, object: &str, more: JsValue) -> Result<JsValue, StoreError> {
        glue::store(&self.env, what, object, &more).await.map_err(error)
    }
}

fn bytes(value: JsValue) -> Vec<u8> {
    value.dyn_into::<js_sys::Uint8Array>().map(|all| all.to_vec()).unwrap_or_default()
}

fn error(value: JsValue) -> StoreError {
    match value.as_string().unwrap_or_default().as_str() {
        "cut" => StoreError::Cut,
        "longer" => StoreError::Longer,
        "no upload" => StoreError::NoUpload,
        "parts" => StoreError::Parts,
        other => StoreError::Other(other.to_owned()),
    }
}

fn json<T: serde::Serialize>(value: &T) -> Result<JsValue, StoreError> {
    let text = serde_json::to_string(value).map_err(|e| StoreError::Other(e.to_string()))?;
    Ok(text.into())
}

impl Store for R2 {
    fn receive<'a>(
        &'a self,
        object: &'a str,
        size: i64,
    ) -> Local<'a, Result<Received, StoreError>> {
        Box::pin(self.take(object, size, ("", 0), (HEAD, TAIL)))
    }

    fn begin<'a>(&'a self, object: &'a str) -> Local<'a, Result<String, StoreError>> {
        Box::pin(async move {
            let upload = self.step("begin", object, JsValue::UNDEFINED).await?;
            upload.as_string().ok_or_else(|| StoreError::Other("an upload without a name".into()))
        })
    }

    fn receive_part<'a>(
        &'a self,
        object: &'a str,
        upload: &'a str,
        n: u32,
        size: i64,
    ) -> Local<'a, Result<Received, StoreError>> {
        Box::pin(self.take(object, size, (upload, n), (0, 0)))
    }

    fn complete<'a>(
        &'a self,
        object: &'a str,
        upload: &'a str,
        parts: &'a [(u32, String)],
    ) -> Local<'a, Result<(), StoreError>> {
        Box::pin(
            async move { self.step("complete", object, json(&(upload, parts))?).await.map(drop) },
        )
    }

    fn abort<'a>(&'a self, object: &'a str, upload: &'a str) -> Local<'a, Result<(), StoreError>> {
        Box::pin(async move {
            match self.step("abort", object, upload.into()).await {
                Ok(_) | Err(StoreError::NoUpload) => Ok(()),
                Err(error) => Err(error),
            }
        })
    }

    fn size<'a>(&'a self, object: &'a str) -> Local<'a, Result<Option<i64>, StoreError>> {
        Box::pin(async move {
            let size = self.step("size", object, JsValue::UNDEFINED).await?;
            Ok(size.as_f64().map(|size| size as i64))
        })
    }

    fn read<'a>(
        &'a self,
        object: &'a str,
        from: i64,
        length: i64,
    ) -> Local<'a, Result<Option<Vec<u8>>, StoreError>> {
        Box::pin(async move {
            let got = self.step("read", object, json(&(from, length))?).await?;
            Ok(if got.is_null() { None } else { Some(bytes(got)) })
        })
    }

    fn write<'a>(&'a self, object: &'a str, bytes: Vec<u8>) -> Local<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let bytes = js_sys::Uint8Array::from(bytes.as_slice());
            self.step("write", object, bytes.into()).await.map(drop)
        })
    }

    fn remove<'a>(&'a self, objects: &'a [String]) -> Local<'a, Result<(), StoreError>> {
        Box::pin(async move { self.step("remove", "", json(&objects)?).await.map(drop) })
    }
}
