//! What a module is made of, byte by byte.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

/// A stretch of the module. All of them together are the module, without a gap.
#[derive(Serialize)]
pub struct Part {
    /// `function`, `data`, `names`, or `frame` for all else.
    kind: &'static str,
    /// A function's, where the module knows one.
    name: Option<String>,
    start: usize,
    end: usize,
}

/// The parts of the module in `path`, in their order.
pub fn of(path: &Path) -> Result<Vec<Part>> {
    let module = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut parts: Vec<Part> = Vec::new();
    let mut names: HashMap<u32, String> = HashMap::new();
    // Functions are counted from the first import on.
    let mut imported = 0;
    for payload in Parser::new(0).parse_all(&module) {
        let payload = payload?;
        let (kind, end) = match &payload {
            Payload::CodeSectionStart { range, .. } => ("frame", range.start),
            Payload::CodeSectionEntry(body) => ("function", body.range().end),
            Payload::DataSection(data) => ("data", data.range().end),
            Payload::CustomSection(section) => match section.as_known() {
                KnownCustom::Name(sections) => {
                    for section in sections {
                        if let Name::Function(functions) = section? {
                            for function in functions {
                                let function = function?;
                                names.insert(function.index, function.name.to_owned());
                            }
                        }
                    }
                    ("names", section.range().end)
                }
                _ => ("frame", section.range().end),
            },
            Payload::ImportSection(imports) => {
                for import in imports.clone().into_imports() {
                    let is_function = matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_));
                    imported += u32::from(is_function);
                }
                ("frame", imports.range().end)
            }
            Payload::Version { range, .. } => ("frame", range.end),
            other => match other.as_section() {
                Some((_, range)) => ("frame", range.end),
                None => continue,
            },
        };
        let start = parts.last().map_or(0, |part| part.end);
        parts.push(Part {
            kind,
            name: None,
            start,
            end,
        });
    }
    let functions = parts.iter_mut().filter(|part| part.kind == "function");
    for (index, function) in (imported..).zip(functions) {
        function.name = names.remove(&index);
    }
    Ok(parts)
}
