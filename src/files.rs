//! The one path by which results reach the disk.
//!
//! A file is written to a temporary beside its target, flushed, synced, renamed, and its directory synced. Under a
//! final name there is therefore either nothing, the old file, or the whole new file, whatever fails and whenever.
//! A temporary is called `.NAME.partial-PID-N`; the number keeps writers of one process apart. One that is dropped
//! without [`AtomicFile::commit`] is removed, and what a killed process left is removed by [`sweep_leftovers`].
//!
//! Where a final name is a symbolic link, the file that it leads to is the target, and the link stays. What is there
//! and is no regular file is never replaced; an output that a user sends to a pipe or a device is written to it
//! ([`write_output`]).
//!
//! What is asked of the disk goes through [`Disk`], so that tests can make any of it fail.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// What stands between the name of a target and the process id in the name of its temporary.
const MARK: &str = ".partial-";

/// The file in a run directory on which the lock is held.
const LOCK_NAME: &str = ".lock";

/// A file operation that failed.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The system refused an operation.
    #[error("cannot {operation} {}: {cause}{}", .path.display(), advice(.operation, .cause, .written, .needed))]
    Failed {
        /// What was tried.
        operation: Operation,
        /// On which file or directory.
        path: PathBuf,
        /// What the system answered.
        cause: io::Error,
        /// Bytes of the file written before.
        written: u64,
        /// Bytes the whole file takes, when that is known beforehand.
        needed: Option<u64>,
    },
    /// A file is of another kind than it should be.
    #[error("cannot read {}: {found}; {allowed} is expected", .path.display())]
    WrongKind {
        /// The file.
        path: PathBuf,
        /// What it is.
        found: String,
        /// What it should be.
        allowed: &'static str,
    },
    /// A file does not hold what it should.
    #[error("cannot read {}: {found}; {remedy}", .path.display())]
    Unfit {
        /// The file.
        path: PathBuf,
        /// What it holds.
        found: String,
        /// What to do about it.
        remedy: String,
    },
    /// Another process holds the lock on a directory.
    #[error(
        "{} is in use by {}: wait until it ends, or choose another directory",
        .directory.display(),
        holder_text(.holder)
    )]
    InUse {
        /// The directory.
        directory: PathBuf,
        /// The process that holds it, when it could be read.
        holder: Option<u32>,
    },
}

/// What was tried when a [`FileError`] came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Reading a file.
    Read,
    /// Making a directory.
    CreateDirectory,
    /// Creating the temporary.
    Create,
    /// Writing to the temporary.
    Write,
    /// Making sure that the bytes are on the disk.
    Sync,
    /// Giving the file its final name.
    Rename,
    /// Making sure that the new name is on the disk.
    SyncDirectory,
    /// Listing a directory.
    List,
    /// Removing a file that is not needed any more.
    Remove,
    /// Taking the lock on a directory.
    Lock,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "read",
            Self::CreateDirectory => "create directory",
            Self::Create => "create",
            Self::Write => "write",
            Self::Sync => "bring to the disk",
            Self::Rename => "put in place",
            Self::SyncDirectory => "bring to the disk the new name of",
            Self::List => "list",
            Self::Remove => "remove",
            Self::Lock => "lock",
        })
    }
}

impl FileError {
    fn failed(operation: Operation, path: &Path, cause: io::Error) -> Self {
        Self::Failed { operation, path: path.to_path_buf(), cause, written: 0, needed: None }
    }

    pub(crate) fn needing(mut self, bytes: u64) -> Self {
        if let Self::Failed { needed, .. } = &mut self {
            *needed = Some(bytes);
        }
        self
    }

    /// The error that an [`AtomicFile`] wrapped for its `Write` callers, or else a failed write to `path`.
    pub fn from_io(error: io::Error, path: &Path) -> Self {
        error.downcast::<Self>().unwrap_or_else(|other| Self::failed(Operation::Write, path, other))
    }
}

