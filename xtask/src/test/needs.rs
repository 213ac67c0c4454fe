//! What several suites need: made once, when the first of them asks for it.

use std::path::PathBuf;

use anyhow::{Result, anyhow};
use tempfile::TempDir;

use crate::{cargo, package};

/// Made so far; what could not be made is not tried again.
#[derive(Default)]
pub struct Needs {
    /// Whether suites run whole, however long they take.
    pub full: bool,
    consumer: Option<Result<TempDir, String>>,
    trap_consumer: Option<Result<TempDir, String>>,
    service: Option<Result<PathBuf, String>>,
}

impl Needs {
    /// Nothing made yet.
    pub fn new(full: bool) -> Self {
        Self {
            full,
            ..Self::default()
        }
    }

    /// A folder in which the packed package is installed.
    pub fn consumer(&mut self) -> Result<PathBuf> {
        once(&mut self.consumer, || {
            package::consumer(&package::publishable()?)
        })
        .map(|folder| folder.path().to_owned())
    }

    /// The same with the exports that trap on purpose.
    pub fn trap_consumer(&mut self) -> Result<PathBuf> {
        once(&mut self.trap_consumer, || {
            let folder = cargo::target_folder()?.join("package/trap");
            package::build(&folder, &["trap"])?;
            package::consumer(&folder)
        })
        .map(|folder| folder.path().to_owned())
    }

    /// The local service's program.
    pub fn service(&mut self) -> Result<PathBuf> {
        once(&mut self.service, cargo::build_service).cloned()
    }
}

fn once<T>(slot: &mut Option<Result<T, String>>, make: impl FnOnce() -> Result<T>) -> Result<&T> {
    slot.get_or_insert_with(|| make().map_err(|error| format!("{error:#}")))
        .as_ref()
        .map_err(|error| anyhow!("{error}"))
}
