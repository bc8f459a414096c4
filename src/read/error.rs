//! What can be wrong with a file, in words for the person who has it.

/// The result of reading.
pub type Result<T> = std::result::Result<T, ReadError>;

/// A file that cannot be read. The caller puts the file's name before it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The system could not read the file.
    #[error(
        "the file could not be read ({0}). Check that it is not open elsewhere and that the disk or network share is still there"
    )]
    Io(#[from] std::io::Error),
    /// No bytes.
    #[error("the file is empty. Export or copy it again")]
    Empty,
    /// A workbook behind a password.
    #[error(
        "the workbook is protected by a password. Open it in Excel, remove the password (File > Info > Protect Workbook) and save it again"
    )]
    PasswordProtected,
    /// A web page under a workbook's name.
    #[error("this is a web page (HTML) saved under the name of a workbook. Open it in Excel and save it as .xlsx")]
    Html,
    /// An OLE container without a workbook.
    #[error(
        "this is an old Office file without a workbook in it. Open it in the program it comes from and save it as .xlsx"
    )]
    NoWorkbook,
    /// Neither text nor a workbook nor a zip archive.
    #[error("this is neither text nor a workbook nor a zip archive. Send the list as .csv or .xlsx")]
    Binary,
    /// NUL bytes in a text file.
    #[error("line {line} holds NUL bytes, so the file is damaged or no text. Export it again as CSV (UTF-8)")]
    NulBytes {
        /// The line, counted from 1.
        line: u64,
    },
    /// A format asked of a reader that does not know it.
    #[error("this file is no workbook that can be opened here. Save it as .xlsx")]
    NotAWorkbook,
    /// The zip container is cut off or its directory unreadable.
    #[error("the file is cut off or damaged: its table of contents cannot be read. Copy or download it again")]
    ZipDamaged,
    /// One part of a container cannot be unpacked.
    #[error("`{part}` in the file is damaged or cut off. Copy or download the file again")]
    PartDamaged {
        /// The name inside the container.
        part: String,
    },
    /// Compressed by a method that is not known.
    #[error("`{part}` is packed in a way that cannot be opened. Pack the archive again as a plain zip")]
    PackedUnknown {
        /// The name inside the archive.
        part: String,
    },
    /// A member with a password.
    #[error("`{member}` in the archive is encrypted. Pack the archive again without a password")]
    MemberEncrypted {
        /// The name inside the archive.
        member: String,
    },
    /// A member whose name points outside of the archive.
    #[error(
        "`{member}` in the archive has a path that leads outside of it. Pack the files again from one plain folder"
    )]
    MemberPath {
        /// The name inside the archive.
        member: String,
    },
    /// A symbolic link.
    #[error("`{member}` in the archive is a link, not a file. Pack the file itself")]
    MemberLink {
        /// The name inside the archive.
        member: String,
    },
    /// One name twice.
    #[error("`{member}` stands in the archive twice. Pack each file once")]
    MemberTwice {
        /// The name inside the archive.
        member: String,
    },
    /// No such member.
    #[error("the archive has no member number {index}")]
    NoMember {
        /// The number asked for.
        index: usize,
    },
    /// A file that unpacks to too much.
    #[error(
        "{what} is larger than the {limit} allowed here. The file is damaged or made to fill the disk; export it again, split into smaller files if need be"
    )]
    TooLarge {
        /// What is too large: a part, all parts together, a count.
        what: String,
        /// The limit in words.
        limit: String,
    },
    /// A cell beyond the sheet's permitted size.
    #[error(
        "sheet `{sheet}` has something in cell {cell}, beyond {limit}. Delete the stray cells in Excel (or copy the list to a new workbook) and save it again"
    )]
    CellOutside {
        /// The sheet.
        sheet: String,
        /// The place such as `XFD1048576`.
        cell: String,
        /// The limit in words.
        limit: String,
    },
    /// A sheet that cannot be read.
    #[error(
        "sheet `{sheet}` cannot be read near row {row} ({cause}). Open the file in Excel and save it again as .xlsx"
    )]
    Sheet {
        /// The sheet.
        sheet: String,
        /// The last row that could be read, 0 before the first.
        row: u64,
        /// What the parser said, without values of cells.
        cause: String,
    },
    /// A workbook that cannot be opened.
    #[error("the workbook cannot be opened ({cause}). Open it in Excel and save it again as .xlsx")]
    Workbook {
        /// What the parser said, without values of cells.
        cause: String,
    },
    /// No such sheet.
    #[error("the workbook has no sheet number {index}")]
    NoSheet {
        /// The number asked for.
        index: usize,
    },
}

impl ReadError {
    /// The same error for a second asker; an I/O error keeps its kind and words.
    pub(super) fn into_io(self) -> std::io::Error {
        match self {
            Self::Io(error) => error,
            other => std::io::Error::new(std::io::ErrorKind::InvalidData, other),
        }
    }

    /// Finds a [`ReadError`] that travelled inside an I/O error.
    #[must_use]
    pub fn from_io(error: std::io::Error) -> Self {
        if error
            .get_ref()
            .is_some_and(|inner| inner.downcast_ref::<Self>().is_some())
        {
            let own = error.into_inner().and_then(|inner| inner.downcast::<Self>().ok());
            return own.map_or(Self::ZipDamaged, |own| *own);
        }
        Self::Io(error)
    }
}