/// What to do about an error, starting with the punctuation that joins it to the cause.
fn advice(operation: &Operation, cause: &io::Error, written: &u64, needed: &Option<u64>) -> String {
    use io::ErrorKind::{NotFound, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    match (cause.kind(), needed) {
        (StorageFull | QuotaExceeded, Some(all)) => format!(
            "; {written} of the {all} bytes of this file had been written: free at least {} bytes there, or choose \
             another directory",
            all.saturating_sub(*written).max(1)
        ),
        (StorageFull | QuotaExceeded, None) => format!(
            "; {written} bytes of this file had been written and more are needed: free space there, or choose another \
             directory"
        ),
        (PermissionDenied | ReadOnlyFilesystem, _) => "; choose a directory that you may write to".into(),
        (NotFound, _) => "; see that its directory exists".into(),
        _ if *operation == Operation::SyncDirectory => {
            "; the file is whole, but may be gone after a power failure: check the disk".into()
        }
        _ => "; check the disk and the path, then try again".into(),
    }
}

fn holder_text(holder: &Option<u32>) -> String {
    holder.map_or_else(|| "another process".into(), |pid| format!("process {pid}"))
}

/// What is asked of the disk.
pub trait Disk: Send + Sync {
    /// Creates a file that does not exist yet.
    fn create_new(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Gives a file another name, in place of what bore it.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Waits until the names in a directory are on the disk.
    fn sync_directory(&self, directory: &Path) -> io::Result<()>;
    /// Opens a file that grows, cut back to a length that it has; of length 0, it is made if there is none.
    fn open_growing(&self, path: &Path, length: u64) -> io::Result<Box<dyn DiskFile>>;
}

/// A file open for writing.
pub trait DiskFile: Write + Send {
    /// Waits until what was written is on the disk.
    fn sync(&mut self) -> io::Result<()>;
}

/// The disk of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

impl DiskFile for File {
    fn sync(&mut self) -> io::Result<()> {
        self.sync_all()
    }
}

impl Disk for RealDisk {
    fn create_new(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(OpenOptions::new().write(true).create_new(true).open(path)?))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    #[cfg(unix)]
    fn sync_directory(&self, directory: &Path) -> io::Result<()> {
        match File::open(directory)?.sync_all() {
            // Some network file systems cannot sync a directory; they order its changes themselves.
            Err(e) if matches!(e.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
            other => other,
        }
    }

    #[cfg(not(unix))]
    fn sync_directory(&self, _: &Path) -> io::Result<()> {
        // Elsewhere a directory cannot be opened as a file, and the system looks after its names.
        Ok(())
    }

    fn open_growing(&self, path: &Path, length: u64) -> io::Result<Box<dyn DiskFile>> {
        let mut file = OpenOptions::new().write(true).create(length == 0).truncate(false).open(path)?;
        if file.metadata()?.len() < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        file.set_len(length)?;
        file.seek(io::SeekFrom::End(0))?;
        Ok(Box::new(file))
    }
}

/// A file that appears under its name whole or not at all.
pub struct AtomicFile {
    disk: Arc<dyn Disk>,
    file: Option<Box<dyn DiskFile>>,
    temporary: PathBuf,
    target: PathBuf,
    written: u64,
    needed: Option<u64>,
    /// A write failed, so bytes may be missing: the file must not be committed.
    broken: bool,
}

impl AtomicFile {
    /// Starts a file that will be called `target`.
    pub fn create(target: &Path) -> Result<Self, FileError> {
        Self::create_on(Arc::new(RealDisk), target)
    }

    /// Starts a file on a given disk. Where `target` is a symbolic link, what it points to is written and the link
    /// stays; what is there and is no regular file is left alone.
    pub fn create_on(disk: Arc<dyn Disk>, target: &Path) -> Result<Self, FileError> {
        let fail = |cause| FileError::failed(Operation::Create, target, cause);
        if fs::metadata(target).is_ok_and(|about| !about.is_file()) {
            return Err(fail(io::Error::other("it is there already, and not as a regular file")));
        }
        let target = &behind_links(target).map_err(fail)?;
        let name = target.file_name().ok_or_else(|| fail(io::ErrorKind::InvalidFilename.into()))?;
        loop {
            let temporary = target.with_file_name(temporary_name(name));
            match disk.create_new(&temporary) {
                Ok(file) => {
                    let (file, target) = (Some(file), target.to_path_buf());
                    return Ok(Self {
                        disk,
                        file,
                        temporary,
                        target,
                        written: 0,
                        needed: None,
                        broken: false,
                    });
                }
                // Process ids come round again, and always do in containers, so the name may be that of a dead
                // process's leftover or of another machine's file in progress: take the next and touch neither.
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(fail(e)),
            }
        }
    }

    /// The final name.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Says how long the whole file will be, for the message when the disk is full.
    pub fn expect_bytes(&mut self, needed: u64) {
        self.needed = Some(needed);
    }

    /// Brings the file to the disk and gives it its final name.
    ///
    /// After an error the final name bears what it bore before, except that after a failed
    /// [`Operation::SyncDirectory`] it bears the new file, whole.
    pub fn commit(mut self) -> Result<(), FileError> {
        self.commit_in_place()
    }

    /// As [`AtomicFile::commit`], for an owner that cannot give the file away; nothing can be written afterwards.
    pub(crate) fn commit_in_place(&mut self) -> Result<(), FileError> {
        let file = self.file.take().filter(|_| !self.broken);
        let Some(mut file) = file else {
            return Err(self.failure(Operation::Write, io::Error::other("an earlier write had failed")));
        };
        file.flush().map_err(|e| self.failure(Operation::Write, e))?;
        file.sync().map_err(|e| self.failure(Operation::Sync, e))?;
        drop(file);
        let renamed = self.disk.rename(&self.temporary, &self.target);
        renamed.map_err(|e| self.failure(Operation::Rename, e))?;
        self.temporary.clear();
        let synced = self.disk.sync_directory(directory_of(&self.target));
        synced.map_err(|e| self.failure(Operation::SyncDirectory, e))
    }

    fn failure(&self, operation: Operation, cause: io::Error) -> FileError {
        let (path, written, needed) = (self.target.clone(), self.written, self.needed);
        FileError::Failed { operation, path, cause, written, needed }
    }

    /// Passes an error of the disk on with the file's name in it, and remembers that bytes may be missing.
    fn wrap(&mut self, cause: io::Error) -> io::Error {
        if cause.kind() == io::ErrorKind::Interrupted {
            return cause;
        }
        self.broken = true;
        io::Error::new(cause.kind(), self.failure(Operation::Write, cause))
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let result = self.file.as_mut().map_or(Ok(0), |file| file.write(bytes));
        let count = result.map_err(|e| self.wrap(e))?;
        self.written += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.file.as_mut().map_or(Ok(()), |file| file.flush());
        result.map_err(|e| self.wrap(e))
    }
}

impl Drop for AtomicFile {
    fn drop(&mut self) {
        if !self.temporary.as_os_str().is_empty() {
            self.file = None;
            // Nobody is left to tell of a failure; the next sweep tries again.
            let _ = self.disk.remove(&self.temporary);
        }
    }
}

/// A file that grows while a run goes on and is no result: what is in it counts only as far as a snapshot, written
/// after it was synced, says that it does. It is the one file that is not written by way of a temporary.
pub struct GrowingFile {
    file: Box<dyn DiskFile>,
    path: PathBuf,
    length: u64,
}

impl GrowingFile {
    /// Opens it, cut back to a length that it has; of length 0, it is made if there is none.
    pub fn open_on(disk: &Arc<dyn Disk>, path: &Path, length: u64) -> Result<Self, FileError> {
        let fail = |operation, cause| FileError::failed(operation, path, cause);
        let file = disk.open_growing(path, length).map_err(|e| fail(Operation::Create, e))?;
        disk.sync_directory(directory_of(path)).map_err(|e| fail(Operation::SyncDirectory, e))?;
        Ok(Self { file, path: path.to_path_buf(), length })
    }

    /// Adds bytes at its end.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        self.file.write_all(bytes).map_err(|e| self.failure(Operation::Write, e))?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Waits until what was added is on the disk.
    pub fn sync(&mut self) -> Result<(), FileError> {
        let synced = self.file.flush().and_then(|()| self.file.sync());
        synced.map_err(|e| self.failure(Operation::Sync, e))
    }

    /// Its length.
    pub fn length(&self) -> u64 {
        self.length
    }

    fn failure(&self, operation: Operation, cause: io::Error) -> FileError {
        let (path, written) = (self.path.clone(), self.length);
        FileError::Failed { operation, path, cause, written, needed: None }
    }
}

/// Removes a file, if there is one.
pub fn remove_file_on(disk: &dyn Disk, path: &Path) -> Result<(), FileError> {
    match disk.remove(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(FileError::failed(Operation::Remove, path, e)),
        _ => Ok(()),
    }
}

/// A name for a temporary that no other writer of this process has.
fn temporary_name(name: &OsStr) -> OsString {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let mut temporary = OsString::from(".");
    temporary.push(name);
    temporary.push(format!("{MARK}{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
    temporary
}

/// Whether a file's name is one that [`temporary_name`] gives.
fn is_leftover(name: &OsStr) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let name = name.to_string_lossy();
    let Some((target, numbers)) = name.strip_prefix('.').and_then(|rest| rest.rsplit_once(MARK)) else {
        return false;
    };
    !target.is_empty() && numbers.split_once('-').is_some_and(|(pid, n)| digits(pid) && digits(n))
}

/// The directory a file is in.
fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// The file behind a path that may be a symbolic link, or a link to one; it need not exist.
fn behind_links(path: &Path) -> io::Result<PathBuf> {
    /// As many as Linux follows.
    const MOST_LINKS: u32 = 40;
    let mut path = path.to_path_buf();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&path) {
            Ok(next) => path = directory_of(&path).join(next),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("its symbolic links lead nowhere"))
}

/// Writes to where a user wants an output: a file, whole or not at all, or a pipe or device, which stays what it is.
pub fn write_output(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    match fs::metadata(path) {
        Ok(about) if !about.is_file() && !about.is_dir() => {
            let fail = |operation| move |cause| FileError::failed(operation, path, cause);
            let mut open = OpenOptions::new().write(true).open(path).map_err(fail(Operation::Create))?;
            open.write_all(bytes).and_then(|()| open.flush()).map_err(fail(Operation::Write))
        }
        _ => write_atomically(path, bytes),
    }
}

/// Writes a whole file at once, or leaves what there was.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    write_atomically_on(Arc::new(RealDisk), path, bytes)
}

/// Writes a whole file at once on a given disk.
pub fn write_atomically_on(disk: Arc<dyn Disk>, path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let length = bytes.len() as u64;
    let mut file = AtomicFile::create_on(disk, path).map_err(|e| e.needing(length))?;
    file.expect_bytes(length);
    file.write_all(bytes).map_err(|e| FileError::from_io(e, path))?;
    file.commit()
}

/// Largest text that is read.
const LARGEST_TEXT_BYTES: u64 = 64 << 20;

/// Reads a regular file of UTF-8 text, of bounded size.
pub fn read_text(path: &Path) -> Result<String, FileError> {
    const ALLOWED: &str = "a regular file of UTF-8 text, of at most 64 MiB";
    let fail = |cause| FileError::failed(Operation::Read, path, cause);
    let not_text = |found: String| FileError::WrongKind { path: path.to_path_buf(), found, allowed: ALLOWED };
    let (file, length) = open_regular(path, ALLOWED)?;
    if length > LARGEST_TEXT_BYTES {
        return Err(not_text(format!("it has {length} bytes")));
    }
    let mut bytes = Vec::new();
    file.take(LARGEST_TEXT_BYTES + 1).read_to_end(&mut bytes).map_err(fail)?;
    if bytes.len() as u64 > LARGEST_TEXT_BYTES {
        return Err(not_text("it grew while it was read".into()));
    }
    String::from_utf8(bytes)
        .map_err(|e| not_text(format!("byte {} is not UTF-8", e.utf8_error().valid_up_to())))
}

/// Opens a regular file for reading, and says how long it is. Anything else is refused before it is opened: opening a
/// pipe would wait for its writer.
pub fn open_regular(path: &Path, allowed: &'static str) -> Result<(File, u64), FileError> {
    let fail = |cause| FileError::failed(Operation::Read, path, cause);
    if !fs::metadata(path).map_err(fail)?.is_file() {
        let found = "it is not a regular file".into();
        return Err(FileError::WrongKind { path: path.to_path_buf(), found, allowed });
    }
    let file = File::open(path).map_err(fail)?;
    let about = file.metadata().map_err(fail)?;
    Ok((file, about.len()))
}

/// Makes a directory and those above it, and brings its name to the disk; one that exists will do.
pub fn create_directory(directory: &Path) -> Result<(), FileError> {
    let fail = |cause| FileError::failed(Operation::CreateDirectory, directory, cause);
    if directory.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(directory).map_err(fail)?;
    RealDisk.sync_directory(directory_of(directory)).map_err(fail)
}

/// Gives a file another name.
pub fn rename_on(disk: &dyn Disk, from: &Path, to: &Path) -> Result<(), FileError> {
    disk.rename(from, to).map_err(|e| FileError::failed(Operation::Rename, to, e))
}

/// What is in a directory, sorted.
pub fn list_directory(directory: &Path) -> Result<Vec<PathBuf>, FileError> {
    let list = |cause| FileError::failed(Operation::List, directory, cause);
    let entries = fs::read_dir(directory).map_err(list)?;
    let mut paths =
        entries.map(|entry| Ok(entry.map_err(list)?.path())).collect::<Result<Vec<_>, FileError>>()?;
    paths.sort();
    Ok(paths)
}

/// Removes the temporaries that killed processes left in a directory, and nothing else; returns those removed.
///
/// It cannot tell a leftover from a file that a living process is writing, so call it with the
/// [`DirectoryLock`] held and before writing.
pub fn sweep_leftovers(directory: &Path) -> Result<Vec<PathBuf>, FileError> {
    let list = |cause| FileError::failed(Operation::List, directory, cause);
    let mut removed = Vec::new();
    for entry in fs::read_dir(directory).map_err(list)? {
        let entry = entry.map_err(list)?;
        if is_leftover(&entry.file_name()) && entry.file_type().map_err(list)?.is_file() {
            let path = entry.path();
            fs::remove_file(&path).map_err(|e| FileError::failed(Operation::Remove, &path, e))?;
            removed.push(path);
        }
    }
    removed.sort();
    Ok(removed)
}

/// The right to write in a directory, held until this is dropped or the process dies, however it dies.
#[derive(Debug)]
pub struct DirectoryLock {
    file: File,
}

impl DirectoryLock {
    /// Takes the lock, or says at once who holds it.
    ///
    /// The lock is the system's on an open file; the process id in the file is only for the message. The file stays
    /// behind, because removing it would let two processes hold locks on two files of one name.
    pub fn acquire(directory: &Path) -> Result<Self, FileError> {
        let path = directory.join(LOCK_NAME);
        let fail = |cause| FileError::failed(Operation::Lock, &path, cause);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(&path).map_err(fail)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::Error(cause)) => return Err(fail(cause)),
            Err(TryLockError::WouldBlock) => {
                return Err(FileError::InUse { directory: directory.into(), holder: read_holder(&mut file) });
            }
        }
        file.set_len(0).and_then(|()| file.rewind()).map_err(fail)?;
        writeln!(file, "{}", std::process::id()).map_err(fail)?;
        Ok(Self { file })
    }
}

