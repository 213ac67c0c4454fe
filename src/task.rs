//! Runs futures in place: first when they are started, then whenever what they wait for settles.
//!
//! A callback of a promise runs in the context in which it was registered (`AsyncLocalStorage` on
//! servers). Polled right there, all that a call does runs in its own caller's context. The executor
//! of wasm-bindgen-futures keeps one queue instead, and runs all futures in the context of whoever
//! came first.

use core::cell::RefCell;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Waker};
use std::sync::Arc;
use std::task::Wake;

type Task = Pin<Box<dyn Future<Output = ()>>>;

/// A place for a task.
enum Place {
    Free,
    /// Its task is being polled.
    Running,
    /// Its task waits.
    Waiting(Task),
}

thread_local! {
    static PLACES: RefCell<Vec<Place>> = const { RefCell::new(Vec::new()) };
}

/// Puts something in a place; gives what was there. No task runs meanwhile: it may start another.
fn replace(at: usize, new: Place) -> Place {
    PLACES.with_borrow_mut(|places| match places.get_mut(at) {
        Some(place) => core::mem::replace(place, new),
        None => Place::Free,
    })
}

/// Polls the task at a place.
struct Poller(usize);

impl Wake for Poller {
    fn wake(self: Arc<Self>) {
        let at = self.0;
        match replace(at, Place::Running) {
            Place::Waiting(task) => poll(task, self),
            other => drop(replace(at, other)),
        }
    }
}

fn poll(mut task: Task, poller: Arc<Poller>) {
    let at = poller.0;
    let waker = Waker::from(poller);
    let is_done = task
        .as_mut()
        .poll(&mut Context::from_waker(&waker))
        .is_ready();
    replace(
        at,
        if is_done {
            Place::Free
        } else {
            Place::Waiting(task)
        },
    );
}

/// Runs a future until it waits for the first time, and on from there whenever it is woken.
pub fn start(future: impl Future<Output = ()> + 'static) {
    let at = PLACES.with_borrow_mut(|places| {
        let free = places.iter().position(|place| matches!(place, Place::Free));
        let at = free.unwrap_or(places.len());
        if at == places.len() {
            places.push(Place::Running);
        }
        at
    });
    replace(at, Place::Running);
    poll(Box::pin(future), Arc::new(Poller(at)));
}
