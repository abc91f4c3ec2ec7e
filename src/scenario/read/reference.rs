//! The parameter reference, as Markdown.

use super::explain::{default_of, parameters};
use super::meta::{ChoiceMeta, FieldMeta, Shape, TableMeta, all_tables};
use super::readable::Readable;

/// One section per table with its parameters, then the words of each closed set.
pub fn reference_markdown<T: Readable>() -> String {
    let shape = T::shape();
    let all = parameters(&shape);
    let mut text = String::new();
    let mut choices: Vec<&'static ChoiceMeta> = Vec::new();
    for (i, table) in all_tables(&shape).into_iter().enumerate() {
        let paths: Vec<String> = all
            .iter()
            .filter(|p| p.table().is_some_and(|t| t.name == table.name))
            .map(|p| format!("`{}`", p.dotted()))
            .collect();
        let title = if i == 0 { "Top level".to_string() } else { paths.join(", ") };
        text += &section(&title, table);
        for field in &table.fields {
            if let Shape::Choice(choice) = field.shape.innermost() {
                let choice = choice();
                if !choices.iter().any(|c| c.name == choice.name) {
                    choices.push(choice);
                }
            }
        }
    }
    for choice in choices {
        text += &format!(
            "## Words: {}\n\n{}\n\n| word | meaning |\n| --- | --- |\n",
            choice.name, choice.meaning
        );
        for (word, meaning) in &choice.options {
            text += &format!("| `\"{word}\"` | {} |\n", cell(meaning));
        }
        text.push('\n');
    }
    text.trim_end().to_string() + "\n"
}

fn section(title: &str, table: &TableMeta) -> String {
    let mut text = format!("## {title}\n\n{}\n\n", table.meaning);
    text += "| parameter | kind | unit | range | default | meaning | source | equation |\n";
    text += "| --- | --- | --- | --- | --- | --- | --- | --- |\n";
    for field in &table.fields {
        let range = field.range.map_or(String::new(), |r| format!("{} to {}", r.min, r.max));
        let default = if field.required { "required".into() } else { default_of(field) };
        let cells = [
            &format!("`{}`", field.name),
            &kind(field),
            field.unit.unwrap_or_default(),
            &range,
            &default,
            &field.meaning,
            field.source.unwrap_or_default(),
            field.equation.unwrap_or_default(),
        ];
        text += &format!("| {} |\n", cells.map(cell).join(" | "));
    }
    text + "\n"
}

fn kind(field: &FieldMeta) -> String {
    fn of(shape: &Shape) -> String {
        match shape {
            Shape::Number => "number".into(),
            Shape::Integer(..) => "whole number".into(),
            Shape::Boolean => "true or false".into(),
            Shape::Text => "text".into(),
            Shape::Name => "name".into(),
            Shape::Date => "date".into(),
            Shape::Choice(choice) => choice().name.into(),
            Shape::Table(table) => table().name.into(),
            Shape::Optional(inner) => of(inner),
            Shape::List(inner) => format!("list of {}", of(inner)),
            Shape::OneOrMore(inner) => format!("{}, or a list of them", of(inner)),
            Shape::Named(inner) => format!("by name: {}", of(inner)),
            Shape::Any => "any value".into(),
        }
    }
    match field.length {
        Some((min, max)) if min == max => format!("{} ({min})", of(&field.shape)),
        Some((min, max)) => format!("{} ({min} to {max})", of(&field.shape)),
        None => of(&field.shape),
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
