//! What a module is made of, byte by byte.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use wasmparser::{KnownCustom, Name, NameSectionReader, Parser, Payload, TypeRef};

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
    parts(&module).with_context(|| format!("{} cannot be taken apart", path.display()))
}

fn parts(module: &[u8]) -> Result<Vec<Part>> {
    let mut parts: Vec<Part> = Vec::new();
    let mut names = HashMap::new();
    // Functions are counted from the first import on.
    let mut imported = 0;
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        let (kind, end) = match &payload {
            Payload::CodeSectionStart { range, .. } => ("frame", range.start),
            Payload::CodeSectionEntry(body) => ("function", body.range().end),
            Payload::DataSection(data) => ("data", data.range().end),
            Payload::CustomSection(section) => match section.as_known() {
                KnownCustom::Name(sections) => {
                    names.extend(function_names(sections)?);
                    ("names", section.range().end)
                }
                _ => ("frame", section.range().end),
            },
            Payload::ImportSection(imports) => {
                for import in imports.clone().into_imports() {
                    let is_function =
                        matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_));
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
    let end = parts.last().map_or(0, |part| part.end);
    ensure!(end == module.len(), "its last bytes belong to no section");
    let functions = parts.iter_mut().filter(|part| part.kind == "function");
    for (index, function) in (imported..).zip(functions) {
        function.name = names.remove(&index);
    }
    Ok(parts)
}

fn function_names(sections: NameSectionReader<'_>) -> Result<HashMap<u32, String>> {
    let mut names = HashMap::new();
    for section in sections {
        if let Name::Function(functions) = section? {
            for function in functions {
                let function = function?;
                names.insert(function.index, function.name.to_owned());
            }
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A type, an imported function, two functions of its own, four bytes of data, and the name of the last function.
    const MODULE: &[u8] = b"\0asm\x01\0\0\0\
        \x01\x04\x01\x60\0\0\
        \x02\x07\x01\x01a\x01b\0\0\
        \x03\x03\x02\0\0\
        \x05\x03\x01\0\x01\
        \x0a\x07\x02\x02\0\x0b\x02\0\x0b\
        \x0b\x0a\x01\0\x41\0\x0b\x04text\
        \0\x0b\x04name\x01\x04\x01\x02\x01g";

    #[test]
    fn every_byte_is_in_one_part() {
        let parts = parts(MODULE).unwrap();
        let starts: Vec<usize> = parts.iter().map(|part| part.start).collect();
        let ends: Vec<usize> = parts.iter().map(|part| part.end).collect();
        assert_eq!(starts[0], 0);
        assert_eq!(starts[1..], ends[..ends.len() - 1]);
        assert_eq!(ends.last(), Some(&MODULE.len()));
    }

    #[test]
    fn functions_have_the_names_that_the_module_knows() {
        let parts = parts(MODULE).unwrap();
        let functions = parts.iter().filter(|part| part.kind == "function");
        let names: Vec<_> = functions.map(|part| part.name.as_deref()).collect();
        assert_eq!(names, [None, Some("g")]);
        let text = |kind| parts.iter().filter(move |part| part.kind == kind);
        assert!(text("data").all(|part| MODULE[part.start..part.end].ends_with(b"text")));
        assert_eq!((text("data").count(), text("names").count()), (1, 1));
    }
}
