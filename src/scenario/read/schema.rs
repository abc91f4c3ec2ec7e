//! The JSON schema of a format, for editors.

use super::meta::{ChoiceMeta, FieldMeta, Shape, TableMeta, all_tables};
use super::named::NAME_PATTERN;
use super::readable::Readable;
use super::rules::{Limit, Rules};
use serde_json::{Map, Number, Value as Json, json};

/// The JSON Schema (2020-12) of a table type. A day is a TOML local date, which schema tools take for text of format
/// `date`.
pub fn schema<T: Readable>() -> Json {
    let shape = T::shape();
    let mut root = Map::new();
    root.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    let tables = all_tables(&shape);
    if let Some(first) = tables.first() {
        root.insert("title".into(), json!(first.name));
    }
    root.append(&mut of_shape(&shape, Rules::default()));
    let definitions: Map<String, Json> =
        tables.iter().map(|table| (table.name.to_string(), of_table(table))).collect();
    root.insert("$defs".into(), Json::Object(definitions));
    Json::Object(root)
}

fn of_table(table: &TableMeta) -> Json {
    let properties: Map<String, Json> =
        table.fields.iter().map(|field| (field.name.to_string(), of_field(field))).collect();
    let required: Vec<&str> = table.fields.iter().filter(|f| f.required).map(|f| f.name).collect();
    let mut object = Map::new();
    object.insert("description".into(), json!(table.meaning));
    object.insert("type".into(), json!("object"));
    object.insert("properties".into(), Json::Object(properties));
    if !required.is_empty() {
        object.insert("required".into(), json!(required));
    }
    object.insert("additionalProperties".into(), json!(false));
    Json::Object(object)
}

fn of_field(field: &FieldMeta) -> Json {
    let mut object = Map::new();
    let mut description = field.meaning.clone();
    for (label, text) in [("Unit", field.unit), ("Source", field.source), ("Equation", field.equation)] {
        if let Some(text) = text {
            description += &format!(" {label}: {text}.");
        }
    }
    object.insert("description".into(), json!(description));
    object.append(&mut of_shape(&field.shape, field.rules()));
    // An absent value is what TOML cannot write, so it is no default to propose.
    if let Some(default) = field.default.as_ref().filter(|d| !d.is_null()) {
        object.insert("default".into(), default.clone());
    }
    for (key, text) in [("x-unit", field.unit), ("x-source", field.source), ("x-equation", field.equation)] {
        if let Some(text) = text {
            object.insert(key.into(), json!(text));
        }
    }
    Json::Object(object)
}

fn of_shape(shape: &Shape, rules: Rules) -> Map<String, Json> {
    let mut object = Map::new();
    let mut put = |key: &str, value: Json| object.insert(key.to_string(), value);
    match shape {
        Shape::Number => {
            put("type", json!("number"));
            put_range(rules, None, &mut put);
        }
        Shape::Integer(lowest, highest) => {
            put("type", json!("integer"));
            put_range(rules, Some((*lowest, *highest)), &mut put);
        }
        Shape::Any => {}
        Shape::Boolean => _ = put("type", json!("boolean")),
        Shape::Text => _ = put("type", json!("string")),
        Shape::Name => {
            put("type", json!("string"));
            put("minLength", json!(1));
        }
        Shape::Date => {
            put("type", json!("string"));
            put("format", json!("date"));
        }
        Shape::Choice(choice) => put_words(choice(), &mut put),
        Shape::Table(table) => _ = put("$ref", json!(format!("#/$defs/{}", table().name))),
        Shape::Optional(inner) => return of_shape(inner, rules),
        Shape::List(inner) => {
            put("type", json!("array"));
            put("items", Json::Object(of_shape(inner, rules.of_elements())));
            if let Some((min, max)) = rules.length {
                put("minItems", json!(min));
                put("maxItems", json!(max));
            }
        }
        Shape::OneOrMore(inner) => {
            let one = of_shape(inner, rules.of_elements());
            let list = json!({ "type": "array", "items": one });
            put("anyOf", json!([one, list]));
        }
        Shape::Named(inner) => {
            put("type", json!("object"));
            put("propertyNames", json!({ "pattern": NAME_PATTERN }));
            put("additionalProperties", Json::Object(of_shape(inner, rules.of_elements())));
            if let Some((min, max)) = rules.length {
                put("minProperties", json!(min));
                put("maxProperties", json!(max));
            }
        }
    }
    object
}

fn put_words(choice: &ChoiceMeta, put: &mut impl FnMut(&str, Json) -> Option<Json>) {
    let words: Vec<Json> = choice
        .options
        .iter()
        .map(|(word, meaning)| json!({ "const": word, "description": meaning }))
        .collect();
    put("type", json!("string"));
    put("enum", choice.options.iter().map(|(word, _)| *word).collect());
    put("oneOf", Json::Array(words));
}

fn put_range(rules: Rules, of_type: Option<(i128, i128)>, put: &mut impl FnMut(&str, Json) -> Option<Json>) {
    let ends = rules.range.map(|r| (r.min, r.max));
    let ends = ends.or(of_type.map(|(min, max)| (Limit::Whole(min), Limit::Whole(max))));
    if let Some((min, max)) = ends {
        put("minimum", limit(min));
        put("maximum", limit(max));
    }
}

fn limit(limit: Limit) -> Json {
    match limit {
        Limit::Decimal(x) => Number::from_f64(x).map_or(Json::Null, Json::Number),
        Limit::Whole(i) => Number::from_i128(i).map_or(Json::Null, Json::Number),
    }
}
