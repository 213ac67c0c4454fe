//! The local service as a child process, with secrets and a database of its own.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::cargo;
use crate::console::say;
use crate::process::{self, Running};

/// A running service; dropping it ends it and removes its database.
pub struct Service {
    /// Where it listens, such as `http://127.0.0.1:40123`.
    pub url: String,
    /// The token that it accepts.
    pub token: String,
    /// The project whose keys it makes.
    pub project_id: String,
    running: Running,
    _database: TempDir,
}

impl Service {
    /// Builds the service and starts it on a free port.
    pub fn start(configure: impl FnOnce(&mut Command)) -> Result<Self> {
        let mut command = Command::new(cargo::build_service()?);
        let database = tempfile::tempdir().context("cannot make a temporary folder")?;
        let token = random_hex(32)?;
        let project_id = random_hex(16)?;
        command
            .args(["--project-id", &project_id, "--data"])
            .arg(database.path().join("keys.sqlite"))
            .env("NODE_PROVIDER_TOKEN", &token);
        configure(&mut command);
        let (running, url) = listen(&mut command)?;
        Ok(Self {
            url,
            token,
            project_id,
            running,
            _database: database,
        })
    }

    /// Waits until the service ends.
    pub fn wait(&mut self) -> Result<()> {
        self.running.wait().map(drop)
    }
}

/// The service as a relay to the real one, without secrets and without a database; dropping it ends it.
pub struct Relay {
    /// Where it listens, such as `http://127.0.0.1:40123`.
    pub url: String,
    running: Running,
}

impl Relay {
    /// Builds the service and starts it on a free port, with `ca` in place of the public authorities.
    pub fn start(
        upstream: &str,
        iam: Option<&str>,
        ca: Option<&Path>,
        configure: impl FnOnce(&mut Command),
    ) -> Result<Self> {
        let mut command = Command::new(cargo::build_service()?);
        command.args(["--upstream", upstream]);
        if let Some(url) = iam {
            command.args(["--upstream-iam", url]);
        }
        if let Some(file) = ca {
            command.arg("--upstream-ca").arg(file);
        }
        configure(&mut command);
        let (running, url) = listen(&mut command)?;
        Ok(Self { url, running })
    }

    /// Waits until the relay ends.
    pub fn wait(&mut self) -> Result<()> {
        self.running.wait().map(drop)
    }
}

fn listen(command: &mut Command) -> Result<(Running, String)> {
    command.args(["--listen", "127.0.0.1:0"]);
    let (running, url) =
        process::start_and_wait_for(command, "listening on ", Duration::from_secs(30))?;
    say("service", format!("listening on {url}"));
    Ok((running, url))
}

/// Serves the page and the package from the repository `root`.
pub fn with_page(root: &Path) -> impl FnOnce(&mut Command) {
    move |command| {
        command.arg("--www").arg(root);
    }
}

/// `count` bytes of the system's randomness, as text.
pub fn random_hex(count: usize) -> Result<String> {
    let mut bytes = vec![0; count];
    File::open("/dev/urandom")
        .and_then(|mut file| file.read_exact(&mut bytes))
        .context("cannot read /dev/urandom")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
