//! A disk with little room.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// A file system of a few KiB; none where none can be mounted, which is said.
pub struct Small(PathBuf);

impl Small {
    /// Mounts it.
    pub fn mount(path: PathBuf, kib: u32) -> Option<Self> {
        fs::create_dir(&path).unwrap();
        let size = format!("size={kib}k");
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", &size, "landfall"]).arg(&path).output();
        if mounted.is_ok_and(|m| m.status.success()) {
            return Some(Self(path));
        }
        println!("skipped: no small file system can be mounted here");
        None
    }

    /// Gives it more room.
    pub fn grow(&self, kib: u32) {
        let size = format!("remount,size={kib}k");
        assert!(Command::new("mount").args(["-o", &size]).arg(&self.0).status().unwrap().success());
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}
