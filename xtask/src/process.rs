//! Running other programs: every one in a process group of its own, so that none outlives us.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use nix::sys::signal::{Signal, kill, killpg};
use nix::time::ClockId;
use nix::unistd::Pid;

/// The process groups that run now.
static GROUPS: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());
/// Whether a signal asked us to end: then nothing is started any more.
static ENDING: AtomicBool = AtomicBool::new(false);
/// How long programs may take to end when asked to.
const GRACE: Duration = Duration::from_secs(5);
/// How long between two looks at what a program did.
const LOOK: Duration = Duration::from_millis(20);

fn groups() -> MutexGuard<'static, BTreeSet<i32>> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn signal_all(signal: Signal) {
    for group in groups().iter() {
        killpg(Pid::from_raw(*group), signal).ok();
    }
}

/// Makes Ctrl-C and SIGTERM end every program that we started, so that whoever waits for it goes on and tidies up.
pub fn end_children_on_signal() -> Result<()> {
    ctrlc::set_handler(|| {
        ENDING.store(true, Ordering::SeqCst);
        signal_all(Signal::SIGTERM);
        thread::sleep(GRACE);
        signal_all(Signal::SIGKILL);
    })
    .context("cannot listen for Ctrl-C")
}

/// Whether a signal asked us to end.
pub fn is_ending() -> bool {
    ENDING.load(Ordering::SeqCst)
}

/// A running program; dropping it ends its whole process group.
pub struct Running {
    child: Child,
    group: i32,
    name: String,
}

impl Running {
    /// Starts `command` without standard input.
    pub fn start(command: &mut Command) -> Result<Self> {
        let name = describe(command);
        let mut groups = groups();
        if is_ending() {
            bail!("`{name}` was not started: interrupted");
        }
        let child = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start `{name}`"))?;
        let group = i32::try_from(child.id()).context("a process id out of range")?;
        groups.insert(group);
        Ok(Self { child, group, name })
    }

    /// Waits until the program has ended.
    pub fn wait(&mut self) -> Result<ExitStatus> {
        self.child
            .wait()
            .with_context(|| format!("cannot wait for `{}`", self.name))
    }

    /// Waits until the program has ended, which SIGUSR2 asks of it once it has had so much of the processor's time; gives
    /// that time, too.
    pub fn wait_for_work(&mut self, most: Duration) -> Result<(ExitStatus, Duration)> {
        let program = Pid::from_raw(self.group);
        let clock = ClockId::pid_cpu_clock_id(program)
            .with_context(|| format!("cannot see how long `{}` runs", self.name))?;
        let mut used = Duration::ZERO;
        let mut is_asked = false;
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok((status, used));
            }
            used = clock.now().map_or(used, Duration::from);
            if used >= most && !is_asked {
                is_asked = true;
                kill(program, Signal::SIGUSR2).ok();
            }
            thread::sleep(LOOK);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let running = matches!(self.child.try_wait(), Ok(None));
        if running {
            killpg(Pid::from_raw(self.group), Signal::SIGTERM).ok();
            let start = Instant::now();
            while start.elapsed() < GRACE && matches!(self.child.try_wait(), Ok(None)) {
                thread::sleep(LOOK);
            }
        }
        killpg(Pid::from_raw(self.group), Signal::SIGKILL).ok();
        self.child.wait().ok();
        groups().remove(&self.group);
    }
}

/// Runs `command` with its output shown; gives how it ended.
pub fn status(command: &mut Command) -> Result<ExitStatus> {
    Running::start(command)?.wait()
}

/// Runs `command` with its output shown; an exit code other than 0 is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let status = status(command)?;
    if !status.success() {
        bail!("`{}` failed ({status})", describe(command));
    }
    Ok(())
}

/// What `command` prints on standard output; its messages go to ours.
pub fn output(command: &mut Command) -> Result<String> {
    let bytes = output_bytes(command)?;
    String::from_utf8(bytes).with_context(|| format!("`{}` printed no UTF-8", describe(command)))
}

