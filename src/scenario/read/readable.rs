//! What can be read: numbers, words, days.

use super::meta::Shape;
use super::named::{Date, Name};
use super::reader::{Reader, nearest};
use super::rules::{Bound, Limit, Limits, NoBound, Rules};
use super::value::{Node, Value};

/// A type that can stand in a file.
pub trait Readable: Sized {
    /// The type in which its range is given.
    type Bound: Bound;

    /// What kind of value it is.
    fn shape() -> Shape;

    /// Reads a value; what is wrong with it goes to the reader, and a stand-in is returned.
    fn read(node: &Node, rules: Rules, reader: &mut Reader<'_>) -> Self;

    /// A value to go on with where there is none that is right.
    fn stand_in() -> Self;

    /// What it means that nothing is given, where it has a meaning.
    fn if_absent() -> Option<Self> {
        None
    }
}

impl Readable for f64 {
    type Bound = f64;

    fn shape() -> Shape {
        Shape::Number
    }

    fn read(node: &Node, rules: Rules, reader: &mut Reader<'_>) -> Self {
        let x = match node.value {
            Value::Decimal(x) => x,
            Value::Integer(i) => i as f64,
            Value::Huge => f64::INFINITY,
            _ => {
                reader.wrong_kind(node, &Self::shape(), rules);
                return rules.harmless().as_f64();
            }
        };
        let wrong = if !x.is_finite() {
            "is not a finite number, or too large"
        } else if rules.range.is_some_and(|range| !range.contains(x)) {
            "is out of range"
        } else {
            return x;
        };
        reader.problem(node.place, |r| {
            (format!("{} {wrong}", r.quoted(node)), rules.allowed("a number"), String::new())
        });
        rules.harmless().as_f64()
    }

    fn stand_in() -> Self {
        0.0
    }
}

/// A whole number within its type and its range.
fn read_whole(node: &Node, lowest: i128, highest: i128, rules: Rules, reader: &mut Reader<'_>) -> i128 {
    let number = match node.value {
        Value::Integer(i) => Some(i),
        Value::Huge => None,
        _ => {
            reader.wrong_kind(node, &Shape::Integer(lowest, highest), rules);
            return rules.harmless().as_whole();
        }
    };
    let inside =
        |i: &i128| (lowest..=highest).contains(i) && rules.range.is_none_or(|r| r.contains_whole(*i));
    if let Some(i) = number.filter(inside) {
        return i;
    }
    let of_type = Limits { min: Limit::Whole(lowest), max: Limit::Whole(highest) };
    let rules = Rules { range: rules.range.or(Some(of_type)), ..rules };
    reader.problem(node.place, |r| {
        (format!("{} is out of range", r.quoted(node)), rules.allowed("a whole number"), String::new())
    });
    rules.harmless().as_whole()
}

macro_rules! whole_numbers {
    ($($type:ty),*) => { $(
        impl Bound for $type {
            fn limit(self) -> Limit {
                Limit::Whole(i128::from(self))
            }
        }

        impl Readable for $type {
            type Bound = $type;

            fn shape() -> Shape {
                Shape::Integer(i128::from(<$type>::MIN), i128::from(<$type>::MAX))
            }

            fn read(node: &Node, rules: Rules, reader: &mut Reader<'_>) -> Self {
                let (lowest, highest) = (i128::from(<$type>::MIN), i128::from(<$type>::MAX));
                read_whole(node, lowest, highest, rules, reader).try_into().unwrap_or(0)
            }

            fn stand_in() -> Self {
                0
            }
        }
    )* };
}

whole_numbers!(u32, u64, i64);

impl Readable for bool {
    type Bound = NoBound;

    fn shape() -> Shape {
        Shape::Boolean
    }

    fn read(node: &Node, rules: Rules, reader: &mut Reader<'_>) -> Self {
        if let Value::Boolean(b) = node.value {
            return b;
        }
        reader.wrong_kind(node, &Self::shape(), rules);
        Self::stand_in()
    }

    fn stand_in() -> Self {
        false
    }
}

impl Readable for String {
    type Bound = NoBound;

    fn shape() -> Shape {
        Shape::Text
    }

    fn read(node: &Node, rules: Rules, reader: &mut Reader<'_>) -> Self {
        if let Value::Text(text) = &node.value {
            return text.clone();
        }
        reader.wrong_kind(node, &Self::shape(), rules);
        Self::stand_in()
    }

    fn stand_in() -> Self {
        Self::new()
    }
}

impl Readable for Name {
    type Bound = NoBound;

    fn shape() -> Shape {
        Shape::Name
    }

    fn read(node: &Node, rules: Rules, reader: &mut Reader<'_>) -> Self {
        match &node.value {
            Value::Text(name) if name.is_empty() => {
                let help = "leave the key out if nothing is meant, where that is allowed";
                reader.problem(node.place, |_| {
                    ("an empty name".into(), "a name in quotes".into(), help.into())
                });
            }
            Value::Text(name) => return Self(name.clone()),
            _ => reader.wrong_kind(node, &Self::shape(), rules),
        }
        Self::stand_in()
    }

    fn stand_in() -> Self {
        Self::default()
    }
}

impl Readable for Date {
    type Bound = NoBound;

    fn shape() -> Shape {
        Shape::Date
    }

    fn read(node: &Node, rules: Rules, reader: &mut Reader<'_>) -> Self {
        if let Value::Datetime(toml::value::Datetime { date: Some(d), time: None, offset: None }) = node.value
        {
            let year = i16::try_from(d.year).unwrap_or(i16::MAX);
            let (month, day) = (i8::try_from(d.month).unwrap_or(0), i8::try_from(d.day).unwrap_or(0));
            if let Ok(date) = jiff::civil::Date::new(year, month, day) {
                return Self(date);
            }
            reader.problem(node.place, |r| {
                (format!("there is no day {}", r.quoted(node)), Self::shape().describe(), String::new())
            });
            return Self::stand_in();
        }
        reader.wrong_kind(node, &Self::shape(), rules);
        Self::stand_in()
    }

    fn stand_in() -> Self {
        Self::default()
    }
}

/// Reads one of a closed set of words.
pub fn read_choice<C: Copy>(
    node: &Node,
    all: &[C],
    name: fn(C) -> &'static str,
    shape: &Shape,
    reader: &mut Reader<'_>,
) -> Option<C> {
    let Value::Text(word) = &node.value else {
        reader.wrong_kind(node, shape, Rules::default());
        return None;
    };
    let choice = all.iter().copied().find(|&c| name(c) == word);
    if choice.is_none() {
        reader.problem(node.place, |r| {
            let help = nearest(word, all.iter().map(|&c| name(c))).unwrap_or_default();
            (format!("{} is not one of the words allowed", r.quoted(node)), shape.describe(), help)
        });
    }
    choice
}
