//! The items that a form may take, packed: what a draw reads and nothing else. No text, no key.
//!
//! A pool is one blob (a row of D1, or an object), its SHA-256 is the version of the bank to which
//! a draw is bound, and anybody can read it: all numbers are little-endian.
//!
//! ```text
//! "MPL1" | topics: u16 | groups: u16 | items: u32 | enemies: u32
//! topics × (length: u8, bytes) | groups × (length: u8, bytes)
//! items × (id: 16 bytes of the ULID, big-endian | topic: u16 | level: u8 | kind: u8
//!          | facility per mille: u16, 65535 unknown | exposure per mille: u16 | version: u16)
//! enemies × (item: u32 | group: u16), by item
//! ```

use sha2::{Digest, Sha256};

use super::seed::hex;
use crate::bank::{body::Kind, meta::Level};

const MAGIC: &[u8; 4] = b"MPL1";
const RECORD: usize = 26;
/// A facility that nobody measured.
pub const UNKNOWN: u16 = u16::MAX;
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// An item before packing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Identifier of the item, a ULID.
    pub id: String,
    /// Its version: what is drawn is what was there when the pool was packed.
    pub version: u16,
    /// Path in the topic tree.
    pub topic: String,
    /// Level.
    pub level: Level,
    /// Kind.
    pub kind: Kind,
    /// Share of right answers, per mille; [`UNKNOWN`] if nobody measured.
    pub facility: u16,
    /// Share of forms that had it, per mille.
    pub exposure: u16,
    /// Words that its enemies carry too.
    pub enemies: Vec<String>,
}

/// One item of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// Identifier, 128 bits of the ULID.
    pub id: u128,
    /// Version.
    pub version: u16,
    /// Number of its topic.
    pub topic: u16,
    /// Level.
    pub level: Level,
    /// Kind.
    pub kind: Kind,
    /// Facility.
    pub facility: u16,
    /// Exposure.
    pub exposure: u16,
}

/// A pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    /// SHA-256 of the blob, hexadecimal: the version of the bank.
    pub version: String,
    /// Topics.
    pub topics: Vec<String>,
    /// Items, in the order of their identifiers.
    pub items: Vec<Item>,
    /// Item and group, in the order of items.
    enemies: Vec<(u32, u16)>,
}

/// Why a blob is no pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken;

