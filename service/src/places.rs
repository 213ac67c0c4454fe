//! How many connections there may be, and which of them makes room for another.

use std::{
    collections::{HashMap, VecDeque},
    net::{IpAddr, Ipv6Addr},
};

use tokio::task::AbortHandle;

use crate::gate::Progress;

/// Connections at a time, so that memory stays bounded. One more takes the place of one that has
/// asked for nothing yet, or is answered, or of which a relay awaits the rest; or it waits in the
/// system's queue.
const CONNECTIONS_MAX: usize = 1_024;

/// Connections of one peer at a time: a quarter of all. All callers of this machine are one
/// peer, and none of them may keep the others out, so that only the whole bounds them.
const OF_ONE_PEER_MAX: usize = 256;

/// The bits of an IPv6 address that one peer does not choose for itself.
const NETWORK: Ipv6Addr = Ipv6Addr::new(0xffff, 0xffff, 0xffff, 0xffff, 0, 0, 0, 0);

/// The connections, the oldest first.
#[derive(Default)]
pub struct Places(VecDeque<Place>);

struct Place {
    peer: IpAddr,
    progress: Progress,
    task: AbortHandle,
}

impl Places {
    /// Remembers a connection.
    pub fn take(&mut self, peer: IpAddr, progress: Progress, task: AbortHandle) {
        if self.0.len() >= 2 * CONNECTIONS_MAX {
            self.0.retain(|place| !place.task.is_finished());
        }
        self.0.push_back(Place {
            peer: whole(peer),
            progress,
            task,
        });
    }

    /// Whether one more can be accepted while there are `count`.
    pub fn has_room(&self, count: usize) -> bool {
        count < CONNECTIONS_MAX || self.0.iter().any(Place::is_expendable)
    }

    /// Makes room for a connection of this peer beside `count` others, and gives whether it may
    /// stay. Where a peer has too many, one of its own makes room or none does. Else it is one of
    /// the peer that has most that can be let go: whoever opens many pays for it.
    pub fn make_room(&mut self, peer: IpAddr, count: usize) -> bool {
        let peer = whole(peer);
        let held = || self.0.iter().filter(|place| !place.task.is_finished());
        if !peer.is_loopback()
            && held().filter(|place| place.peer == peer).count() >= OF_ONE_PEER_MAX
        {
            return self.free_one(peer);
        }
        if count < CONNECTIONS_MAX {
            return true;
        }
        let mut counts = HashMap::new();
        for place in self.0.iter().filter(|place| place.is_expendable()) {
            *counts.entry(place.peer).or_insert(0_usize) += 1;
        }
        let most = counts.into_iter().max_by_key(|(_, count)| *count);
        if let Some((peer, _)) = most {
            self.free_one(peer);
        }
        true
    }

    /// Lets a connection of this peer go: the oldest that is silent, or else the oldest that is
    /// answered, or else the oldest of which the rest is awaited.
    fn free_one(&mut self, peer: IpAddr) -> bool {
        let is_silent: fn(&Place) -> bool = |place| place.progress.is_silent();
        let is_answered: fn(&Place) -> bool = |place| place.progress.is_answered();
        let is_awaited: fn(&Place) -> bool = |place| place.progress.is_awaited();
        let turns = [is_silent, is_answered, is_awaited];
        turns.into_iter().any(|is_next| {
            let oldest = self.0.iter().position(|place| {
                place.peer == peer
                    && is_next(place)
                    && !place.task.is_finished()
                    // A request may come at this very moment.
                    && place.progress.let_go()
            });
            let place = oldest.and_then(|oldest| self.0.remove(oldest));
            place.inspect(|place| place.task.abort()).is_some()
        })
    }
}

impl Place {
    fn is_expendable(&self) -> bool {
        let progress = &self.progress;
        (progress.is_silent() || progress.is_answered() || progress.is_awaited())
            && !self.task.is_finished()
    }
}

/// A peer as it is counted: an IPv6 network is one.
fn whole(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(address) if !address.is_loopback() => IpAddr::V6(address & NETWORK),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use std::{future::pending, net::IpAddr};

    use tokio::task::JoinSet;

    use super::{OF_ONE_PEER_MAX, Places};
    use crate::gate::Progress;

    /// Takes a place as the server does.
    fn enter(places: &mut Places, tasks: &mut JoinSet<()>, peer: &str) -> Option<Progress> {
        let peer: IpAddr = peer.parse().unwrap();
        places.make_room(peer, tasks.len()).then(|| {
            let progress = Progress::default();
            places.take(peer, progress.clone(), tasks.spawn(pending()));
            progress
        })
    }

    fn fill(places: &mut Places, tasks: &mut JoinSet<()>, peer: &str) -> Vec<Progress> {
        (0..OF_ONE_PEER_MAX)
            .map(|_| enter(places, tasks, peer).unwrap())
            .collect()
    }

    #[tokio::test]
    async fn one_peer_holds_a_quarter_and_makes_room_for_itself() {
        let (mut places, mut tasks) = (Places::default(), JoinSet::new());
        let mut silent = fill(&mut places, &mut tasks, "192.0.2.1").into_iter();
        let [oldest, next] = [silent.next().unwrap(), silent.next().unwrap()];
        assert!(next.begin());
        let more = enter(&mut places, &mut tasks, "::ffff:192.0.2.1").unwrap();
        // The oldest went: a request that comes on it at this moment is not done.
        assert!(!oldest.begin());
        assert!(silent.all(|progress| progress.begin()) && more.begin());
        // All are under way.
        assert!(enter(&mut places, &mut tasks, "192.0.2.1").is_none());
        assert!(enter(&mut places, &mut tasks, "192.0.2.2").is_some());
    }

    #[tokio::test]
    async fn a_network_is_one_peer_and_this_machine_is_none() {
        let (mut places, mut tasks) = (Places::default(), JoinSet::new());
        for progress in fill(&mut places, &mut tasks, "2001:db8::1") {
            assert!(progress.begin());
        }
        assert!(enter(&mut places, &mut tasks, "2001:db8::ffff:1").is_none());
        assert!(enter(&mut places, &mut tasks, "2001:db8:0:1::1").is_some());
        for own in ["127.0.0.1", "::1"] {
            for progress in fill(&mut places, &mut tasks, own) {
                assert!(progress.begin());
            }
            assert!(enter(&mut places, &mut tasks, own).is_some());
        }
    }
}
