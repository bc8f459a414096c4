//! `bansos360 init`.

use super::Ended;
use super::args::{Global, InitArgs};
use super::output::Output;
use crate::files::write_atomic;
use crate::workspace::{FORMAT, Workspace};

/// The configuration that a new workspace starts with: every default, written out.
const CONFIGURATION: &str = include_str!("bansos360.toml");

/// Makes a workspace; a configuration that is there stays.
pub fn init(global: &Global, args: &InitArgs, output: Output) -> Ended {
    if args.upgrade {
        return upgrade(global, output);
    }
    let workspace = Workspace::init(&global.root())?;
    let path = workspace.root().join("bansos360.toml");
    if !path.exists() {
        write_atomic(&path, CONFIGURATION.as_bytes())?;
    }
    let root = workspace.root().display();
    if output.is_json() {
        output.json(&serde_json::json!({ "workspace": workspace.root() }));
    } else {
        output.result(&format!(
            "Workspace `{root}` is ready\nPut files into `{}` and type `bansos360 run --workspace {root}`",
            workspace.inbox().display()
        ));
    }
    Ok(0)
}

/// Brings a workspace of an older version to the format of this one, and says what was done.
fn upgrade(global: &Global, output: Output) -> Ended {
    let root = global.root();
    let done = Workspace::upgrade(&root)?;
    if output.is_json() {
        output.json(&serde_json::json!({ "workspace": root, "format": FORMAT, "langkah": done }));
    } else if done.is_empty() {
        output.result(&format!("Workspace `{}` has format {FORMAT} already", root.display()));
    } else {
        output.result(&format!(
            "Workspace `{}` is upgraded; its old marker stays beside the new one\n  {}",
            root.display(),
            done.join("\n  ")
        ));
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn the_written_configuration_says_the_defaults() {
        let written: Config = toml::from_str(CONFIGURATION).unwrap();
        assert_eq!(written, Config::default());
    }
}
