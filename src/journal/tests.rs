//! Journals that are read again, whole and cut, and journals of shards that become one.

use super::{Begun, Broken, Cut, Event, Machine, Reader, Shard, Status, Summary, Unfit, Verdict, merge, part};

fn begun(id: &str) -> Event {
    Event::Scenario(Begun { id: id.into(), title: id.into(), path: "a.ipcs".into(), line: 1 })
}

fn passed(id: &str) -> Event {
    Event::Verdict(Verdict { id: id.into(), status: Status::Passed, reason: None })
}

fn text(events: &[Event]) -> String {
    events.iter().map(|event| serde_json::to_string(event).expect("events are JSON") + "\n").collect()
}

/// What a reader makes of `text`: the events, and what is missing.
fn read(text: &str) -> Result<(Vec<Event>, Option<Cut>), Broken> {
    let mut reader = Reader::default();
    let mut events = Vec::new();
    for line in text.split_inclusive('\n') {
        events.extend(reader.take(line.as_bytes())?);
    }
    let (cut, missing, summary) = reader.end();
    events.extend(missing);
    assert_eq!(events.last(), Some(&Event::Summary(summary)));
    Ok((events, cut))
}

/// The journal of a whole list of `length`, all passed.
fn whole(length: usize) -> Vec<Event> {
    let ids = ids(length);
    let events = ids.iter().flat_map(|id| [begun(id), passed(id)]);
    events.chain([Event::Summary(Summary { passed: length, ..Summary::default() })]).collect()
}

fn ids(length: usize) -> Vec<String> {
    (0..length).map(|number| format!("a.ipcs::{number}")).collect()
}

/// The journal of part `index` of `count` of that list.
fn shard(index: usize, count: usize, length: usize) -> Vec<Event> {
    let ids = ids(length);
    let range = part(index, count, length);
    let events = ids[range.clone()].iter().flat_map(|id| [begun(id), passed(id)]);
    let head = Event::Shard(Shard::new(index, count, ids.iter().map(String::as_str)));
    let summary = Event::Summary(Summary { passed: range.len(), ..Summary::default() });
    [head].into_iter().chain(events).chain([summary]).collect()
}

#[test]
fn parts_are_disjoint_even_and_complete() {
    for length in [0, 1, 2, 7, 45, 100] {
        for count in [1, 2, 3, 7, 50] {
            let parts: Vec<_> = (1..=count).map(|index| part(index, count, length)).collect();
            let joined: Vec<usize> = parts.iter().cloned().flatten().collect();
            assert_eq!(joined, (0..length).collect::<Vec<_>>());
            let lengths = parts.iter().map(ExactSizeIterator::len);
            assert!(lengths.clone().max() <= lengths.min().map(|least| least + 1));
        }
    }
}

#[test]
fn a_whole_journal_is_read_as_it_was_written() {
    let events = whole(3);
    assert_eq!(read(&text(&events)), Ok((events.clone(), None)));
    // The last line break is no part of an event.
    assert_eq!(read(text(&events).trim_end()), Ok((events, None)));
}

#[test]
fn a_journal_that_is_cut_anywhere_is_read_as_far_as_it_goes() {
    let (events, whole) = (whole(2), text(&whole(2)));
    for end in 0..whole.len() - 1 {
        let kept = &whole[..end];
        let lines = kept.matches('\n').count();
        let torn = !kept.is_empty() && !kept.ends_with('\n');
        let complete = torn && serde_json::from_str::<Event>(&kept[kept.rfind('\n').map_or(0, |at| at + 1)..]).is_ok();
        let (read, cut) = read(kept).unwrap_or_else(|broken| panic!("{end}: {broken:?}"));
        let expected = match (torn, complete) {
            (true, false) => Cut::InLine(lines + 1),
            (true, true) => Cut::Behind(lines + 1),
            (false, _) => Cut::Behind(lines),
        };
        assert_eq!(cut, Some(expected), "{kept}");
        let there = lines + usize::from(complete);
        assert_eq!(read[..there], events[..there], "{kept}");
        // A scenario without its verdict has failed, and the sums are those of what is there.
        let open = there % 2;
        assert_eq!(read.len(), there + open + 1, "{kept}");
        let counted = Summary { passed: there / 2, failed: open, ..Summary::default() };
        assert_eq!(read.last(), Some(&Event::Summary(counted)), "{kept}");
    }
}

