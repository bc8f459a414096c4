//! The bytes of one member of a zip archive, held to what the archive promised.

use std::fs::File;
use std::io::{BufReader, Read};

use crc32fast::Hasher;
use flate2::bufread::DeflateDecoder;

use super::{Member, ReadError};

type Window = std::io::Take<BufReader<File>>;

enum Packed {
    Stored(Window),
    Deflated(DeflateDecoder<Window>),
}

/// The bytes of one member: never more than the archive promised, and compared with the checksum at the end.
pub struct MemberReader {
    inner: Packed,
    name: String,
    left: u64,
    crc: Hasher,
    expected_crc: u32,
    ended: bool,
}

impl MemberReader {
    pub(super) fn new(packed: Window, member: &Member, deflated: bool, expected_crc: u32) -> Self {
        let inner = if deflated {
            Packed::Deflated(DeflateDecoder::new(packed))
        } else {
            Packed::Stored(packed)
        };
        let name = member.name.clone();
        Self {
            inner,
            name,
            left: member.size,
            crc: Hasher::new(),
            expected_crc,
            ended: false,
        }
    }

    fn damaged(&self) -> std::io::Error {
        ReadError::PartDamaged {
            part: self.name.clone(),
        }
        .into_io()
    }

    fn read_inner(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match &mut self.inner {
            Packed::Stored(window) => window.read(buffer),
            Packed::Deflated(decoder) => decoder.read(buffer),
        }
    }

    /// Nothing may follow, and the checksum must be right.
    fn finish(&mut self) -> std::io::Result<usize> {
        if !self.ended {
            let more = self.read_inner(&mut [0]).map_err(|_| self.damaged())?;
            if more != 0 || self.crc.clone().finalize() != self.expected_crc {
                return Err(self.damaged());
            }
            self.ended = true;
        }
        Ok(0)
    }
}

impl Read for MemberReader {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        if self.left == 0 {
            return self.finish();
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let count = self.read_inner(&mut buffer[..most]).map_err(|_| self.damaged())?;
        if count == 0 {
            return Err(self.damaged());
        }
        self.crc.update(&buffer[..count]);
        self.left -= count as u64;
        Ok(count)
    }
}
