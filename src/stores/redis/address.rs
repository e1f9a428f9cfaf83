//! Where the servers are: a URL, and in words what is wrong with one. No message repeats a password.

use redis::io::tcp::TcpSettings;
use redis::{ConnectionAddr, ConnectionInfo, IntoConnectionInfo, ProtocolVersion, RedisConnectionInfo};
use session_runtime::StoreError;

/// Sentinel's own port, where a URL names none.
const SENTINEL_PORT: u16 = 26379;

pub(super) enum Address {
    One(ConnectionInfo),
    /// Any nodes of it; the others are found through them.
    Cluster(Vec<ConnectionInfo>),
    Sentinel(Sentinel),
}

pub(super) struct Sentinel {
    pub(super) sentinels: Vec<ConnectionAddr>,
    /// What the sentinels call the group of servers.
    pub(super) name: String,
    /// How to sign in at the sentinels.
    pub(super) login: RedisConnectionInfo,
    /// How to sign in at the servers themselves.
    pub(super) node: RedisConnectionInfo,
    pub(super) tls: bool,
}

impl Address {
    pub(super) fn parse(url: &str) -> Result<Self, StoreError> {
        let parts = Parts::split(url)?;
        match parts.scheme {
            "redis" | "rediss" | "valkey" | "valkeys" | "unix" | "redis+unix" | "valkey+unix" => parts.one(url),
            "redis+cluster" | "valkey+cluster" => parts.cluster("redis"),
            "rediss+cluster" | "valkeys+cluster" => parts.cluster("rediss"),
            "redis+sentinel" | "valkey+sentinel" => parts.sentinel("redis"),
            "rediss+sentinel" | "valkeys+sentinel" => parts.sentinel("rediss"),
            other => Err(parts.wrong(&format!(
                "`{other}` is no scheme of this store: say `redis://`, `rediss://`, `unix://`, `redis+cluster://` or \
                 `redis+sentinel://`"
            ))),
        }
    }
}

/// `scheme://login@hosts/path`, where `path` may end in a query.
struct Parts<'u> {
    scheme: &'u str,
    /// With its `@`, or nothing.
    login: &'u str,
    hosts: &'u str,
    path: &'u str,
}

impl<'u> Parts<'u> {
    fn split(url: &'u str) -> Result<Self, StoreError> {
        let Some((scheme, rest)) = url.split_once("://") else {
            return Err(StoreError::message("a redis URL has a scheme in front: say `redis://host:6379`"));
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let (login, hosts) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
        Ok(Self { scheme, login, hosts, path })
    }

    fn one(self, url: &str) -> Result<Address, StoreError> {
        if self.hosts.contains(',') {
            return Err(self.wrong(
                "one server has one address: for a cluster say `redis+cluster://`, for Sentinel `redis+sentinel://`",
            ));
        }
        Ok(Address::One(self.server(url)?))
    }

    fn cluster(self, scheme: &str) -> Result<Address, StoreError> {
        if !self.path.trim_matches('/').is_empty() {
            return Err(self.wrong("a cluster has no databases: end the URL after the last host"));
        }
        let nodes = self.each_host()?.map(|host| self.server(&format!("{scheme}://{}{host}", self.login)));
        Ok(Address::Cluster(nodes.collect::<Result<_, _>>()?))
    }

    fn sentinel(self, scheme: &str) -> Result<Address, StoreError> {
        let (path, query) = self.path.split_once('?').unwrap_or((self.path, ""));
        let path = path.trim_matches('/');
        let (name, database) = path.split_once('/').unwrap_or((path, ""));
        if name.is_empty() {
            return Err(self.wrong(
                "it lacks the name that the sentinels know the servers by: say `redis+sentinel://host:26379/mymaster`",
            ));
        }
        let sentinel = |host: &str| {
            let port = if has_port(host) { String::new() } else { format!(":{SENTINEL_PORT}") };
            self.server(&format!("{scheme}://{host}{port}")).map(|info| info.addr().clone())
        };
        let sentinels = self.each_host()?.map(sentinel).collect::<Result<_, _>>()?;
        let node = self.server(&format!("{scheme}://{}any/{database}", self.login))?;
        Ok(Address::Sentinel(Sentinel {
            sentinels,
            name: name.to_owned(),
            login: self.sentinels_login(scheme, query)?,
            node: node.redis_settings().clone(),
            tls: scheme == "rediss",
        }))
    }

    /// The query of a URL for Sentinel. It is escaped as the login in front of the hosts is.
    fn sentinels_login(&self, scheme: &str, query: &str) -> Result<RedisConnectionInfo, StoreError> {
        let (mut user, mut password) = ("", "");
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sentinel-user", value)) => user = value,
                Some(("sentinel-password", value)) => password = value,
                _ => {
                    return Err(
                        self.wrong("its query may hold `sentinel-user=…` and `sentinel-password=…`, and no more")
                    );
                }
            }
        }
        let login = if password.is_empty() { String::new() } else { format!("{user}:{password}@") };
        Ok(self.server(&format!("{scheme}://{login}any"))?.redis_settings().clone())
    }

    fn each_host(&self) -> Result<impl Iterator<Item = &'u str>, StoreError> {
        if self.hosts.split(',').any(str::is_empty) {
            return Err(self.wrong("a host is missing: separate them by single commas, as in `a:7000,b:7000`"));
        }
        Ok(self.hosts.split(','))
    }

    /// What redis-rs makes of a URL for one server.
    fn server(&self, url: &str) -> Result<ConnectionInfo, StoreError> {
        if url.starts_with("rediss") && !cfg!(feature = "redis-tls") {
            return Err(self.wrong("TLS needs the cargo feature `redis-tls`"));
        }
        #[cfg(feature = "redis-tls")]
        choose_ciphers();
        let info = url.into_connection_info().map_err(|error| self.wrong(&error.to_string()))?;
        let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
        Ok(info.set_redis_settings(settings).set_tcp_settings(tcp_settings()))
    }

    fn wrong(&self, what: &str) -> StoreError {
        StoreError::message(format!("`{}` cannot be used: {what}", self.shown()))
    }

    /// The URL as errors and logs may show it: without login and query.
    fn shown(&self) -> String {
        let path = self.path.split(['?', '#']).next().unwrap_or_default();
        format!("{}://{}{path}", self.scheme, self.hosts)
    }
}

