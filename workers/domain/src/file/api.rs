//! What the cabinet and the server say to each other about files.

use serde::{Deserialize, Serialize};

use super::{FileKind, State};
use crate::shared::time::Timestamp;

/// A file: `GET /cabinet/my/files` (a list), `GET /cabinet/my/files/{id}`, and the answer to
/// `POST /cabinet/my/files?purpose=…&name=…` (201) and to the end of a resumable upload.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct File {
    /// Identifier.
    pub id: String,
    /// Its name, cleaned: a text to show, never a path and never markup.
    pub name: String,
    /// What it is by its content; unknown while parts are still coming.
    pub kind: Option<FileKind>,
    /// What it was sent for: a purpose of `schemas/rules/files`.
    pub purpose: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of what is stored, hex. Unknown until a file of parts was checked; it changes when
    /// the hidden data of a picture is taken out.
    pub sha256: Option<String>,
    /// Where it is on its way.
    pub state: State,
    /// What the person should know of it, in the language of the request: that it waits, that
    /// nobody scanned it, why it was refused.
    pub notice: Option<String>,
    /// When it came.
    pub created_at: Timestamp,
    /// Smaller copies of a picture (WebP); empty until it was checked.
    pub variants: Vec<Variant>,
    /// How many records name it: a file that is named cannot be removed.
    pub uses: i64,
}

/// A smaller copy of a picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Variant {
    /// `small` or `large`, for `POST …/files/{id}/link?variant=…`.
    pub name: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Bytes.
    pub size: i64,
}

/// `POST /cabinet/my/files/uploads`: a file that will come in parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewUpload {
    /// Name on the person's device.
    pub name: String,
    /// Bytes of the whole file.
    pub size: i64,
    /// A purpose of `schemas/rules/files`.
    pub purpose: String,
}

/// An upload by parts: the answer to `POST …/uploads` (201), to each part and to
/// `GET …/uploads/{id}`. Part n of `PUT …/uploads/{id}/parts/{n}` (n from 1) has exactly
/// `part_size` bytes, the last one the rest. Parts come in any order and may be sent again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Upload {
    /// Identifier of the file.
    pub id: String,
    /// Bytes of the whole file.
    pub size: i64,
    /// Bytes of every part but the last.
    pub part_size: i64,
    /// Number of parts.
    pub parts: u32,
    /// Parts that are here, in order.
    pub received: Vec<u32>,
    /// Until when the rest is waited for.
    pub until: Timestamp,
}

/// `POST …/files/{id}/link`: an address that opens the file without a sign-in until a moment. It
/// serves ranges, so a video can be watched from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Link {
    /// The address, from the root of the site: `/files/…`.
    pub url: String,
    /// Until when it is good.
    pub until: Timestamp,
}

/// `GET /cabinet/my/files/purposes`: what may be sent for what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Purpose {
    /// Code.
    pub code: String,
    /// What may be sent.
    pub kinds: Vec<FileKind>,
    /// Bytes at most.
    pub max_size: i64,
    /// From this size on it must come in parts.
    pub parts_from: i64,
    /// Least width and height of a video, pixels.
    pub min_pixels: Option<(u32, u32)>,
    /// Least length of a video, seconds.
    pub min_seconds: Option<u32>,
}
