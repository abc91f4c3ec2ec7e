//! The JSON schema of a format, for editors.

use super::meta::{ChoiceMeta, FieldMeta, Shape, TableMeta, all_tables};
use super::named::NAME_PATTERN;
use super::readable::Readable;
use super::rules::{Limit, Rules};
use serde_json::{Map, Number, Value as Json, json};

/// The key by which a file is laid over another: nothing else then has to be given.
const LAID_OVER: &str = "extends";

/// What a definition is of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A table that stands for itself.
    Whole,
    /// A table laid over another: what must be given may be given there, and elements of lists can be reached by their
    /// name or index.
    Over,
}

impl Form {
    fn definition(self, table: &TableMeta) -> String {
        match self {
            Self::Whole => table.name.to_string(),
            Self::Over => format!("{}.over", table.name),
        }
    }
}

/// The JSON Schema (2020-12) of a table type. A day is a TOML local date, which schema tools take for text of format
/// `date`. Where a file may be laid over another, there are two forms of each table; which holds hangs on whether the
/// file says that it is.
pub fn schema<T: Readable>() -> Json {
    let shape = T::shape();
    let mut root = Map::new();
    root.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    let tables = all_tables(&shape);
    if let Some(first) = tables.first() {
        root.insert("title".into(), json!(first.name));
    }
    let may_lie_over = tables.first().is_some_and(|t| t.fields.iter().any(|f| f.name == LAID_OVER));
    let forms: &[Form] = if may_lie_over { &[Form::Whole, Form::Over] } else { &[Form::Whole] };
    if may_lie_over {
        root.append(&mut of_shape(&shape, Rules::default(), Form::Over));
        root.insert("if".into(), json!({ "not": { "required": [LAID_OVER] } }));
        let whole = of_shape(&shape, Rules::default(), Form::Whole);
        root.insert("then".into(), Json::Object(whole));
    } else {
        root.append(&mut of_shape(&shape, Rules::default(), Form::Whole));
    }
    let mut definitions = Map::new();
    for &form in forms {
        definitions.extend(tables.iter().map(|table| (form.definition(table), of_table(table, form))));
    }
    root.insert("$defs".into(), Json::Object(definitions));
    Json::Object(root)
}

fn of_table(table: &TableMeta, form: Form) -> Json {
    let properties: Map<String, Json> =
        table.fields.iter().map(|field| (field.name.to_string(), of_field(field, form))).collect();
    let asked = |field: &&FieldMeta| field.required && form == Form::Whole;
    let required: Vec<&str> = table.fields.iter().filter(asked).map(|f| f.name).collect();
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

fn of_field(field: &FieldMeta, form: Form) -> Json {
    let mut object = Map::new();
    let mut description = field.meaning.clone();
    for (label, text) in [("Unit", field.unit), ("Source", field.source), ("Equation", field.equation)] {
        if let Some(text) = text {
            description += &format!(" {label}: {text}.");
        }
    }
    object.insert("description".into(), json!(description));
    object.append(&mut of_shape(&field.shape, field.rules(), form));
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

fn of_shape(shape: &Shape, rules: Rules, form: Form) -> Map<String, Json> {
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
        Shape::Table(table) => _ = put("$ref", json!(format!("#/$defs/{}", form.definition(table())))),
        Shape::Optional(inner) => return of_shape(inner, rules, form),
        Shape::List(inner) => {
            put("type", json!("array"));
            // A list replaces one below it, so its elements are whole; a table reaches into it.
            put("items", Json::Object(of_shape(inner, rules.of_elements(), Form::Whole)));
            if form == Form::Over {
                put("type", json!(["array", "object"]));
                put("additionalProperties", Json::Object(of_shape(inner, rules.of_elements(), form)));
            }
            if let Some((min, max)) = rules.length {
                put("minItems", json!(min));
                put("maxItems", json!(max));
            }
        }
        Shape::OneOrMore(inner) => {
            let one = of_shape(inner, rules.of_elements(), form);
            let list = json!({ "type": "array", "items": one });
            put("anyOf", json!([one, list]));
        }
        Shape::Named(inner) => {
            put("type", json!("object"));
            put("propertyNames", json!({ "pattern": NAME_PATTERN }));
            put("additionalProperties", Json::Object(of_shape(inner, rules.of_elements(), form)));
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
