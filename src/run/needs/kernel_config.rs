//! The configuration of the running kernel, from where this machine keeps it.

use super::release;
use flate2::read::GzDecoder;
use std::fs::{self, File};
use std::io::Read;
use std::sync::LazyLock;

/// A configuration that was found, or that none was.
#[derive(Debug)]
pub struct Config {
    /// The file, and what is in it.
    found: Option<(String, String)>,
}

/// A configuration takes some hundred kilobytes; what is larger is none.
const LARGEST: u64 = 16 << 20;

/// The configuration of the running kernel. It is read once.
pub fn configuration() -> &'static Config {
    static CONFIG: LazyLock<Config> = LazyLock::new(|| Config { found: places().into_iter().find_map(read) });
    &CONFIG
}

/// Where distributions keep it; the kernel's own copy comes first, for it cannot be another kernel's.
fn places() -> Vec<String> {
    let release = release();
    vec![
        "/proc/config.gz".into(),
        format!("/boot/config-{release}"),
        format!("/lib/modules/{release}/config"),
        format!("/usr/lib/modules/{release}/config"),
        format!("/lib/modules/{release}/build/.config"),
    ]
}

impl Config {
    /// The file that it was read from.
    pub fn source(&self) -> Option<&str> {
        self.found.as_ref().map(|(path, _)| path.as_str())
    }

    /// Why `option` cannot be relied upon; `None` when it is built in or a module.
    pub fn reason(&self, option: &str) -> Option<String> {
        let Some((path, text)) = &self.found else {
            return Some(format!("the kernel's configuration is not to be had: none of {} is there", places().join(", ")));
        };
        match value(text, option) {
            Some("y" | "m") => None,
            Some(other) => Some(format!("CONFIG_{option} is {other} in {path}")),
            None => Some(format!("CONFIG_{option} is not set in {path}")),
        }
    }
}

impl Config {
    /// What `option` is set to: none where no configuration was found, `n` where it is not set.
    pub fn value(&self, option: &str) -> Option<&str> {
        self.found.as_ref().map(|(_, text)| value(text, option).unwrap_or("n"))
    }
}

fn value<'a>(text: &'a str, option: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix("CONFIG_")?.strip_prefix(option)?.strip_prefix('='))
}

fn read(path: String) -> Option<(String, String)> {
    let mut text = String::new();
    if path.ends_with(".gz") {
        GzDecoder::new(File::open(&path).ok()?).take(LARGEST).read_to_string(&mut text).ok()?;
    } else {
        text = fs::read_to_string(&path).ok()?;
    }
    Some((path, text))
}

#[cfg(test)]
mod tests {
    use super::{Config, value};

    #[test]
    fn an_option_is_found_by_its_whole_name() {
        let text = "# CONFIG_IPC is not set\nCONFIG_IPC_NS=y\nCONFIG_HZ=250\n";
        assert_eq!(value(text, "IPC_NS"), Some("y"));
        assert_eq!(value(text, "IPC"), None);
        let config = Config { found: Some(("/boot/config".into(), text.into())) };
        assert_eq!(config.reason("IPC_NS"), None);
        assert_eq!(config.reason("HZ").as_deref(), Some("CONFIG_HZ is 250 in /boot/config"));
        assert_eq!(config.reason("IPC").as_deref(), Some("CONFIG_IPC is not set in /boot/config"));
    }
}