/// The URL as errors and logs may show it.
pub(super) fn shown(url: &str) -> String {
    Parts::split(url).map_or_else(|_| "redis".to_owned(), |parts| parts.shown())
}

/// redis-rs leaves it to the program which of rustls's implementations to use. One that has chosen keeps its choice.
#[cfg(feature = "redis-tls")]
fn choose_ciphers() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

pub(super) fn tcp_settings() -> TcpSettings {
    TcpSettings::default().set_nodelay(true)
}

/// `[::1]` has colons and no port.
fn has_port(host: &str) -> bool {
    host.rsplit(']').next().is_some_and(|end| end.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(url: &str) -> String {
        let error = Address::parse(url).err().expect("it is refused").to_string();
        error.strip_prefix("the session store failed: ").expect("a store's error").to_owned()
    }

    #[test]
    fn every_form_is_understood() {
        for url in
            ["redis://localhost", "redis://:secret@[::1]:6380/3", "valkey://u:p@host", "unix:///run/redis.sock?db=2"]
        {
            assert!(matches!(Address::parse(url), Ok(Address::One(_))), "{url}");
        }
        let Ok(Address::Cluster(nodes)) = Address::parse("redis+cluster://u:s%40@a,b:7001,[::1]:7002/") else {
            panic!("a cluster")
        };
        let addresses: Vec<_> = nodes.iter().map(|node| node.addr().to_string()).collect();
        assert_eq!(addresses, ["a:6379", "b:7001", "::1:7002"]);
        assert!(nodes.iter().all(|node| node.redis_settings().password() == Some("s@")));
        let Ok(Address::Sentinel(sentinel)) = Address::parse("redis+sentinel://:pw@a,b:7001,[::1]/shop/2") else {
            panic!("a sentinel")
        };
        assert_eq!(
            sentinel.sentinels.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["a:26379", "b:7001", "::1:26379"]
        );
        assert_eq!((&*sentinel.name, sentinel.node.db(), sentinel.node.password()), ("shop", 2, Some("pw")));
        assert_eq!((sentinel.login.username(), sentinel.login.password()), (None, None));
        let url = "redis+sentinel://:pw@a/shop?sentinel-user=watch&sentinel-password=s%40";
        let Ok(Address::Sentinel(sentinel)) = Address::parse(url) else { panic!("a sentinel") };
        assert_eq!((sentinel.login.username(), sentinel.login.password()), (Some("watch"), Some("s@")));
        assert_eq!((&*sentinel.name, sentinel.node.db(), sentinel.node.password()), ("shop", 0, Some("pw")));
    }

    #[test]
    fn what_is_wrong_is_said_without_a_password() {
        let cases = [
            ("localhost:6379", "a redis URL has a scheme in front: say `redis://host:6379`"),
            (
                "http://u:hunter2@h/",
                "`http` is no scheme of this store: say `redis://`, `rediss://`, `unix://`, `redis+cluster://` or `redis+sentinel://`",
            ),
            (
                "redis://u:hunter2@a,b",
                "one server has one address: for a cluster say `redis+cluster://`, for Sentinel `redis+sentinel://`",
            ),
            (
                "redis+cluster://u:hunter2@a,,b",
                "a host is missing: separate them by single commas, as in `a:7000,b:7000`",
            ),
            ("redis+cluster://u:hunter2@a/1", "a cluster has no databases: end the URL after the last host"),
            ("redis+sentinel://u:hunter2@a:1", "it lacks the name that the sentinels know the servers by"),
            (
                "redis+sentinel://a/shop?password=hunter2",
                "its query may hold `sentinel-user=…` and `sentinel-password=…`, and no more",
            ),
            ("redis://u:hunter2@h/zero", "Invalid database number"),
            ("redis://u:hunter2@h:99999", "Redis URL did not parse"),
            ("unix://?pass=hunter2", "`unix://` cannot be used: "),
        ];
        for (url, words) in cases {
            let refusal = refusal(url);
            assert!(refusal.contains(words), "{url}: {refusal}");
            assert!(!refusal.contains("hunter2"), "{refusal}");
        }
        #[cfg(not(feature = "redis-tls"))]
        assert_eq!(
            refusal("rediss://u:hunter2@h"),
            "`rediss://h` cannot be used: TLS needs the cargo feature `redis-tls`"
        );
    }
}
