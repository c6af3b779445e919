//! The lines of /proc/PID/mountinfo, see proc_pid_mountinfo(5); pure.

use super::Mount;
use crate::operation::argument::Bytes;

/// The mounts whose mount point is `path`, the lowest first.
pub fn at(text: &[u8], path: &[u8]) -> Vec<Mount> {
    let path = match path.strip_suffix(b"/") {
        Some(shorter) if !shorter.is_empty() => shorter,
        _ => path,
    };
    let mut here: Vec<Line> = text.split(|&byte| byte == b'\n').filter_map(line).filter(|line| line.point == path).collect();
    // The kernel lists mounts by age or by place in the tree; what lies on what is told by the parents alone.
    let parents: Vec<(u64, u64)> = here.iter().map(|line| (line.id, line.parent)).collect();
    here.sort_by_key(|line| depth(&parents, line.id));
    here.into_iter().map(|line| line.mount).collect()
}

struct Line {
    id: u64,
    parent: u64,
    point: Vec<u8>,
    mount: Mount,
}

/// How many of `parents` lie under the mount `id`.
fn depth(parents: &[(u64, u64)], id: u64) -> usize {
    let mut id = id;
    let mut depth = 0;
    while let Some(&(_, parent)) = parents.iter().find(|(known, _)| *known == id) {
        depth += 1;
        // The root of a mount namespace may name itself as its parent.
        if parent == id || depth > parents.len() {
            break;
        }
        id = parent;
    }
    depth
}

/// `36 35 98:0 /root /point rw,noatime shared:1 - ext3 /dev/sda1 rw`: any number of words before the dash.
fn line(line: &[u8]) -> Option<Line> {
    let mut words = line.split(|&byte| byte == b' ');
    let id = number(words.next()?)?;
    let parent = number(words.next()?)?;
    let (_device, _root) = (words.next()?, words.next()?);
    let point = unescape(words.next()?);
    let options = unescape(words.next()?);
    let tags: Vec<&[u8]> = words.by_ref().take_while(|word| *word != b"-").collect();
    let fstype = unescape(words.next()?);
    let source = unescape(words.next()?);
    let super_options = unescape(words.next().unwrap_or_default());
    let propagation = propagation(&tags);
    let [fstype, source, options, super_options, propagation] = [fstype, source, options, super_options, propagation].map(Bytes);
    Some(Line { id, parent, point, mount: Mount { fstype, source, options, super_options, propagation } })
}

/// The words without the numbers of the groups, which differ from run to run.
fn propagation(tags: &[&[u8]]) -> Vec<u8> {
    let has = |word: &str| tags.iter().any(|tag| tag.split(|&byte| byte == b':').next() == Some(word.as_bytes()));
    let words: Vec<&str> = ["shared", "master", "unbindable"].into_iter().filter(|word| has(word)).collect();
    if words.is_empty() { b"private".to_vec() } else { words.join(",").into_bytes() }
}

fn number(word: &[u8]) -> Option<u64> {
    std::str::from_utf8(word).ok()?.parse().ok()
}

/// Blanks, tabs, line ends and backslashes are written as `\` and three octal digits.
fn unescape(word: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(word.len());
    let mut rest = word;
    while let Some((&byte, after)) = rest.split_first() {
        let escaped = (byte == b'\\').then(|| after.get(..3).and_then(octal)).flatten();
        plain.push(escaped.unwrap_or(byte));
        rest = if escaped.is_some() { after.get(3..).unwrap_or_default() } else { after };
    }
    plain
}

fn octal(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &[u8] = b"\
24 1 0:22 / / rw,relatime - tmpfs root rw,size=4k
40 24 0:30 / /dev/mqueue rw,relatime shared:7 - mqueue none rw
30 24 0:25 / /mnt rw,nosuid master:3 propagate_from:2 - tmpfs upper rw
45 40 0:31 / /dev/mqueue ro,relatime shared:9 master:7 - mqueue mqueue rw
50 24 0:32 / /a\\040b\\134c rw unbindable -  tmpfs rw
51 24 0:33 / /a\\040b rw unbindable - tmpfs  rw
23 30 0:34 / /mnt rw - tmpfs lower rw
";

    fn sources(path: &str) -> Vec<String> {
        let mounts = at(TEXT, path.as_bytes());
        mounts.into_iter().map(|mount| String::from_utf8_lossy(&mount.source.0).into_owned()).collect()
    }

    #[test]
    fn mounts_stand_from_bottom_to_top_whatever_their_ids() {
        assert_eq!(sources("/dev/mqueue"), ["none", "mqueue"]);
        assert_eq!(sources("/mnt"), ["upper", "lower"]);
        assert_eq!(sources("/mnt/"), ["upper", "lower"]);
        assert_eq!(sources("/"), ["root"]);
        assert_eq!(sources("/dev"), Vec::<String>::new());
    }

    #[test]
    fn propagation_has_words_and_no_numbers() {
        let propagation =
            |path: &str| -> Vec<Vec<u8>> { at(TEXT, path.as_bytes()).into_iter().map(|mount| mount.propagation.0).collect() };
        assert_eq!(propagation("/dev/mqueue"), [b"shared".to_vec(), b"shared,master".to_vec()]);
        assert_eq!(propagation("/mnt"), [b"master".to_vec(), b"private".to_vec()]);
        assert_eq!(propagation("/a b"), [b"unbindable".to_vec()]);
    }

    #[test]
    fn escapes_are_read_and_empty_sources_kept() {
        let odd = at(TEXT, b"/a b\\c");
        assert_eq!(odd.len(), 1);
        let empty = at(TEXT, b"/a b");
        assert_eq!(empty[0].fstype, Bytes(b"tmpfs".to_vec()));
        assert_eq!(empty[0].source, Bytes(Vec::new()));
        assert_eq!(empty[0].super_options, Bytes(b"rw".to_vec()));
        assert_eq!(unescape(b"a\\04"), b"a\\04");
    }

    #[test]
    fn options_are_those_of_the_mount_and_of_the_file_system() {
        let root = at(TEXT, b"/");
        assert_eq!(root[0].options, Bytes(b"rw,relatime".to_vec()));
        assert_eq!(root[0].super_options, Bytes(b"rw,size=4k".to_vec()));
    }
}
