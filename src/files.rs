//! The one place that writes files: whole or not at all, on the disk before they are named, and closed to others.

use crate::failpoint;
use sha2::{Digest, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// A file operation that failed, with the path and what was tried.
#[derive(Debug, Error)]
#[error("cannot {action} `{path}`: {source}{}", what_to_do(source))]
pub struct FileError {
    /// What was tried.
    pub action: &'static str,
    /// On what.
    pub path: PathBuf,
    /// What the system said.
    pub source: io::Error,
}

/// What helps where the system says why.
fn what_to_do(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            "; make room on that disk (or raise the limit) and run again"
        }
        io::ErrorKind::PermissionDenied => "; give this user the right to it, or run as the user whom it belongs to",
        io::ErrorKind::ReadOnlyFilesystem => "; it can only be read: mount it for writing, or take another workspace",
        _ => "",
    }
}

/// Puts path and action into an I/O error.
pub fn failed<'p>(action: &'static str, path: &'p Path) -> impl FnOnce(io::Error) -> FileError + 'p {
    move |source| FileError {
        action,
        path: path.to_owned(),
        source,
    }
}

/// Makes a folder and those above it, closed to others (0700).
///
/// # Errors
/// [`FileError`] where the system says no.
pub fn make_folder(path: &Path) -> Result<(), FileError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    failpoint::write("folder.make")
        .and_then(|()| builder.create(path))
        .map_err(failed("create folder", path))
}

/// Makes a folder and those above it, so that they are still there after a power cut.
///
/// # Errors
/// [`FileError`] where the system says no.
pub fn make_lasting_folder(path: &Path) -> Result<(), FileError> {
    let missing: Vec<&Path> = path.ancestors().take_while(|folder| !folder.exists()).collect();
    make_folder(path)?;
    missing
        .into_iter()
        .rev()
        .try_for_each(|folder| sync_folder(parent_of(folder)))
}

/// A new file that only its owner can read (0600).
///
/// # Errors
/// [`FileError`] where the system says no.
pub fn create(path: &Path) -> Result<File, FileError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    failpoint::write("file.create")
        .and_then(|()| options.open(path))
        .map_err(failed("create", path))
}

/// A file that is there, or a new and empty one that only its owner can read (0600); to be read and written.
///
/// # Errors
/// [`FileError`] where the system says no.
pub fn create_or_open(path: &Path) -> Result<File, FileError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path).map_err(failed("open", path))
}

/// Closes a file that another library made (0600).
///
/// # Errors
/// [`FileError`] where the system says no.
pub fn close_to_others(path: &Path) -> Result<(), FileError> {
    set_rights(path, 0o600)
}

/// Sets who may read and write a file or folder; the bits that hand a group down to new files stay. Touches nothing that has
/// these rights.
///
/// # Errors
/// [`FileError`] where the system says no.
pub fn set_rights(path: &Path, rights: u32) -> Result<(), FileError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let found = fs::metadata(path).map_err(failed("read the rights of", path))?;
        let before = found.permissions().mode() & 0o7777;
        let wanted = (before & 0o7000) | (rights & 0o777);
        if wanted != before {
            fs::set_permissions(path, fs::Permissions::from_mode(wanted)).map_err(failed("set the rights of", path))?;
        }
    }
    Ok(())
}

/// Writes a file beside its place and moves it there: readers see the old bytes or the new ones.
///
/// # Errors
/// [`FileError`] where the system says no; then the old file is untouched.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    write_with_rights(path, bytes, 0o600)
}

/// As [`write_atomic`], for a file that other programs of the machine read and that holds no personal value.
///
/// # Errors
/// [`FileError`] where the system says no; then the old file is untouched.
pub fn write_for_all(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    write_with_rights(path, bytes, 0o644)
}

fn write_with_rights(path: &Path, bytes: &[u8], rights: u32) -> Result<(), FileError> {
    let beside = beside(path);
    let mut file = create(&beside)?;
    set_rights(&beside, rights)?;
    failpoint::write("file.write")
        .and_then(|()| file.write_all(bytes))
        .map_err(failed("write", &beside))?;
    failpoint::step("file.sync");
    file.sync_all().map_err(failed("write", &beside))?;
    rename(&beside, path)
}

