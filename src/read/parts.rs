//! Judging the parts of a zip container before a parser may have them.

use std::io::{Read, Seek};

use memchr::{memchr, memmem};
use zip::ZipArchive;
use zip::result::ZipError;

use super::limits::bytes_in_words;
use super::merges::{MergeWatch, Merges};
use super::{Limits, ReadError, Result};

/// Below this a ratio says nothing: a sheet of blank rows packs very well.
pub(super) const RATIO_MATTERS_FROM: u64 = 10 << 20;
/// Deflate cannot do better than this.
const DEFLATE_BEST: u64 = 1_032;
/// A part that cannot grow beyond this is not unpacked just to look at it.
const HARMLESS: u64 = 64 << 20;
/// So much of the table of texts is looked at for what it announces.
const HEAD: u64 = 64 << 10;
/// The longest run of text without a tag; a parser holds such a run in memory.
const LONGEST_TEXT: u64 = 64 << 20;

/// A container that was judged.
pub(super) struct Checked<R> {
    /// Its reader, at the start.
    pub reader: R,
    /// What they tell of merged regions. To ask the parser costs as much as reading the sheet.
    pub merges: Merges,
}

/// Refuses a container whose parts are too many, too large or larger than they say; gives the reader back.
///
/// Sizes in the table of contents are claims, so parts that could do harm are unpacked once into nothing.
pub(super) fn check<R: Read + Seek>(reader: R, limits: &Limits) -> Result<Checked<R>> {
    let mut archive = ZipArchive::new(reader).map_err(|error| container_error(error, ""))?;
    if archive.len() > limits.parts {
        return Err(too_large("the number of parts".into(), limits.parts.to_string()));
    }
    let mut total = 0_u64;
    let mut suspects = Vec::new();
    let mut small = Vec::new();
    for index in 0..archive.len() {
        let part = archive
            .by_index_raw(index)
            .map_err(|error| container_error(error, ""))?;
        let name = part.name().map_err(|error| container_error(error, ""))?.into_owned();
        if part.encrypted() {
            return Err(ReadError::PasswordProtected);
        }
        let (size, packed) = (part.size(), part.compressed_size());
        total = total.saturating_add(size);
        check_claim(&name, size, packed, limits)?;
        let strings = is_strings(&name);
        if !is_media(&name) && (strings || packed.saturating_mul(DEFLATE_BEST) > HARMLESS) {
            suspects.push((index, name, size));
        } else if !is_media(&name) {
            small.push((index, name));
        }
    }
    if total > limits.inflated_bytes {
        return Err(too_large(
            "the unpacked workbook".into(),
            bytes_in_words(limits.inflated_bytes),
        ));
    }
    let mut merges = Merges::default();
    for (index, name, size) in suspects {
        let part = archive.by_index(index).map_err(|error| container_error(error, &name))?;
        merges.note(&name, unpack_into_nothing(part, &name, size)?);
    }
    for (index, name) in small {
        // Whether these are damaged is for the parser to say.
        if let Ok(part) = archive.by_index(index) {
            merges.note(&name, watched(part.take(HARMLESS)));
        }
    }
    merges.find_sheets(&mut archive);
    let mut reader = archive.into_inner();
    reader.rewind()?;
    Ok(Checked { reader, merges })
}

fn check_claim(name: &str, size: u64, packed: u64, limits: &Limits) -> Result<()> {
    let lower = name.to_ascii_lowercase();
    let cap = if is_strings(name) {
        limits.shared_strings_bytes
    } else if is_media(name) || is_streamed(&lower) {
        limits.inflated_bytes
    } else {
        limits.part_bytes
    };
    if size > cap {
        return Err(too_large(format!("`{name}` inside the file"), bytes_in_words(cap)));
    }
    check_ratio(name, size, packed, limits.ratio)
}

/// Refuses what unpacks to more than `ratio` times its size.
pub(super) fn check_ratio(name: &str, size: u64, packed: u64, ratio: u64) -> Result<()> {
    if size > RATIO_MATTERS_FROM && size / packed.max(1) > ratio {
        return Err(too_large(
            format!("`{name}` unpacked"),
            format!("{ratio} times its packed size"),
        ));
    }
    Ok(())
}

