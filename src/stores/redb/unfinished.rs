//! A file whose making was cut short.
//!
//! redb gives a new file its length, then a header, then the nine bytes that make it a redb file. A process that is killed before
//! the last step leaves a file that redb refuses for ever, though nothing was ever stored in it. Such a file is emptied, so that
//! it is made anew.

use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind, Read, Seek};

/// The bytes that redb writes last.
const MAGIC_LEN: usize = 9;
/// The header that it writes before; all else is zero until the first commit.
const HEADER_LEN: usize = 320;
/// More than any new file has.
const LONGEST: u64 = 16 << 20;

/// Empties the file if its making was cut short.
pub(super) fn clear(file: &File) -> io::Result<()> {
    if !is_unfinished(file)? {
        return Ok(());
    }
    match file.try_lock() {
        Ok(()) => {}
        // Another process is making it just now; redb says so next.
        Err(TryLockError::WouldBlock) => return Ok(()),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    // Looked at again: it may have been finished before the lock was free.
    if is_unfinished(file)? {
        file.set_len(0)?;
    }
    file.unlock()
}

/// Anything but zeros behind the header is somebody's data.
fn is_unfinished(mut file: &File) -> io::Result<bool> {
    if !(1..=LONGEST).contains(&file.metadata()?.len()) {
        return Ok(false);
    }
    file.rewind()?;
    let mut magic = [0; MAGIC_LEN];
    match file.read_exact(&mut magic) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(false),
        read => read?,
    }
    if magic != [0; MAGIC_LEN] {
        return Ok(false);
    }
    let mut rest = Vec::new();
    file.take(LONGEST).read_to_end(&mut rest)?;
    Ok(rest.iter().skip(HEADER_LEN - MAGIC_LEN).all(|byte| *byte == 0))
}