/// Moves a file or folder and makes the move lasting.
///
/// # Errors
/// [`FileError`] where the system says no.
pub fn rename(from: &Path, to: &Path) -> Result<(), FileError> {
    failpoint::write("file.rename")
        .and_then(|()| fs::rename(from, to))
        .map_err(failed("move", from))?;
    failpoint::step("file.renamed");
    sync_folder(parent_of(to))
}

/// A bare file name has an empty parent: the current folder.
fn parent_of(path: &Path) -> &Path {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or_else(|| Path::new("."))
}

/// Makes the names in a folder lasting.
///
/// # Errors
/// [`FileError`] where the system says no.
pub fn sync_folder(path: &Path) -> Result<(), FileError> {
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(failed("sync", path))
}

fn beside(path: &Path) -> PathBuf {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    path.with_file_name(format!(".{name}.{}.baru", std::process::id()))
}

/// A file that has been copied. It lasts once it is synced.
pub struct Copy {
    /// The SHA-256 of its bytes, as hex.
    pub sha256: String,
    /// How many they are.
    pub size: u64,
    path: PathBuf,
    file: File,
}

impl Copy {
    /// Makes its bytes lasting, by the handle that wrote them: another might not be told of what went wrong.
    ///
    /// # Errors
    /// [`FileError`] where the system says no.
    pub fn sync(&self) -> Result<(), FileError> {
        self.file.sync_all().map_err(failed("write", &self.path))?;
        failpoint::step("file.synced");
        Ok(())
    }

    /// As [`let_go`], once it lasts.
    pub fn let_go(&self) {
        advise_to_let_go(&self.file);
    }
}

/// Tells the system that nobody reads this file again soon, so that its bytes in memory need not push out those of others. Only a
/// hint: where it cannot be given, all is as before.
pub fn let_go(path: &Path) {
    if let Ok(file) = File::open(path) {
        advise_to_let_go(&file);
    }
}

#[cfg(target_os = "linux")]
fn advise_to_let_go(file: &File) {
    let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
}

#[cfg(not(target_os = "linux"))]
fn advise_to_let_go(_: &File) {}

/// Copies a file and hashes it on the way.
///
/// # Errors
/// [`FileError`] where either side fails.
pub fn copy_hashed(from: &Path, to: &Path) -> Result<Copy, FileError> {
    let mut source = File::open(from).map_err(failed("open", from))?;
    let mut target = create(to)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0u8; 1 << 20];
    let mut size = 0;
    loop {
        let read = source.read(&mut buffer).map_err(failed("read", from))?;
        if read == 0 {
            break;
        }
        hasher.update(&buffer[..read]);
        failpoint::write("file.copy")
            .and_then(|()| target.write_all(&buffer[..read]))
            .map_err(failed("write", to))?;
        size += read as u64;
    }
    failpoint::step("file.copied");
    Ok(Copy {
        sha256: hex(&hasher.finalize()),
        size,
        path: to.to_owned(),
        file: target,
    })
}

/// The SHA-256 of a file as hex.
///
/// # Errors
/// [`FileError`] where it cannot be read.
pub fn hash(path: &Path) -> Result<String, FileError> {
    let mut source = File::open(path).map_err(failed("open", path))?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0u8; 1 << 20];
    loop {
        let read = source.read(&mut buffer).map_err(failed("read", path))?;
        if read == 0 {
            return Ok(hex(&hasher.finalize()));
        }
        hasher.update(&buffer[..read]);
    }
}

/// Bytes as hex digits.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_replaces_whole_and_leaves_nothing_beside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        write_atomic(&path, b"one").unwrap();
        write_atomic(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_copy_knows_its_hash() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&from, b"abc").unwrap();
        let copy = copy_hashed(&from, &to).unwrap();
        copy.sync().unwrap();
        assert_eq!(copy.size, 3);
        let hash_of_copy = copy.sha256;
        assert_eq!(
            hash_of_copy,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(hash(&to).unwrap(), hash_of_copy);
    }

    #[test]
    fn what_is_let_go_is_still_there() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&from, vec![7u8; 1 << 20]).unwrap();
        let copy = copy_hashed(&from, &to).unwrap();
        copy.sync().unwrap();
        copy.let_go();
        let_go(&from);
        let_go(&folder.path().join("no such file"));
        assert_eq!(fs::read(&from).unwrap(), fs::read(&to).unwrap());
    }
}
