//! Where tests run.

use std::path::PathBuf;

use anyhow::Result;

use crate::setup::{browsers, geckodriver};

/// Where tests run.
#[derive(Clone, Copy)]
pub enum Host {
    Node,
    Chromium,
    Firefox,
}

impl Host {
    /// What the runners call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
        }
    }

    /// Finds or installs the host; gives its program.
    pub fn program(self) -> Result<PathBuf> {
        match self {
            Self::Node => Ok(PathBuf::from("node")),
            Self::Chromium => browsers::chromium(),
            Self::Firefox => browsers::firefox(),
        }
    }

    /// Folders with what drives the host.
    pub fn driver(self) -> Result<Vec<PathBuf>> {
        match self {
            Self::Node | Self::Chromium => Ok(Vec::new()),
            Self::Firefox => Ok(vec![geckodriver()?]),
        }
    }
}
