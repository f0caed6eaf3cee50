//! A folder of pictures with what is in them: `NAME.txt` (UTF-8) or `NAME.bin` beside `NAME.png`, `.jpg` or `.pgm`, or one
//! `manifest.jsonl` with a line a picture: `path` (or `id`) and `expect`, a list of texts.

use std::path::{Path, PathBuf};

use munjigi::camera::Luma;

use super::sets::Sample;

pub fn samples(folder: &Path) -> Box<dyn Iterator<Item = Sample>> {
    let listed = match std::fs::read_to_string(folder.join("manifest.jsonl")) {
        Ok(manifest) => manifest
            .lines()
            .map(|line| entry(folder, line))
            .collect::<Vec<_>>(),
        Err(_) => beside(folder),
    };
    Box::new(listed.into_iter().map(|(path, expect)| {
        let picture = image::open(&path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
            .into_luma8();
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        Sample {
            name: path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into(),
            luma: Luma::new(width, height, picture.into_raw()).unwrap(),
            expect,
            size: None,
        }
    }))
}

fn entry(folder: &Path, line: &str) -> (PathBuf, Vec<Vec<u8>>) {
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    let named = line["path"].as_str().or(line["id"].as_str());
    let name = Path::new(named.expect("a path or an id")).file_name();
    // The manifest may have been written elsewhere: its pictures are beside it.
    let mut path = folder.join(name.expect("a name"));
    if path.extension().is_none() {
        path.set_extension("pgm");
    }
    let expect = line["expect"].as_array().into_iter().flatten();
    let expect = expect.filter_map(|text| Some(text.as_str()?.as_bytes().to_vec()));
    (path, expect.collect())
}

/// Pictures with a file of the same name; those without one are no samples.
fn beside(folder: &Path) -> Vec<(PathBuf, Vec<Vec<u8>>)> {
    let mut pictures: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let end = path.extension().unwrap_or_default().to_string_lossy();
            ["png", "jpg", "jpeg", "pgm"].contains(&end.to_lowercase().as_str())
        })
        .collect();
    pictures.sort();
    let expected = |path: &PathBuf| {
        let content = std::fs::read(path.with_extension("txt"))
            .or_else(|_| std::fs::read(path.with_extension("bin")));
        content.ok()
    };
    let samples = pictures.into_iter().filter_map(|path| {
        let content = expected(&path)?;
        // An empty file says that there is no code.
        let expect = if content.is_empty() {
            Vec::new()
        } else {
            vec![content]
        };
        Some((path, expect))
    });
    samples.collect()
}