#[test]
fn what_is_no_journal_is_refused_at_its_line() {
    let good = text(&whole(1));
    let cases = [
        ("scenario \"a\" {\n".to_owned(), 1, "expected an event, found `scenario \"a\" {`"),
        ("scenario".to_owned(), 1, "expected an event, found `scenario`"),
        (format!("{{}}\n{good}"), 1, "JSON, but no event"),
        ("{\"event\":\"finding\",\"met\":true}\n".to_owned(), 1, "no `finding` event that this version knows: unknown variant"),
        ("{\"event\":\"summary\",\"passed\":1}\n".to_owned(), 1, "no `summary` event that this version knows: missing field"),
        (good.replacen("\n", "\n{\"event\":\n", 1), 2, "expected an event, found `{\"event\":`"),
        (format!("{good}{good}"), 4, "give each journal as a file of its own"),
        (format!("{}\n", "x".repeat(500)), 1, "xxx…`"),
    ];
    for (text, line, why) in cases {
        let broken = read(&text).expect_err("it is no journal");
        assert_eq!(broken.line, line, "{text}");
        assert!(broken.why.contains(why), "{text}: {}", broken.why);
    }
}

#[test]
fn shards_in_any_order_are_the_whole() {
    for (length, count) in [(0, 1), (1, 3), (7, 3), (10, 4), (100, 7)] {
        let mut parts: Vec<_> = (1..=count).map(|index| shard(index, count, length)).collect();
        for _ in 0..count {
            parts.rotate_left(1);
            let merged = merge(parts.clone()).expect("they are all parts");
            assert_eq!(text(&merged), text(&whole(length)), "{length} in {count}");
        }
        parts.reverse();
        assert_eq!(merge(parts), Ok(whole(length)));
    }
}

#[test]
fn shards_that_are_no_whole_are_named() {
    let part = |index| shard(index, 4, 10);
    assert_eq!(merge(vec![part(1), part(3)]), Err(Unfit::Missing { indexes: vec![2, 4], count: 4 }));
    let Err(twice) = merge(vec![part(1), part(2), part(3), part(2)]) else { panic!("a shard is there twice") };
    let names = ["a", "b", "c", "d"].map(String::from);
    assert_eq!(twice.message(&names), "shard 2/4 is there twice: in `b` and in `d`");
    assert_eq!(merge(vec![part(1), shard(1, 4, 11)]), Err(Unfit::OtherList(0, 1)));
    assert_eq!(merge(vec![part(2), shard(1, 3, 10)]), Err(Unfit::OtherCount { one: (1, 3), other: (0, 4) }));
    assert_eq!(merge(vec![part(1), whole(10)]), Err(Unfit::NoShard(1)));
    // Whoever writes a number into a journal by hand is not kept waiting.
    let mut odd = part(1);
    odd[0] = Event::Shard(Shard { index: 1, count: usize::MAX, total: 10, list: "0".into() });
    assert!(matches!(merge(vec![odd.clone(), odd]), Err(Unfit::Twice { .. })));
}

#[test]
fn each_machine_is_told_once() {
    let machine = |release: &str| {
        Event::Machine(Machine {
            release: release.into(),
            version: "#1".into(),
            machine: "x86_64".into(),
            configuration: Vec::new(),
            sysctls: Vec::new(),
            capabilities: Vec::new(),
            findings: Vec::new(),
        })
    };
    let on = |release: &str, index| [vec![machine(release)], shard(index, 3, 9)].concat();
    let merged = merge(vec![on("6.1", 1), on("6.2", 2), on("6.1", 3)]).expect("they are all parts");
    assert_eq!(merged, [vec![machine("6.1"), machine("6.2")], whole(9)].concat());
}
