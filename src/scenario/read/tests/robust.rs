//! No text makes the reader panic or run away.

use super::*;
use std::fmt::Write as _;

#[test]
fn odd_values_are_problems_not_panics() {
    let values = [
        "1e999",
        "-1e999",
        "inf",
        "-nan",
        "0xffffffffffffffffffffffffffffffffffffffff",
        "9223372036854775808",
        "-99999999999999999999999999",
        "1994-02-30",
        "9999-99-99",
        "0000-00-00",
        "0000-01-01",
        "24:61:61",
        "1994-08-19T25:00:00Z",
        "[[[[]]]]",
        "{}",
        "''",
        "\"\\ud800\"",
        "\"\\uffffffff\"",
        "0o9",
        "1__0",
        "+",
        "{a={b={}}}",
    ];
    for value in values {
        for key in [
            "start",
            "seed",
            "month",
            "shift",
            "title",
            "tastes",
            "tastes.sum",
            "zones",
            "arrangements",
            "tastes.mode",
        ] {
            let result = read(&format!("start = 1994-08-19\n{key} = {value}\n"));
            let _ = result.map_err(|p| p.render(true));
            let _ = with(GOOD, &format!("{key}={value}")).map_err(|p| p.render(false));
        }
    }
    assert!(read("start = 0000-01-01").is_ok());
    assert!(read("start = 1994-02-30").is_err());
    assert!(read("start = 1994-08-19T00:00:00").is_err());
    assert_eq!(read("start = 1994-08-19\nseed = 9223372036854775808").unwrap().value.seed, 1 << 63);
}

/// A small generator of numbers, good enough to break text with.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }
}

#[test]
fn broken_text_never_panics() {
    let bases = [GOOD, BAD];
    let bits = [
        "[", "]", "[[", "{", "}", "\"", "'", "\"\"\"", "=", ".", ",", "\n", "\r", "#", "\0", "é", "\u{feff}",
        "0x", "e9", "-",
    ];
    let mut dice = Dice(7);
    for round in 0..4000 {
        let mut bytes = bases[round % 2].as_bytes().to_vec();
        for _ in 0..=dice.below(4) {
            let at = dice.below(bytes.len());
            match dice.below(4) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, dice.below(256) as u8),
                2 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
                _ => _ = bytes.splice(at..at, bits[dice.below(bits.len())].bytes()),
            }
        }
        let text = String::from_utf8_lossy(&bytes);
        let _ = read(&text).map_err(|p| p.render(round % 3 == 0));
        let cut = text.split('\n').nth(dice.below(20)).unwrap_or("");
        let _ = with(GOOD, cut).map_err(|p| p.render(false));
    }
}

#[test]
fn every_truncation_is_read_or_refused() {
    for end in 0..BAD.len() {
        let _ = read(&BAD[..end]).map_err(|p| p.render(false));
        let _ = read(&GOOD[..end.min(GOOD.len())]).map_err(|p| p.render(false));
    }
}

#[test]
fn deep_nesting_and_large_files_are_bounded() {
    for (open, close) in [("[", "]"), ("{a=", "}"), ("a.", "")] {
        let deep = format!("title = {}1{}", open.repeat(50_000), close.repeat(50_000));
        assert!(read(&deep).is_err());
        assert!(read(&format!("{}x = 1", open.repeat(50_000))).is_err());
        assert!(with(GOOD, &format!("{}x=1", open.repeat(50_000))).is_err());
    }
    let mut many = String::from("start = 1994-08-19\n");
    for i in 0..300_000 {
        writeln!(many, "k{i} = 1").unwrap();
    }
    let problems = read(&many).unwrap_err();
    assert_eq!(problems.len(), 300_000);
    assert!(problems.iter().count() < 1000 && problems.render(false).len() < 1_000_000);
    let one_line = format!("start = 1994-08-19\ntitle = [{}]", "1, ".repeat(1_000_000));
    assert!(read(&one_line).unwrap_err().to_string().contains("toy.toml:2:9"));
    let garbage = "= ]\n".repeat(1_000_000);
    assert!(read(&garbage).is_err());
    let huge = " ".repeat(MAX_BYTES + 1);
    assert!(read(&huge).unwrap_err().to_string().contains("at most 16777216 bytes"));
}
