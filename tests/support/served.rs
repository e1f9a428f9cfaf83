//! An application on a free port of this machine, for protocols that need a connection.

use axum::Router;

/// Serves for as long as the test's runtime lives: the port's `127.0.0.1:…`.
pub async fn served(app: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound port has an address");
    tokio::spawn(async move { axum::serve(listener, app).await });
    address.to_string()
}