impl Pool {
    /// Reads a blob.
    ///
    /// # Errors
    /// The blob is no pool, or not one that [`pack`] would have made.
    pub fn read(blob: &[u8]) -> Result<Pool, Broken> {
        let mut rest = Reader(blob);
        if rest.take(4)? != MAGIC {
            return Err(Broken);
        }
        let (topics, groups) = (rest.short()?, rest.short()?);
        let (items, enemies) = (rest.long()? as usize, rest.long()? as usize);
        let topics = (0..topics).map(|_| rest.word()).collect::<Result<Vec<_>, _>>()?;
        for _ in 0..groups {
            rest.word()?;
        }
        if rest.0.len() != items.saturating_mul(RECORD).saturating_add(enemies.saturating_mul(6)) {
            return Err(Broken);
        }
        let items =
            (0..items).map(|_| item(&mut rest, topics.len())).collect::<Result<Vec<_>, _>>()?;
        let enemies = (0..enemies)
            .map(|_| {
                let (item, group) = (rest.long()?, rest.short()?);
                let known = (item as usize) < items.len() && group < groups;
                known.then_some((item, group)).ok_or(Broken)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let ordered = items.is_sorted_by(|a, b| a.id < b.id) && enemies.is_sorted();
        let version = hex(&Sha256::digest(blob));
        ordered.then_some(Pool { version, topics, items, enemies }).ok_or(Broken)
    }

    /// The groups of enemies of an item.
    pub fn groups(&self, item: u32) -> impl Iterator<Item = u16> + '_ {
        let from = self.enemies.partition_point(|(have, _)| *have < item);
        self.enemies[from..].iter().take_while(move |(have, _)| *have == item).map(|(_, g)| *g)
    }

    /// An item and its version, as they are published: `ulid.version`.
    pub fn name(&self, item: u32) -> String {
        let version = self.items.get(item as usize).map_or(0, |item| item.version);
        format!("{}.{version}", self.id(item))
    }

    /// The identifier of an item.
    pub fn id(&self, item: u32) -> String {
        self.items.get(item as usize).map(|item| ulid_text(item.id)).unwrap_or_default()
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], Broken> {
        let (head, rest) = self.0.split_at_checked(n).ok_or(Broken)?;
        self.0 = rest;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Broken> {
        self.take(N)?.try_into().map_err(|_| Broken)
    }

    fn short(&mut self) -> Result<u16, Broken> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    fn long(&mut self) -> Result<u32, Broken> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn word(&mut self) -> Result<String, Broken> {
        let [length] = self.array()?;
        let bytes = self.take(length.into())?;
        core::str::from_utf8(bytes).map(str::to_owned).map_err(|_| Broken)
    }
}

fn item(rest: &mut Reader, topics: usize) -> Result<Item, Broken> {
    let id = u128::from_be_bytes(rest.array()?);
    let topic = rest.short()?;
    let [level, kind] = rest.array()?;
    let (facility, exposure, version) = (rest.short()?, rest.short()?, rest.short()?);
    let level = *Level::ALL.get(usize::from(level)).ok_or(Broken)?;
    let kind = *Kind::ALL.get(usize::from(kind)).ok_or(Broken)?;
    let sound = usize::from(topic) < topics
        && exposure <= 1000
        && (facility <= 1000 || facility == UNKNOWN);
    sound.then_some(Item { id, version, topic, level, kind, facility, exposure }).ok_or(Broken)
}

/// Packs items: sorted by identifier, so that the same items make the same blob.
///
/// # Errors
/// An identifier that is no ULID or comes twice, a number beyond its bounds, or more topics,
/// groups or letters than fit.
pub fn pack(mut entries: Vec<Entry>) -> Result<Vec<u8>, Broken> {
    entries.sort_by(|a, b| a.id.cmp(&b.id));
    let sorted = |mut list: Vec<String>| {
        list.sort_unstable();
        list.dedup();
        list
    };
    let topics = sorted(entries.iter().map(|e| e.topic.clone()).collect());
    let groups = sorted(entries.iter().flat_map(|e| e.enemies.iter().cloned()).collect());
    let mut enemies: Vec<(u32, u16)> = Vec::new();
    let mut records = Vec::with_capacity(entries.len() * RECORD);
    for (at, entry) in entries.iter().enumerate() {
        let topic = topics.binary_search(&entry.topic).map_err(|_| Broken)?;
        records.extend(ulid_bits(&entry.id).ok_or(Broken)?.to_be_bytes());
        records.extend(u16::try_from(topic).map_err(|_| Broken)?.to_le_bytes());
        records.push(place(Level::ALL, &entry.level));
        records.push(place(Kind::ALL, &entry.kind));
        records.extend(entry.facility.to_le_bytes());
        records.extend(entry.exposure.to_le_bytes());
        records.extend(entry.version.to_le_bytes());
        let mut mine: Vec<u16> = Vec::new();
        for word in &entry.enemies {
            let group = groups.binary_search(word).map_err(|_| Broken)?;
            mine.push(u16::try_from(group).map_err(|_| Broken)?);
        }
        mine.sort_unstable();
        mine.dedup();
        enemies.extend(mine.into_iter().map(|group| (at as u32, group)));
    }
    let count = |n: usize| u16::try_from(n).map_err(|_| Broken);
    let mut out = MAGIC.to_vec();
    out.extend(count(topics.len())?.to_le_bytes());
    out.extend(count(groups.len())?.to_le_bytes());
    out.extend((entries.len() as u32).to_le_bytes());
    out.extend((enemies.len() as u32).to_le_bytes());
    for word in topics.iter().chain(&groups) {
        out.push(u8::try_from(word.len()).map_err(|_| Broken)?);
        out.extend(word.as_bytes());
    }
    out.extend(records);
    for (item, group) in enemies {
        out.extend(item.to_le_bytes());
        out.extend(group.to_le_bytes());
    }
    // What cannot be read again must not become the version that exams are bound to.
    Pool::read(&out).map(|_| out)
}

fn place<T: PartialEq>(all: &[T], one: &T) -> u8 {
    all.iter().position(|have| have == one).unwrap_or_default() as u8
}

/// The bits of a ULID; `None` where the text is none.
pub fn ulid_bits(text: &str) -> Option<u128> {
    if text.len() != 26 {
        return None;
    }
    text.bytes().enumerate().try_fold(0_u128, |bits, (at, letter)| {
        let value = ALPHABET.iter().position(|have| *have == letter)?;
        (at > 0 || value < 8).then_some((bits << 5) | value as u128)
    })
}

/// A ULID of its bits.
pub fn ulid_text(bits: u128) -> String {
    (0..26).rev().map(|at| char::from(ALPHABET[((bits >> (at * 5)) & 31) as usize])).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::shared::{id, time::Timestamp};

    /// A made pool: `n` items over 10 topics, three levels, two kinds.
    pub fn entries(n: u32) -> Vec<Entry> {
        (0..n)
            .map(|i| {
                let mut random = [0; 10];
                random[..4].copy_from_slice(&i.wrapping_mul(2_654_435_761).to_be_bytes());
                Entry {
                    id: id::ulid(Timestamp::from_millis(i64::from(i)), random),
                    version: (1 + i % 3) as u16,
                    topic: format!("subject/t{}", i % 10),
                    level: Level::ALL[(i / 10 % 3) as usize],
                    kind: if i % 7 == 0 { Kind::Multiple } else { Kind::Single },
                    facility: if i % 13 == 0 { UNKNOWN } else { (300 + i * 37 % 500) as u16 },
                    exposure: (i * 11 % 300) as u16,
                    enemies: if i % 50 < 2 { vec![format!("g{}", i / 50)] } else { Vec::new() },
                }
            })
            .collect()
    }

    #[test]
    fn a_pool_is_read_as_it_was_packed_in_whatever_order_it_came() {
        let mut list = entries(300);
        let blob = pack(list.clone()).unwrap();
        list.reverse();
        assert_eq!(pack(list.clone()).unwrap(), blob);
        let pool = Pool::read(&blob).unwrap();
        list.reverse();
        for (at, entry) in list.iter().enumerate() {
            let item = pool.items[at];
            assert_eq!(pool.id(at as u32), entry.id);
            assert_eq!(pool.topics[usize::from(item.topic)], entry.topic);
            assert_eq!((item.level, item.kind), (entry.level, entry.kind));
            assert_eq!(pool.name(at as u32), format!("{}.{}", entry.id, entry.version));
            assert_eq!((item.facility, item.exposure), (entry.facility, entry.exposure));
            assert_eq!(pool.groups(at as u32).count(), entry.enemies.len());
        }
        assert_eq!(pool.version.len(), 64);
    }

    #[test]
    fn a_blob_that_was_cut_or_changed_is_refused_or_another_version() {
        let blob = pack(entries(60)).unwrap();
        let version = Pool::read(&blob).unwrap().version;
        for length in 0..blob.len() {
            assert_eq!(Pool::read(&blob[..length]).err(), Some(Broken), "{length}");
        }
        for at in 0..blob.len() {
            let mut other = blob.clone();
            other[at] ^= 0xFF;
            if let Ok(pool) = Pool::read(&other) {
                assert_ne!(pool.version, version, "{at}");
            }
        }
    }

    #[test]
    fn what_is_no_item_is_not_packed() {
        let mut list = entries(3);
        list[1].id = "no".into();
        assert_eq!(pack(list.clone()), Err(Broken));
        list[1].id = list[0].id.clone();
        assert_eq!(pack(list.clone()), Err(Broken));
        list.remove(1);
        list[0].exposure = 1001;
        assert_eq!(pack(list), Err(Broken));
        assert_eq!(Pool::read(&pack(Vec::new()).unwrap()).unwrap().items.len(), 0);
    }
}