impl Drop for DirectoryLock {
    fn drop(&mut self) {
        // An empty file keeps the next holder from being mistaken for this one; the lock itself ends with the file.
        let _ = self.file.set_len(0);
    }
}

/// The process id in a lock file; it is missing for the instant between taking the lock and writing it.
fn read_holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(32).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::process::{Command, Stdio};
    use std::sync::atomic::AtomicBool;

    /// A disk that refuses its N-th operation, or everything from the N-th on, and notes a refused removal.
    pub(crate) struct FailingDisk {
        fail_at: u32,
        for_good: bool,
        count: Arc<AtomicU32>,
        refused_remove: AtomicBool,
    }

    impl FailingDisk {
        pub(crate) fn new(fail_at: u32, for_good: bool) -> Arc<Self> {
            Arc::new(Self {
                fail_at,
                for_good,
                count: Arc::default(),
                refused_remove: AtomicBool::new(false),
            })
        }

        fn step(&self) -> io::Result<()> {
            step(&self.count, self.fail_at, self.for_good)
        }

        pub(crate) fn refused(&self) -> bool {
            self.count.load(Ordering::Relaxed) >= self.fail_at
        }
    }

    fn step(count: &AtomicU32, fail_at: u32, for_good: bool) -> io::Result<()> {
        let n = count.fetch_add(1, Ordering::Relaxed) + 1;
        if n == fail_at || (for_good && n > fail_at) {
            Err(io::ErrorKind::StorageFull.into())
        } else {
            Ok(())
        }
    }

    /// A file whose writes take at most seven bytes each, so that there are many to fail.
    struct FailingFile(Box<dyn DiskFile>, Arc<AtomicU32>, u32, bool);

    impl Write for FailingFile {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            step(&self.1, self.2, self.3)?;
            self.0.write(&bytes[..bytes.len().min(7)])
        }
        fn flush(&mut self) -> io::Result<()> {
            step(&self.1, self.2, self.3)?;
            self.0.flush()
        }
    }

    impl DiskFile for FailingFile {
        fn sync(&mut self) -> io::Result<()> {
            step(&self.1, self.2, self.3)?;
            self.0.sync()
        }
    }

    impl Disk for FailingDisk {
        fn create_new(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
            self.step()?;
            let file = RealDisk.create_new(path)?;
            Ok(Box::new(FailingFile(file, self.count.clone(), self.fail_at, self.for_good)))
        }
        fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
            self.step()?;
            RealDisk.rename(from, to)
        }
        fn remove(&self, path: &Path) -> io::Result<()> {
            self.step().inspect_err(|_| self.refused_remove.store(true, Ordering::Relaxed))?;
            RealDisk.remove(path)
        }
        fn sync_directory(&self, directory: &Path) -> io::Result<()> {
            self.step()?;
            RealDisk.sync_directory(directory)
        }
        fn open_growing(&self, path: &Path, length: u64) -> io::Result<Box<dyn DiskFile>> {
            self.step()?;
            let file = RealDisk.open_growing(path, length)?;
            Ok(Box::new(FailingFile(file, self.count.clone(), self.fail_at, self.for_good)))
        }
    }

    fn names(directory: &Path) -> Vec<String> {
        let entry_name = |e: io::Result<fs::DirEntry>| e.unwrap().file_name().into_string().unwrap();
        let mut names: Vec<_> = fs::read_dir(directory).unwrap().map(entry_name).collect();
        names.sort();
        names
    }

    /// Writes over an old file with the N-th operation failing, for every N, and looks at what is left each time.
    fn fail_everywhere(for_good: bool) -> u32 {
        const NEW: &[u8] = b"the new text, longer than the old one";
        for n in 1.. {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("table.csv");
            fs::write(&path, "old").unwrap();
            let disk = FailingDisk::new(n, for_good);
            let result = write_atomically_on(disk.clone(), &path, NEW);
            let found = fs::read(&path).unwrap();
            if !disk.refused() {
                assert!(result.is_ok() && found == NEW);
                return n;
            }
            let error = result.unwrap_err();
            let text = error.to_string();
            assert!(text.contains("table.csv") && text.contains("free at least"), "{text}");
            let FileError::Failed { operation, .. } = error else { panic!("{error}") };
            let whole = operation == Operation::SyncDirectory;
            assert_eq!(found, if whole { NEW } else { b"old" }, "operation {n}");
            let leftovers = names(dir.path()).len() - 1;
            assert_eq!(leftovers, usize::from(disk.refused_remove.load(Ordering::Relaxed)), "operation {n}");
            assert_eq!(sweep_leftovers(dir.path()).unwrap().len(), leftovers);
            assert_eq!(names(dir.path()), ["table.csv"]);
        }
        unreachable!()
    }

    #[test]
    fn any_one_failing_operation_leaves_the_old_file_or_the_new_one() {
        // One creation, six writes, a flush, a sync, a rename, a sync of the directory; then none fails.
        assert_eq!(fail_everywhere(false), 12);
    }

    #[test]
    fn a_disk_that_stays_away_leaves_at_most_a_leftover_that_is_swept() {
        assert_eq!(fail_everywhere(true), 12);
    }

    #[test]
    fn a_file_not_committed_is_gone() {
        let dir = tempfile::tempdir().unwrap();
        let mut file = AtomicFile::create(&dir.path().join("a")).unwrap();
        file.write_all(b"half").unwrap();
        assert_eq!(names(dir.path()).len(), 1);
        drop(file);
        assert!(names(dir.path()).is_empty());
    }

    #[test]
    fn a_file_with_a_failed_write_cannot_be_committed_later() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        let mut file = AtomicFile::create_on(FailingDisk::new(2, false), &path).unwrap();
        let error = FileError::from_io(file.write_all(b"lost").unwrap_err(), &path);
        assert!(error.to_string().starts_with(&format!("cannot write {}", path.display())), "{error}");
        file.write_all(b"kept").unwrap();
        assert!(file.commit().is_err());
        assert!(names(dir.path()).is_empty());
    }

    #[test]
    fn two_writers_of_one_target_do_not_meet() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        let (mut one, mut two) = (AtomicFile::create(&path).unwrap(), AtomicFile::create(&path).unwrap());
        one.write_all(b"one").unwrap();
        two.write_all(b"two").unwrap();
        two.commit().unwrap();
        one.commit().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!(names(dir.path()), ["a"]);
    }

    #[test]
    fn sweeping_takes_our_leftovers_only() {
        let dir = tempfile::tempdir().unwrap();
        let others =
            [".partial-1-2", "a.partial-1-2", ".a.partial-1-", ".a.partial-x-1", ".a.partial-1", ".lock"];
        for name in others.iter().chain(&[".a.csv.partial-12-0", ".b.partial-x.partial-1-2"]) {
            fs::write(dir.path().join(name), "x").unwrap();
        }
        fs::create_dir(dir.path().join(".d.partial-1-1")).unwrap();
        let removed = sweep_leftovers(dir.path()).unwrap();
        let expected = [".a.csv.partial-12-0", ".b.partial-x.partial-1-2"].map(|name| dir.path().join(name));
        assert_eq!(removed, expected);
        assert_eq!(names(dir.path()).len(), others.len() + 1);
        assert!(is_leftover(&temporary_name(OsStr::new("run.parquet"))));
    }

    #[test]
    fn impossible_targets_are_refused_with_their_name() {
        let dir = tempfile::tempdir().unwrap();
        let absent = write_atomically(&dir.path().join("no/such.csv"), b"x").unwrap_err().to_string();
        assert!(absent.contains("such.csv") && absent.contains("see that its directory exists"), "{absent}");
        assert!(write_atomically(Path::new("/"), b"x").is_err());
        fs::create_dir(dir.path().join("taken")).unwrap();
        assert!(write_atomically(&dir.path().join("taken"), b"x").is_err());
        assert_eq!(names(dir.path()), ["taken"]);
        create_directory(&dir.path().join("no/such")).unwrap();
        create_directory(&dir.path().join("no/such")).unwrap();
        write_atomically(&dir.path().join("no/such/file"), b"x").unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_links_and_their_files_are_written() {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        fs::create_dir(path("far")).unwrap();
        fs::write(path("far/file"), "old").unwrap();
        symlink("far/file", path("link")).unwrap();
        symlink(path("link"), path("again")).unwrap();
        symlink("far/new", path("dangling")).unwrap();
        symlink("ring", path("ring")).unwrap();
        for (link, file) in [("link", "far/file"), ("again", "far/file"), ("dangling", "far/new")] {
            write_atomically(&path(link), link.as_bytes()).unwrap();
            assert_eq!(fs::read(path(file)).unwrap(), link.as_bytes());
            assert!(path(link).is_symlink());
        }
        assert!(write_atomically(&path("ring"), b"x").unwrap_err().to_string().contains("links"));
        assert_eq!(names(&path("far")), ["file", "new"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_written_to_as_an_output_and_is_never_replaced() {
        use std::os::unix::fs::FileTypeExt;
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let refused = write_atomically(&pipe, b"x").unwrap_err().to_string();
        assert!(refused.contains("pipe: it is there already, and not as a regular file"), "{refused}");
        let reader = Command::new("cat").arg(&pipe).stdout(Stdio::piped()).spawn().unwrap();
        write_output(&pipe, b"all of it").unwrap();
        assert_eq!(reader.wait_with_output().unwrap().stdout, b"all of it");
        assert!(fs::symlink_metadata(&pipe).unwrap().file_type().is_fifo());
        assert_eq!(names(dir.path()), ["pipe"]);
    }

    #[test]
    fn a_lock_is_refused_while_held_and_free_afterwards() {
        let dir = tempfile::tempdir().unwrap();
        let lock = DirectoryLock::acquire(dir.path()).unwrap();
        let refused = DirectoryLock::acquire(dir.path()).unwrap_err();
        assert!(refused.to_string().contains(&format!("process {}", std::process::id())), "{refused}");
        drop(lock);
        DirectoryLock::acquire(dir.path()).unwrap();
    }

    const HOLD: &str = "LANDFALL_TEST_HOLD_LOCK";

    /// Does nothing unless started by the next test as a process of its own.
    #[test]
    fn hold_a_lock_until_killed() {
        if let Ok(directory) = std::env::var(HOLD) {
            let _lock = DirectoryLock::acquire(Path::new(&directory)).unwrap();
            std::thread::sleep(std::time::Duration::from_secs(60));
        }
    }

    #[test]
    fn a_lock_dies_with_its_holder() {
        let dir = tempfile::tempdir().unwrap();
        let module = module_path!().split_once("::").unwrap().1;
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &format!("{module}::hold_a_lock_until_killed")])
            .env(HOLD, dir.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let lock_file = dir.path().join(LOCK_NAME);
        for _ in 0..1000 {
            if fs::read_to_string(&lock_file).is_ok_and(|text| text.ends_with('\n')) {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        let refused = DirectoryLock::acquire(dir.path());
        child.kill().unwrap();
        child.wait().unwrap();
        match refused {
            Err(FileError::InUse { holder, .. }) => assert_eq!(holder, Some(child.id())),
            other => panic!("{other:?}"),
        }
        DirectoryLock::acquire(dir.path()).unwrap();
    }
}
