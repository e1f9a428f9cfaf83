//! `load ADDRESS ENDPOINT FILE SECONDS` loads an application, over 64 connections, with what changes who holds which session.
//!
//! - `login` goes through the sessions whose cookie headers FILE has, one a line, and leaves there what became of them.
//! - `begin-logout` ends a session that it began with `/begin` just before: every second request is the one, every second the other.
//!
//! wrk has the other endpoints. It cannot have these: of several cookies in a response it shows its script the last.
//!
//! Prints `done`, the requests, how many microseconds they took, and how many failed: none, since it panics where one does.

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use benches::client::Jar;
use benches::count::header;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

const CONNECTIONS: usize = 64;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [address, endpoint, file, seconds] = words.as_slice() else {
        panic!("usage: load ADDRESS ENDPOINT FILE SECONDS")
    };
    let turn = Turn::named(endpoint);
    let sessions = Arc::new(Sessions::read(file));
    let start = Instant::now();
    let end = start + Duration::from_secs_f64(seconds.parse().expect("a number of seconds"));
    let mut connections = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let connection = Connection::to(address).await;
        connections.spawn(connection.until(end, turn, Arc::clone(&sessions)));
    }
    let mut requests = 0;
    while let Some(done) = connections.join_next().await {
        requests += done.expect("every request is a success");
    }
    let micros = start.elapsed().as_micros();
    sessions.write(file);
    println!("done {requests} {micros} 0");
}

#[derive(Clone, Copy)]
enum Turn {
    Login,
    BeginLogout,
}

impl Turn {
    fn named(endpoint: &str) -> Self {
        match endpoint {
            "login" => Self::Login,
            "begin-logout" => Self::BeginLogout,
            _ => panic!("`login` or `begin-logout`, not `{endpoint}`"),
        }
    }
}

struct Connection {
    host: String,
    stream: TcpStream,
    received: Vec<u8>,
}

impl Connection {
    async fn to(address: &str) -> Self {
        let stream = TcpStream::connect(address).await.expect("it listens");
        stream.set_nodelay(true).expect("a connection");
        Self { host: address.to_owned(), stream, received: Vec::new() }
    }

    /// How many requests it made. The last response is waited for, so that no token is lost.
    async fn until(mut self, end: Instant, turn: Turn, sessions: Arc<Sessions>) -> usize {
        let mut requests = 0;
        while Instant::now() < end {
            requests += match turn {
                Turn::Login => self.login(&sessions).await,
                Turn::BeginLogout => self.begin_and_logout().await,
            };
        }
        requests
    }

    async fn login(&mut self, sessions: &Sessions) -> usize {
        let cookie = sessions.take();
        let set = self.ask("/login", Some(&cookie)).await;
        // An application without sessions sets no cookie, and is asked with the same again.
        sessions.put(if set.is_empty() { cookie } else { after(&cookie, &set) });
        1
    }

    async fn begin_and_logout(&mut self) -> usize {
        let set = self.ask("/begin", None).await;
        self.ask("/logout", Some(&after("", &set))).await;
        2
    }

    /// What the response sets. Panics where it is not a success.
    async fn ask(&mut self, path: &str, cookie: Option<&str>) -> Vec<String> {
        let cookie = cookie.map(|cookie| format!("Cookie: {cookie}\r\n")).unwrap_or_default();
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{cookie}\r\n", self.host);
        // Nothing is on its way there, so there is room for all of it.
        self.stream.writable().await.expect("a connection");
        assert_eq!(self.stream.try_write(request.as_bytes()).expect("a request is sent"), request.len());
        self.received.clear();
        loop {
            self.receive().await;
            if let Some(set) = response(std::str::from_utf8(&self.received).expect("text")) {
                return set;
            }
        }
    }

    async fn receive(&mut self) {
        let mut bytes = [0; 8192];
        loop {
            self.stream.readable().await.expect("a connection");
            match self.stream.try_read(&mut bytes) {
                Ok(0) => panic!("it hung up"),
                Ok(length) => return self.received.extend_from_slice(&bytes[..length]),
                Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock, "{error}"),
            }
        }
    }
}

/// The cookies that it sets, once all of it has come.
fn response(received: &str) -> Option<Vec<String>> {
    let (head, body) = received.split_once("\r\n\r\n")?;
    assert!(head.starts_with("HTTP/1.1 2"), "{received}");
    let (mut set, mut length) = (Vec::new(), 0);
    for (name, value) in head.split("\r\n").filter_map(|line| line.split_once(": ")) {
        if name.eq_ignore_ascii_case("set-cookie") {
            set.push(value.to_owned());
        } else if name.eq_ignore_ascii_case("content-length") {
            length = value.parse().expect("a length");
        }
    }
    (body.len() >= length).then_some(set)
}

/// What a browser with these cookies says after a response that set those.
fn after(cookie: &str, set: &[String]) -> String {
    let mut jar = Jar::default();
    for pair in cookie.split("; ").filter(|pair| !pair.is_empty()) {
        jar.take(pair);
    }
    for set_cookie in set {
        jar.take(set_cookie);
    }
    header(&jar)
}

/// Cookie headers of sessions that no request is using, the next first.
struct Sessions(Mutex<VecDeque<String>>);

impl Sessions {
    fn read(file: &str) -> Self {
        let text = std::fs::read_to_string(file).expect("the file can be read");
        Self(Mutex::new(text.lines().map(str::to_owned).collect()))
    }

    fn write(&self, file: &str) {
        let lines: String = self.all().iter().flat_map(|cookie| [cookie, "\n"]).collect();
        std::fs::write(file, lines).expect("the file can be written");
    }

    fn take(&self) -> String {
        self.all().pop_front().expect("more sessions than connections")
    }

    fn put(&self, cookie: String) {
        self.all().push_back(cookie);
    }

    fn all(&self) -> MutexGuard<'_, VecDeque<String>> {
        self.0.lock().expect("nobody panics meanwhile")
    }
}
