//! What may be absent, lists, and maps from names.

use super::meta::Shape;
use super::named::{Named, is_name};
use super::readable::Readable;
use super::reader::Reader;
use super::rules::Rules;
use super::value::{Node, Value};
use serde::Serialize;

impl<T: Readable> Readable for Option<T> {
    type Bound = T::Bound;

    fn shape() -> Shape {
        Shape::Optional(Box::new(T::shape()))
    }

    fn read(node: &Node, rules: Rules, reader: &mut Reader<'_>) -> Self {
        Some(T::read(node, rules, reader))
    }

    fn stand_in() -> Self {
        None
    }

    fn if_absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Readable> Readable for Vec<T> {
    type Bound = T::Bound;

    fn shape() -> Shape {
        Shape::List(Box::new(T::shape()))
    }

    fn read(node: &Node, rules: Rules, reader: &mut Reader<'_>) -> Self {
        let Value::List(items) = &node.value else {
            reader.wrong_kind(node, &Self::shape(), rules);
            return Self::stand_in();
        };
        check_length(node, items.len(), &Self::shape(), rules, reader);
        let element = |(i, item): (usize, &Node)| {
            reader.inside(i.to_string(), |r| T::read(item, rules.of_elements(), r))
        };
        items.iter().enumerate().map(element).collect()
    }

    fn stand_in() -> Self {
        Self::new()
    }
}

/// One value, or a list of them: what is named once is written without brackets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct OneOrMore<T>(pub Vec<T>);

impl<T> Default for OneOrMore<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Readable> Readable for OneOrMore<T> {
    type Bound = T::Bound;

    fn shape() -> Shape {
        Shape::OneOrMore(Box::new(T::shape()))
    }

    fn read(node: &Node, rules: Rules, reader: &mut Reader<'_>) -> Self {
        match &node.value {
            Value::List(_) => Self(Vec::read(node, rules, reader)),
            _ => Self(vec![T::read(node, rules.of_elements(), reader)]),
        }
    }

    fn stand_in() -> Self {
        Self::default()
    }
}

impl<T: Readable> Readable for Named<T> {
    type Bound = T::Bound;

    fn shape() -> Shape {
        Shape::Named(Box::new(T::shape()))
    }

    fn read(node: &Node, rules: Rules, reader: &mut Reader<'_>) -> Self {
        let Value::Table(entries) = &node.value else {
            reader.wrong_kind(node, &Self::shape(), rules);
            return Self::stand_in();
        };
        check_length(node, entries.len(), &Self::shape(), rules, reader);
        let mut pairs = Vec::with_capacity(entries.len());
        for entry in entries {
            let value = reader.inside(entry.key.clone(), |r| {
                if !is_name(&entry.key) {
                    let allowed = "lower-case letters, digits and `_`, or an upper-case code such as USA";
                    r.problem(entry.key_place, |_| {
                        (format!("`{}` cannot be a name", entry.key), allowed.into(), String::new())
                    });
                }
                T::read(&entry.node, rules.of_elements(), r)
            });
            pairs.push((entry.key.clone(), value));
        }
        pairs.into_iter().collect()
    }

    fn stand_in() -> Self {
        Self::default()
    }
}

fn check_length(node: &Node, length: usize, shape: &Shape, rules: Rules, reader: &mut Reader<'_>) {
    if rules.length.is_some_and(|(min, max)| !(min..=max).contains(&length)) {
        let values = if length == 1 { "1 value".to_string() } else { format!("{length} values") };
        reader.problem(node.place, |_| (values, rules.allowed(&shape.describe()), String::new()));
    }
}
