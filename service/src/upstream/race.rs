//! The fastest of a name's addresses, as RFC 8305 has it: one that is dead costs little.
//!
//! Only connections are raced: nothing is sent before one of them has won.

use std::{collections::VecDeque, io, net::SocketAddr, time::Duration};

use tokio::{net::TcpStream, task::JoinSet, time::sleep};

/// How long one address is waited for before the next is tried beside it.
const HEAD_START: Duration = Duration::from_millis(250);

/// The most addresses that are tried.
const TRIED_MAX: usize = 16;

/// Connects to whichever address answers first. Dropping it ends all tries.
pub async fn connect(addresses: Vec<SocketAddr>) -> io::Result<TcpStream> {
    let mut left = in_turns(addresses);
    let mut tries = JoinSet::new();
    let mut failed = io::Error::from(io::ErrorKind::AddrNotAvailable);
    loop {
        if let Some(address) = left.pop_front() {
            tries.spawn(TcpStream::connect(address));
        }
        tokio::select! {
            tried = tries.join_next() => match tried {
                Some(Ok(Ok(stream))) => return Ok(stream),
                Some(Ok(Err(error))) => failed = error,
                Some(Err(error)) => failed = io::Error::other(error),
                None => return Err(failed),
            },
            () = sleep(HEAD_START), if !left.is_empty() => {}
        }
    }
}

/// Both families in turns, beginning with the one that the system prefers.
fn in_turns(addresses: Vec<SocketAddr>) -> VecDeque<SocketAddr> {
    let first_is_v4 = addresses.first().is_some_and(SocketAddr::is_ipv4);
    let (preferred, other): (Vec<_>, Vec<_>) = addresses
        .into_iter()
        .partition(|address| address.is_ipv4() == first_is_v4);
    let mut other = other.into_iter();
    let mut turns = VecDeque::new();
    for address in preferred {
        turns.push_back(address);
        turns.extend(other.next());
    }
    turns.extend(other);
    turns.truncate(TRIED_MAX);
    turns
}

#[cfg(test)]
mod tests {
    use std::{net::SocketAddr, time::Duration};

    use tokio::{
        net::{TcpListener, TcpSocket, TcpStream},
        time::timeout,
    };

    use super::{connect, in_turns};

    #[test]
    fn the_families_take_turns() {
        let read = |text: &str| text.parse::<SocketAddr>().unwrap();
        let given = ["[::1]:1", "[::2]:1", "[::3]:1", "10.0.0.1:1"].map(read);
        let turns: Vec<_> = in_turns(given.into()).into();
        let wanted = ["[::1]:1", "10.0.0.1:1", "[::2]:1", "[::3]:1"].map(read);
        assert_eq!(turns, wanted);
    }

    #[tokio::test]
    async fn an_address_that_is_dead_costs_little() {
        // With its queue full it answers no more packets, as a machine that is gone.
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let silent = socket.listen(1).unwrap();
        let dead = silent.local_addr().unwrap();
        let mut held = Vec::new();
        while let Ok(Ok(stream)) =
            timeout(Duration::from_millis(500), TcpStream::connect(dead)).await
        {
            held.push(stream);
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let alive = listener.local_addr().unwrap();
        // The system itself gives a dead address up after two minutes.
        let stream = timeout(Duration::from_secs(60), connect(vec![dead, alive]));
        let stream = stream.await.unwrap().unwrap();
        assert_eq!(stream.peer_addr().unwrap(), alive);
        assert!(connect(vec![]).await.is_err());
    }
}