/// What a part tells of merged regions; nothing where it cannot be read.
fn watched(mut part: impl Read) -> MergeWatch {
    let mut bytes = Vec::new();
    let mut watch = MergeWatch::default();
    if part.read_to_end(&mut bytes).is_ok() {
        watch.look(&bytes);
    }
    watch
}

/// Reads a part to its end; what it tells of merged regions.
fn unpack_into_nothing(mut part: impl Read, name: &str, size: u64) -> Result<MergeWatch> {
    let damaged = || ReadError::PartDamaged { part: name.to_owned() };
    let mut head = Vec::new();
    part.by_ref().take(HEAD).read_to_end(&mut head).map_err(|_| damaged())?;
    if is_strings(name) && !announces_what_is_possible(&head, size) {
        return Err(damaged());
    }
    let is_xml = !name.to_ascii_lowercase().ends_with(".bin");
    let mut run = TextRun(0);
    let mut total = 0;
    let mut merges = MergeWatch::default();
    let mut buffer = vec![0; 256 << 10];
    let mut chunk = head.as_slice();
    while !chunk.is_empty() {
        total += chunk.len() as u64;
        merges.look(chunk);
        if total > size {
            return Err(damaged());
        }
        if is_xml && run.longest_with(chunk) > LONGEST_TEXT {
            return Err(too_large(format!("one text in `{name}`"), bytes_in_words(LONGEST_TEXT)));
        }
        let count = part.read(&mut buffer).map_err(|_| damaged())?;
        chunk = &buffer[..count];
    }
    if total == size { Ok(merges) } else { Err(damaged()) }
}

/// The text since the last tag began.
struct TextRun(u64);

impl TextRun {
    fn longest_with(&mut self, chunk: &[u8]) -> u64 {
        let Some(first) = memchr(b'<', chunk) else {
            self.0 += chunk.len() as u64;
            return self.0;
        };
        let longest = self.0 + first as u64;
        self.0 = memchr::memrchr(b'<', chunk).map_or(0, |last| (chunk.len() - last) as u64);
        longest
    }
}

/// The parser reserves memory for as many texts as the table announces, so the announcement must be in sight and possible.
fn announces_what_is_possible(head: &[u8], size: u64) -> bool {
    let whole = head.len() as u64 == size;
    let hidden = match memmem::find(&head[..head.len().min(4096)], b"sst") {
        Some(at) => memchr(b'>', &head[at..]).is_none() || memmem::find(&head[..at], b"<!--").is_some(),
        None => true,
    };
    if hidden && !whole && !head.starts_with(&[0x9F, 0x01]) {
        return false;
    }
    memmem::find_iter(head, b"uniqueCount").all(|at| {
        let digits: Vec<u8> = head[at + b"uniqueCount".len()..]
            .iter()
            .copied()
            .skip_while(|b| b.is_ascii_whitespace() || matches!(b, b'=' | b'"' | b'\'' | b'+' | b'0'))
            .take_while(u8::is_ascii_digit)
            .collect();
        let announced = std::str::from_utf8(&digits)
            .ok()
            .and_then(|digits| digits.parse::<u64>().ok());
        // The shortest text is `<si/>`.
        digits.is_empty() || announced.is_some_and(|count| count <= size / 5 + 1_000)
    })
}

fn is_strings(name: &str) -> bool {
    name.to_ascii_lowercase().contains("sharedstrings.")
}

fn is_media(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    [
        "/media/",
        "pictures/",
        "thumbnails/",
        "/printersettings/",
        "/embeddings/",
    ]
    .iter()
    .any(|dir| lower.contains(dir))
}

/// Parts that are read piece by piece.
fn is_streamed(lower: &str) -> bool {
    lower.contains("worksheets/") || lower.ends_with("content.xml") || lower.contains("/pivotcache/")
}

fn too_large(what: String, limit: String) -> ReadError {
    ReadError::TooLarge { what, limit }
}

/// What the zip reader said, as our error.
pub(super) fn container_error(error: ZipError, part: &str) -> ReadError {
    match error {
        ZipError::Io(error) if error.kind() != std::io::ErrorKind::UnexpectedEof && part.is_empty() => {
            ReadError::from_io(error)
        }
        ZipError::UnsupportedArchive(_) if !part.is_empty() => ReadError::PackedUnknown { part: part.to_owned() },
        _ if part.is_empty() => ReadError::ZipDamaged,
        _ => ReadError::PartDamaged { part: part.to_owned() },
    }
}