/// The bytes that `command` writes to standard output; its messages go to ours.
pub fn output_bytes(command: &mut Command) -> Result<Vec<u8>> {
    command.stdout(Stdio::piped());
    let mut running = Running::start(command)?;
    let mut bytes = Vec::new();
    let mut stdout = running.child.stdout.take().context("no standard output")?;
    stdout
        .read_to_end(&mut bytes)
        .with_context(|| format!("cannot read from `{}`", running.name))?;
    let status = running.wait()?;
    if !status.success() {
        bail!("`{}` failed ({status})", running.name);
    }
    Ok(bytes)
}

/// Runs `command` silently; an exit code other than 0 is an error that carries its first line of error.
pub fn run_quietly(command: &mut Command) -> Result<()> {
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    // Backtraces would stand between the error and us.
    command.env_remove("RUST_BACKTRACE");
    let mut running = Running::start(command)?;
    let stderr = running.child.stderr.take().context("no standard error")?;
    let mut lines = BufReader::new(stderr).lines().map_while(Result::ok);
    let error = lines.find(|line| line.starts_with("error"));
    // The rest is read too, so that the program never blocks on a full pipe.
    lines.for_each(drop);
    let status = running.wait()?;
    if !status.success() {
        bail!(
            "`{}` failed: {}",
            running.name,
            error.unwrap_or_else(|| status.to_string())
        );
    }
    Ok(())
}

/// Runs `command`, shows its standard output line by line, and gives it back with the exit status.
pub fn run_and_read(command: &mut Command) -> Result<(ExitStatus, String)> {
    command.stdout(Stdio::piped());
    let mut running = Running::start(command)?;
    let stdout = running.child.stdout.take().context("no standard output")?;
    let mut text = String::new();
    for line in BufReader::new(stdout).split(b'\n') {
        let line = line.with_context(|| format!("cannot read from `{}`", running.name))?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        text.push_str(&line);
        text.push('\n');
    }
    Ok((running.wait()?, text))
}

/// Starts `command` and waits until a line of its output begins with `prefix`; gives the rest of that line.
pub fn start_and_wait_for(
    command: &mut Command,
    prefix: &'static str,
    limit: Duration,
) -> Result<(Running, String)> {
    command.stdout(Stdio::piped());
    let mut running = Running::start(command)?;
    let stdout = running.child.stdout.take().context("no standard output")?;
    let (sender, receiver) = mpsc::channel();
    // Goes on reading afterwards, so that the program never blocks on a full pipe.
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if let Some(rest) = line.strip_prefix(prefix) {
                sender.send(rest.trim().to_owned()).ok();
            }
        }
    });
    let rest = receiver.recv_timeout(limit).map_err(|_| {
        anyhow!(
            "`{}` did not print `{prefix}…` within {} s",
            running.name,
            limit.as_secs()
        )
    })?;
    Ok((running, rest))
}

/// Where `program` stands on `PATH`, if anywhere.
pub fn find(program: &str) -> Option<std::path::PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
}

/// `PATH` with `folders` before it.
pub fn path_with(folders: &[&Path]) -> Result<std::ffi::OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = folders.iter().map(|folder| folder.to_path_buf());
    std::env::join_paths(folders.chain(std::env::split_paths(&path)))
        .context("a folder's name cannot stand on PATH")
}

fn describe(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::time::Duration;

    use super::Running;

    #[test]
    fn a_program_is_asked_to_end_after_its_share_of_the_processor() {
        let share = Duration::from_millis(100);
        let mut command = Command::new("sh");
        command.args(["-c", "trap 'exit 3' USR2; while :; do :; done"]);
        let mut running = Running::start(&mut command).unwrap();
        let (status, used) = running.wait_for_work(share).unwrap();
        assert_eq!(status.code(), Some(3));
        assert!(used >= share);
    }
}
