//! An application on a port, for a load generator.

use crate::client::Client;
use crate::count::cookies;

/// Sessions that the load is spread over, so that requests at the same time are not rivals for one.
const SESSIONS: usize = 1_000;

/// Writes the cookie headers of prepared sessions into a file, one a line, and gives back a listener, whose address it prints.
pub async fn announce(client: &mut impl Client, file: &str) -> std::net::TcpListener {
    let cookies = cookies(client, SESSIONS).await;
    std::fs::write(file, cookies.join("\n") + "\n").expect("the file can be written");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("a listener that does not block");
    println!("{}", listener.local_addr().expect("an address"));
    listener
}
